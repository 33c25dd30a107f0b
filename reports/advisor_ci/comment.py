"""Keeps one comment on a pull request up to date; ``python -m advisor_ci.comment --help``.

The comment is found by the hidden first line of its body, among those of one author. It is left
alone while it says the same, and is not begun for a report without findings.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from advisor.presentation import safe_url
from advisor.report import Report
from advisor_ci.annotations import command
from advisor_ci.api import GitHub, Refused, TryAgain

DEFAULT_API = "https://api.github.com"
DEFAULT_AUTHOR = "github-actions[bot]"
TRIES = 4
BACKOFF, LONGEST_WAIT = 2.0, 60.0
"""Seconds before the second try, doubled with each; and the most that GitHub may ask for."""

PAGE = "<!-- advisor-page -->"
"""Begins the link to the page, which differs from one build to the next and says nothing new."""

_MARKER = re.compile(r"<!-- [\w-]+ -->")
_FORKS = (
    "give the job the permission `pull-requests: write`; a pull request from a fork has a "
    "read-only token whatever the permissions say: use the two workflows in docs/ci.md"
)


class Comment(NamedTuple):
    """The comment as it should be."""

    marker: str
    body: str
    wanted: bool
    """Whether there is something to say, so that a comment is begun."""


def main(
    arguments: Sequence[str] | None = None, pause: Callable[[float], None] = time.sleep
) -> int:
    """Carry out the command: 0 if the comment is as it should be, 1 if it could not be made so."""
    options = _parser().parse_args(arguments)
    try:
        comment = _comment(options)
        github = GitHub(os.environ.get("GITHUB_API_URL") or DEFAULT_API, _token())
        said = _patiently(lambda: _on_pull_request(github, options, comment), pause)
    except (Refused, OSError, ValueError) as error:
        level = "error" if options.required else "warning"
        _say(command(level, f"the comment could not be written: {error}", title="advisor"))
        return 1 if options.required else 0
    _say(said)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m advisor_ci.comment",
        description="Keep one comment on a pull request up to date. GITHUB_TOKEN holds the token.",
    )
    parser.add_argument("--report", required=True, type=Path, help="the report as JSON")
    parser.add_argument("--body", required=True, type=Path, help="the comment as Markdown")
    parser.add_argument("--repository", required=True, help="OWNER/NAME")
    parser.add_argument("--number", default="", help="of the pull request")
    parser.add_argument("--head", default="", help="OWNER:BRANCH, to look the number up")
    parser.add_argument("--sha", default="", help="the commit that the pull request must be at")
    parser.add_argument("--page", default="", help="address of the full report")
    parser.add_argument("--author", default=DEFAULT_AUTHOR, help="whose comment it is")
    parser.add_argument("--required", action="store_true", help="fail if it cannot be written")
    return parser


def _token() -> str:
    token = os.environ.get("GITHUB_TOKEN", "")
    if not token.isascii() or not token.isprintable() or not token:
        raise Refused("GITHUB_TOKEN holds no token")
    return token


def _comment(options: argparse.Namespace) -> Comment:
    text = options.body.read_text(encoding="utf-8")
    marker = text.partition("\n")[0].strip()
    if not _MARKER.fullmatch(marker):
        raise ValueError(f"{options.body}: its first line is no hidden marker")
    report = Report.from_json(options.report.read_bytes())
    url = safe_url(options.page)
    link = f"\n\n{PAGE}[The full report](<{url}>)" if url else ""
    wanted = bool(report.findings or report.refused or report.problems)
    return Comment(marker, f"{text.rstrip()}{link}\n", wanted)


def _patiently(work: Callable[[], str], pause: Callable[[float], None]) -> str:
    """Do the work anew while it fails for reasons that pass; it looks before it writes."""
    for attempt in range(TRIES):
        try:
            return work()
        except TryAgain as error:
            wait = BACKOFF * 2**attempt if error.wait is None else error.wait
            if attempt == TRIES - 1 or wait > LONGEST_WAIT:
                raise Refused(f"{error} (tried {attempt + 1} times)") from None
            pause(wait)
    raise AssertionError("the last try returns or raises")


def _on_pull_request(github: GitHub, options: argparse.Namespace, comment: Comment) -> str:
    repository = quote(options.repository)
    number = options.number or _number(github, repository, options.head, options.sha)
    if not number:
        return "no open pull request is at this commit: nothing to comment on"
    if not re.fullmatch(r"[0-9]+", number):
        raise ValueError("--number is no number")
    try:
        return _kept(github, repository, number, options.author, comment)
    except Refused as error:
        raise Refused(f"{error}; {_FORKS}") from None


def _number(github: GitHub, repository: str, head: str, sha: str) -> str:
    """Look up the open pull request of a branch, which may be one of a fork."""
    if not head or not sha:
        return ""
    found = github.call("GET", f"/repos/{repository}/pulls?state=open&head={quote(head)}")
    return next((str(pull["number"]) for pull in found if pull["head"]["sha"] == sha), "")


def _kept(github: GitHub, repository: str, number: str, author: str, comment: Comment) -> str:
    path = f"/repos/{repository}/issues"
    listed = github.items(f"{path}/{number}/comments")
    mine = next((one for one in listed if _is_mine(one, author, comment.marker)), None)
    if mine is None and not comment.wanted:
        return "nothing to say, and no comment to bring up to date"
    if mine is None:
        github.call("POST", f"{path}/{number}/comments", {"body": comment.body})
        return "comment created"
    if _said(mine["body"]) == _said(comment.body):
        return "comment unchanged"
    github.call("PATCH", f"{path}/comments/{mine['id']}", {"body": comment.body})
    return "comment updated"


def _is_mine(comment: Any, author: str, marker: str) -> bool:
    by = (comment.get("user") or {}).get("login")
    return by == author and (comment.get("body") or "").startswith(marker)


def _said(body: str) -> str:
    """Return what a comment says, without the address of the page and the ends of lines."""
    text = body.partition(PAGE)[0]
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
