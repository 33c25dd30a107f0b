"""Annotations of GitHub Actions: commands to the runner, one a line on standard output."""

from __future__ import annotations

from advisor.finding import Severity
from advisor.report import Report
from advisor.text import clean
from advisor_ci.remarks import LONGEST, Remark, plain, remarks

MOST = 10
"""Annotations: GitHub shows no more of one kind from one step."""

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


class GitHubRenderer:
    """Writes the most important advice as annotations, on its line where that is known."""

    name = "github"
    suffix = ".github.txt"
    summary = "annotations of GitHub Actions, to be printed in a step"

    def render(self, report: Report) -> str:
        """Write at most ``MOST`` commands; if there is nothing to say, one that is not shown."""
        told = [remark for remark in remarks(report) if not remark.entry.diagnosis.aside][:MOST]
        if not told:
            return command("debug", plain(report.verdict.message)) + "\n"
        return "".join(f"{_annotation(remark)}\n" for remark in told)


def _annotation(remark: Remark) -> str:
    place = remark.place
    where = {"file": clean(place.file, LONGEST), "line": str(place.line)} if place else {}
    return command(LEVELS[remark.severity], remark.text, **where, title=remark.title)


def command(name: str, text: str, **properties: str) -> str:
    """Write a command to the runner. No text or property can end it or begin another one."""
    listed = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{name}{' ' if listed else ''}{listed}::{text.translate(_DATA)}"


_DATA = {ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}
_PROPERTY = {**_DATA, ord(":"): "%3A", ord(","): "%2C"}
