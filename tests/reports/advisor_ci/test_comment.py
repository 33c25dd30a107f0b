from __future__ import annotations

from pathlib import Path

import pytest

from advisor.report import Report
from advisor_ci.comment import BACKOFF, LONGEST_WAIT, TRIES, main
from advisor_markdown.github import MARKER
from advisor_markdown.renderer import MarkdownRenderer
from tests.reports.advisor_ci.fake_github import BOT, REPOSITORY, TOKEN, FakeGitHub
from tests.sample_report import quiet_report, sample_report

Capture = pytest.CaptureFixture[str]
PAGE = "https://github.com/lab/digits/actions/runs/1/artifacts/2"


class Commented:
    """Keeps the comment up to date as the action does, and counts the waiting."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waits: list[float] = []

    def __call__(self, report: Report, *more: str, body: str | None = None) -> int:
        (self.folder / "r.json").write_text(report.to_json(), encoding="utf-8")
        text = MarkdownRenderer().render(report) if body is None else body
        (self.folder / "b.md").write_text(text, encoding="utf-8")
        files = (f"--report={self.folder / 'r.json'}", f"--body={self.folder / 'b.md'}")
        number = () if any(word.startswith("--head") for word in more) else ("--number=7",)
        words = (f"--repository={REPOSITORY}", *files, *number, *more)
        return main(words, pause=self.waits.append)


@pytest.fixture
def comment(github: FakeGitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Commented:
    monkeypatch.setenv("GITHUB_API_URL", github.url)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return Commented(tmp_path)


def test_the_first_comment_is_created(comment: Commented, github: FakeGitHub) -> None:
    assert comment(sample_report()) == 0
    assert github.bodies == [MarkdownRenderer().render(sample_report())]
    assert github.unasked == []


def test_a_comment_that_says_the_same_is_left_alone(comment: Commented, github: FakeGitHub) -> None:
    github.say(MarkdownRenderer().render(sample_report()).replace("\n", "\r\n"))
    assert comment(sample_report(), f"--page={PAGE}") == 0
    assert github.writes == []


def test_a_comment_that_says_something_else_is_updated(
    comment: Commented, github: FakeGitHub
) -> None:
    comment(sample_report())
    assert comment(quiet_report()) == 0
    assert github.writes == [
        f"POST /repos/{REPOSITORY}/issues/7/comments",
        f"PATCH /repos/{REPOSITORY}/issues/comments/1",
    ]
    assert github.bodies == [MarkdownRenderer().render(quiet_report())]


def test_nothing_to_say_begins_no_comment(comment: Commented, github: FakeGitHub) -> None:
    assert comment(quiet_report()) == 0
    assert github.writes == []


def test_only_the_address_of_the_page_changes_no_comment(
    comment: Commented, github: FakeGitHub
) -> None:
    comment(sample_report(), f"--page={PAGE}")
    assert f"[The full report](<{PAGE}>)" in github.bodies[0]
    comment(sample_report(), f"--page={PAGE}9")
    assert len(github.writes) == 1


@pytest.mark.parametrize("page", ["javascript:alert(1)", "https://a.io/>) @all", ""])
def test_an_address_that_is_not_safe_is_no_link(
    comment: Commented, github: FakeGitHub, page: str
) -> None:
    comment(sample_report(), f"--page={page}")
    assert github.bodies == [MarkdownRenderer().render(sample_report())]


def test_the_comment_is_found_behind_many_others(comment: Commented, github: FakeGitHub) -> None:
    for number in range(250):
        github.say(f"{number}")
    github.say(f"{MARKER}\nold")
    comment(sample_report())
    assert github.writes == [f"PATCH /repos/{REPOSITORY}/issues/comments/251"]
    assert len(github.calls) == 4


def test_a_comment_of_somebody_else_and_one_that_quotes_are_not_ours(
    comment: Commented, github: FakeGitHub
) -> None:
    github.say(f"{MARKER}\nmine, they say", by="mallory")
    github.say(f"> {MARKER}\n> quoted")
    github.comments.append({"id": 3, "body": None, "user": None})
    comment(sample_report())
    assert [call.split()[0] for call in github.writes] == ["POST"]


def test_a_token_of_ones_own_writes_as_its_owner(comment: Commented, github: FakeGitHub) -> None:
    github.say(f"{MARKER}\nold", by="lab-bot")
    github.say(f"{MARKER}\nof another bot", by=BOT)
    comment(sample_report(), "--author=lab-bot")
    assert github.writes == [f"PATCH /repos/{REPOSITORY}/issues/comments/1"]


@pytest.mark.parametrize(
    ("more", "code", "level"), [((), 0, "warning"), (("--required",), 1, "error")]
)
def test_a_token_that_may_not_write_is_said_with_the_cure(
    comment: Commented,
    github: FakeGitHub,
    capsys: Capture,
    more: tuple[str, ...],
    code: int,
    level: str,
) -> None:
    github.fail("POST", 403, "Resource not accessible by integration")
    assert comment(sample_report(), *more) == code
    out, err = capsys.readouterr()
    assert out.startswith(f"::{level} title=advisor::")
    assert "Resource not accessible by integration" in out
    assert "docs/ci.md" in out
    assert TOKEN not in out + err
    assert len(github.calls) == 2


def test_too_many_calls_are_tried_again_when_github_says(
    comment: Commented, github: FakeGitHub
) -> None:
    github.fail("GET", 403, "rate limit", X_RateLimit_Remaining="0", X_RateLimit_Reset="0")
    github.fail("GET", 429, "slow down", Retry_After="3")
    assert comment(sample_report()) == 0
    assert comment.waits == [0.0, 3.0]
    assert len(github.comments) == 1


def test_no_wait_is_longer_than_a_minute(
    comment: Commented, github: FakeGitHub, capsys: Capture
) -> None:
    github.fail("GET", 429, "slow down", Retry_After=str(LONGEST_WAIT + 1))
    assert comment(sample_report(), "--required") == 1
    assert comment.waits == []
    assert "slow down" in capsys.readouterr().out


def test_an_answer_that_got_lost_makes_no_second_comment(
    comment: Commented, github: FakeGitHub
) -> None:
    github.lost.append("POST")
    assert comment(sample_report()) == 0
    assert github.bodies == [MarkdownRenderer().render(sample_report())]


def test_a_server_that_stays_broken_is_given_up(
    comment: Commented, github: FakeGitHub, capsys: Capture
) -> None:
    for _ in range(TRIES):
        github.fail("GET", 503, "unavailable")
    assert comment(sample_report()) == 0
    assert comment.waits == [BACKOFF, 2 * BACKOFF, 4 * BACKOFF]
    assert f"tried {TRIES} times" in capsys.readouterr().out


def test_a_redirection_does_not_take_the_token_along(
    comment: Commented, github: FakeGitHub
) -> None:
    github.fail("GET", 301, "moved", Location=f"{github.url}/elsewhere")
    comment(sample_report())
    assert len(github.calls) == 1


def test_a_pull_request_of_a_fork_is_looked_up_by_its_branch_and_commit(
    comment: Commented, github: FakeGitHub, capsys: Capture
) -> None:
    for number, sha in ((6, "old"), (7, "abc")):
        github.pulls.append({"number": number, "head": {"label": "ann:a b", "sha": sha}})
    assert comment(sample_report(), "--head=ann:a b", "--sha=abc") == 0
    assert len(github.comments) == 1
    assert comment(sample_report(), "--head=ann:a b", "--sha=moved-on") == 0
    assert "no open pull request" in capsys.readouterr().out


@pytest.mark.parametrize("number", ["7/../8", "x", "7\n"])
def test_a_number_that_is_none_is_refused(
    comment: Commented, github: FakeGitHub, number: str
) -> None:
    assert comment(sample_report(), f"--number={number}", "--required") == 1
    assert github.calls == []


def test_a_body_without_a_marker_is_refused(comment: Commented, github: FakeGitHub) -> None:
    assert comment(sample_report(), "--required", body="# advisor\n") == 1
    assert github.calls == []


@pytest.mark.parametrize("token", ["", "a\nb", "é"])
def test_what_is_no_token_is_refused_and_not_printed(
    comment: Commented,
    github: FakeGitHub,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", token)
    assert comment(sample_report(), "--required") == 1
    assert github.calls == []
    assert "GITHUB_TOKEN holds no token" in capsys.readouterr().out
