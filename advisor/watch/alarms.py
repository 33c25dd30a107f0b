"""Findings that somebody wants to be woken for: which they are, and the command they start."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence

from advisor.errors import system_reason
from advisor.finding import Finding, Severity
from advisor.language import tell
from advisor.report import Report
from advisor.text import clean
from advisor.watch.news import Key, keyed

SECONDS = 60.0
"""The longest that a command may take; the next look waits for it."""
LONGEST = 1000
"""Characters of a name that a command is given."""


class Alarms:
    """Counts for how many looks in a row findings of ``level`` or above have held."""

    def __init__(self, level: Severity, confirm: int = 1, *, only_new: bool = False) -> None:
        self._level, self._confirm, self._only_new = level, confirm, only_new
        self._looks: dict[Key, int] = {}
        self._standing: set[Key] | None = None

    def heard(self, report: Report | None) -> tuple[Finding, ...]:
        """Take note of one look, and return the findings that it confirmed, each once.

        Those of the first look were there before anybody watched: they are not returned. Where
        the report has a baseline, those that are there as well are left out instead.
        There is no report as long as there is no run.
        """
        found = keyed(report, self._level) if report else {}
        self._looks = {key: self._looks.get(key, 0) + 1 for key in found}
        if report and report.comparison:
            known = set(report.comparison.unchanged)
            self._standing = {key for key, finding in found.items() if finding.id in known}
        elif self._standing is None:
            self._standing = set(found)
        self._standing &= found.keys()
        return tuple(
            finding
            for key, finding in found.items()
            if self._looks[key] == self._confirm and key not in self._standing
        )

    @property
    def holds(self) -> bool:
        """Whether any such finding has held for as many looks as were asked for."""
        passed_over = self._standing if self._only_new else None
        return any(
            looks >= self._confirm and key not in (passed_over or ())
            for key, looks in self._looks.items()
        )


def run_command(command: Sequence[str], finding: Finding, *, seconds: float = SECONDS) -> str:
    """Run a command for a finding; return what went wrong, or an empty text.

    The finding is its standard input, as one line of JSON in ASCII. Its rule, runs (one a line)
    and severity stand in the environment. No shell sees any of it.
    """
    environ = {
        **os.environ,
        "ADVISOR_RULE": finding.rule,
        "ADVISOR_RUN": "\n".join(clean(run, LONGEST) for run in finding.runs),
        "ADVISOR_SEVERITY": finding.severity.value,
    }
    said = json.dumps(finding.model_dump(mode="json", by_alias=True)) + "\n"
    try:
        done = subprocess.run(  # noqa: S603  # the user's own command, and no shell
            command, input=said, text=True, env=environ, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        return tell("did not end within {n:number} s and was ended", n=seconds)
    except OSError as error:
        return tell("could not be started ({why:given})", why=system_reason(error))
    return tell("ended with exit code {n:step}", n=done.returncode) if done.returncode else ""
