"""What to log next: each thing that runs lack, how each logger logs it, and what it enables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from advisor.language import tell
from advisor.presentation import needing_probe, statuses
from advisor.report import Report, Status
from advisor.text import Message


@dataclass(frozen=True, slots=True)
class Way:
    """How some of the runs would log it: a line of code, or the name of a column."""

    code: str
    column: bool
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is not logged, and the rules that wait for it."""

    reason: Message
    """What the first of the rules says."""
    rules: tuple[str, ...]
    ways: tuple[Way, ...]
    """Of each logger in use; empty where the rule says in its own words what to log."""
    runs: tuple[str, ...]


def lacks(report: Report) -> tuple[Lack, ...]:
    """Return what the runs lack; what enables most checks comes first."""
    groups: dict[str, list[tuple[Status, Message]]] = {}
    for status in statuses(report, "missing-input"):
        if status.reason:
            groups.setdefault(_what(status.reason), []).append((status, status.reason))
    found = (_lack(group) for group in groups.values())
    return tuple(sorted(found, key=lambda lack: -len(lack.rules)))


def waiting(report: Report) -> tuple[str, ...]:
    """Return the rules that wait for something to be logged or probed, each once."""
    return _once((*(rule for lack in lacks(report) for rule in lack.rules), *needing_probe(report)))


def _what(reason: Message) -> str:
    """Name the thing that is lacking: the same for all loggers, whose lines differ."""
    what = reason.params.get("what")
    return what.text if isinstance(what, Message) else str(what or reason.text)


def _lack(group: list[tuple[Status, Message]]) -> Lack:
    runs: dict[tuple[str, bool], list[str]] = {}
    for status, reason in group:
        for name in ("line", "tag"):
            if name in reason.params:
                runs.setdefault((str(reason.params[name]), name == "tag"), []).extend(status.runs)
    return Lack(
        reason=group[0][1],
        rules=_once(status.rule for status, _ in group),
        ways=tuple(Way(code, column, _once(named)) for (code, column), named in runs.items()),
        runs=_once(run for status, _ in group for run in status.runs),
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def lack_phrase(lack: Lack) -> str:
    """Say what to log and how many checks it enables."""
    what, rules = lack.reason.params.get("what"), len(lack.rules)
    if what is None:
        text = "{reason:sentence} ({n:count check|checks})"
        return tell(text, reason=lack.reason, n=rules)
    return tell("Log {what:sentence} to enable {n:count check|checks}", what=what, n=rules)


def way_phrases(lack: Lack) -> Iterator[str]:
    """Say how to log it, and in how many runs."""
    for way in lack.ways:
        text = (
            "the column {code:name} ({n:count run|runs})"
            if way.column
            else "{code:name} ({n:count run|runs})"
        )
        yield tell(text, code=way.code, n=len(way.runs))
