"""What is looked up: what passed, what could not be judged and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized

from advisor.presentation import joined, statuses
from advisor.report import Problem, Refused, Report, Status
from advisor_markdown import github as gh
from advisor_markdown.budget import fitting

LINES = 20
ROOM = 1_500
"""Lines and characters of one folded list."""


def sections(report: Report) -> Iterator[str]:
    """Yield the folded lists, and last the version."""
    unjudged = (*statuses(report, "missing-input"), *statuses(report, "error"))
    yield from _checks("Could not be judged", unjudged)
    yield from _checks("Passed", statuses(report, "passed"))
    yield from _checks("Not applicable", statuses(report, "not-applicable"))
    accepted = [f"- {gh.name(rule)}: {gh.sentence(why)}" for rule, why in report.accepted.items()]
    yield from _list(_count("Accepted in the settings", accepted, "rule"), accepted)
    notes = list(_notes(report))
    yield from _list(_count("Notes on the logs", notes, "note"), notes)
    refused = [_refused(file) for file in report.refused]
    yield from _list(_count("Could not be read", refused, "file"), refused)
    problems = [_problem(problem) for problem in report.problems]
    yield from _list(_count("Broke inside advisor or a plugin", problems, "part"), problems)
    yield f"advisor {gh.sentence(report.advisor)} on {gh.name(report.title)}"


def _checks(title: str, group: Sequence[Status]) -> Iterator[str]:
    rules = dict.fromkeys(status.rule for status in group)
    yield from _list(_count(title, rules, "check"), [_status(*item) for item in joined(group)])


def _count(title: str, things: Sized, unit: str) -> str:
    return f"<b>{title}</b>: {len(things):,} {unit}{'' if len(things) == 1 else 's'}"


def _list(summary: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    shown = fitting(lines, ROOM, LINES)
    if more := len(lines) - len(shown):
        shown.append(f"- and {more:,} more in the full report")
    yield gh.fold(summary, "\n".join(shown))


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
