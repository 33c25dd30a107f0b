"""What is looked up: what passed, what could not be judged and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized

from advisor.presentation import joined, needing_probe, probe_phrase, statuses
from advisor.report import Problem, Refused, Report, Status
from advisor_markdown import github as gh
from advisor_markdown.budget import fitting
from advisor_markdown.dialect import Dialect

LINES = 20
ROOM = 1_500
"""Lines and characters of one folded list."""


def sections(report: Report, dialect: Dialect) -> Iterator[str]:
    """Yield the lists, folded where that can be, and last the version."""
    for title, counted, lines in _lists(report):
        if lines:
            body = "\n".join(_shortened(lines))
            yield dialect.fold(f"<b>{title}</b>: {counted}", f"{title}: {counted}", body)
    yield f"advisor {gh.sentence(report.advisor)} on {gh.name(report.title)}"


def _lists(report: Report) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the title of each list, how much is in it, and its lines."""
    yield _unjudged(report)
    yield _checks("Passed", statuses(report, "passed"))
    yield _checks("Not applicable", statuses(report, "not-applicable"))
    accepted = [f"- {gh.name(rule)}: {gh.sentence(why)}" for rule, why in report.accepted.items()]
    yield "Accepted in the settings", _count(accepted, "rule"), accepted
    notes = list(_notes(report))
    yield "Notes on the logs", _count(notes, "note"), notes
    refused = [_refused(file) for file in report.refused]
    yield "Could not be read", _count(refused, "file"), refused
    problems = [_problem(problem) for problem in report.problems]
    yield "Broke inside advisor or a plugin", _count(problems, "part"), problems


def _unjudged(report: Report) -> tuple[str, str, list[str]]:
    title, lacking = "Could not be judged", needing_probe(report)
    group = (*statuses(report, "missing-input"), *statuses(report, "error"))
    first = [f"- {gh.sentence(probe_phrase(report))}"] if lacking else []
    rules = {*lacking, *(status.rule for status in group)}
    return title, _count(rules, "check"), [*first, *(_status(*item) for item in joined(group))]


def _checks(title: str, group: Sequence[Status]) -> tuple[str, str, list[str]]:
    rules = dict.fromkeys(status.rule for status in group)
    return title, _count(rules, "check"), [_status(*item) for item in joined(group)]


def _count(things: Sized, unit: str) -> str:
    return f"{len(things):,} {unit}{'' if len(things) == 1 else 's'}"


def _shortened(lines: list[str]) -> list[str]:
    shown = fitting(lines, ROOM, LINES)
    more = len(lines) - len(shown)
    return [*shown, f"- and {more:,} more in the full report"] if more else shown


def _status(rules: Sequence[str], status: Status) -> str:
    names = ", ".join(gh.name(rule) for rule in rules)
    reason = f": {gh.sentence(status.reason)}" if status.reason else ""
    return f"- {names}{reason} ({_runs(status.runs)})"


def _runs(runs: Sequence[str], shown: int = 3) -> str:
    if len(runs) > shown:
        return f"{len(runs):,} runs"
    return ", ".join(gh.name(run) for run in runs)


def _notes(report: Report) -> Iterator[str]:
    runs: dict[str, list[str]] = {}
    for run in report.runs:
        for note in run.notes:
            runs.setdefault(note.text, []).append(run.name)
    for text, names in runs.items():
        yield f"- {_runs(names)}: {gh.sentence(text)}"


def _refused(refused: Refused) -> str:
    path = gh.name(refused.path, 120)
    return f"- {path}: {gh.sentence(refused.reason)}; {gh.sentence(refused.cure)}"


def _problem(problem: Problem) -> str:
    return (
        f"- {gh.sentence(problem.where)}: {gh.sentence(problem.what)}; {gh.sentence(problem.cure)}"
    )
