from __future__ import annotations

import pytest

from advisor_ci.api import GitHub, Refused, TryAgain
from tests.reports.advisor_ci.fake_github import REPOSITORY, TOKEN, FakeGitHub


@pytest.fixture(autouse=True)
def _directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_pages_are_asked_for_until_one_is_not_full(github: FakeGitHub) -> None:
    for number in range(200):
        github.say(str(number))
    found = list(GitHub(github.url, TOKEN).items(f"/repos/{REPOSITORY}/issues/7/comments"))
    assert [one["body"] for one in found] == [str(number) for number in range(200)]
    assert len(github.calls) == 3


def test_what_is_not_there_is_refused_with_its_reason(github: FakeGitHub) -> None:
    with pytest.raises(Refused, match=r"GET /nowhere: HTTP 404: Not Found"):
        GitHub(github.url, TOKEN).call("GET", "/nowhere")


def test_a_server_that_does_not_answer_may_be_asked_again() -> None:
    with pytest.raises(TryAgain) as raised:
        GitHub("http://127.0.0.1:9", TOKEN).call("GET", "/x")
    assert TOKEN not in str(raised.value)


def test_only_the_web_is_called() -> None:
    with pytest.raises(Refused):
        GitHub("file:///etc", TOKEN)
