"""Where a comment is shown: how much it may hold there, and which blocks are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.finding import Severity
from advisor_markdown import github as gh

READABLE = 30_000
"""Characters of a comment: more is scrolled past, wherever it is shown."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One place where Markdown is shown."""

    name: str
    """What ``--format`` takes."""
    summary: str
    limit: int
    """Characters."""
    charts: int
    """Mermaid charts that are drawn there."""
    chart_room: int
    """Characters of all Mermaid charts together."""
    folds: bool = True
    """Whether ``<details>`` opens on a click."""
    alerts: bool = True
    """Whether a quote that starts with ``[!NOTE]`` becomes a coloured box."""

    @property
    def suffix(self) -> str:
        """Of a file: several dialects can be written into one folder."""
        return ".md" if self is COMMENT else f".{self.name}.md"

    def fold(self, summary: str, plain: str, body: str) -> str:
        """Write a part that opens on a click; ``summary`` is HTML, ``plain`` the same as text.

        Where nothing folds, the part has ``plain`` as its heading.
        """
        return gh.fold(summary, body) if self.folds else f"#### {plain}\n\n{body}"

    def alert(self, severity: Severity | None, text: str) -> str:
        """Write what must not be overlooked."""
        return gh.alert(severity, text) if self.alerts else f"> {text}"


COMMENT = Dialect(
    "markdown", "a comment for a pull request on GitHub", READABLE, charts=3, chart_room=READABLE
)
STEP_SUMMARY = Dialect(
    "step-summary",
    "the summary of a step in GitHub Actions",
    250_000,
    charts=12,
    chart_room=READABLE,
)
"""GitHub takes 1 MiB a step; no character is longer than four bytes."""
GITLAB = Dialect(
    "gitlab", "a comment for a merge request on GitLab", READABLE, charts=2, chart_room=1_900
)
"""GitLab draws 2,000 characters of Mermaid on one page, and asks before it draws more."""
BITBUCKET = Dialect(
    "bitbucket",
    "a comment for a pull request on Bitbucket",
    READABLE,
    charts=0,
    chart_room=0,
    folds=False,
    alerts=False,
)
"""Bitbucket takes 32,768 characters, and neither folds nor draws."""

DIALECTS = (COMMENT, STEP_SUMMARY, GITLAB, BITBUCKET)
