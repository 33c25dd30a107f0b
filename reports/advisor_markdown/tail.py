"""What is looked up: what passed, what could not be judged and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized

from advisor.language import tell, term, word
from advisor.presentation import joined, needing_probe, probe_phrase, statuses
from advisor.presentation.lacks import Lack, lack_phrase, lacks, waiting, way_phrases
from advisor.report import Problem, Refused, Report, Status
from advisor.text import Message
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
            yield dialect.fold(*gh.titled(title, counted), body)
    version, title = gh.sentence(report.advisor), gh.name(report.title)
    yield tell("advisor {version:sentence} on {title:sentence}", version=version, title=title)


def _lists(report: Report) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the title of each list, how much is in it, and its lines."""
    yield _unjudged(report)
    yield _checks(word("Passed"), statuses(report, "passed"))
    yield _checks(word("Not applicable"), statuses(report, "not-applicable"))
    accepted = [_item(gh.name(rule), gh.sentence(why)) for rule, why in report.accepted.items()]
    yield word("Accepted in the settings"), _count(term("{n:count rule|rules}"), accepted), accepted
    notes = list(_notes(report))
    yield word("Notes on the logs"), _count(term("{n:count note|notes}"), notes), notes
    refused = [_refused(file) for file in report.refused]
    yield word("Could not be read"), _count(term("{n:count file|files}"), refused), refused
    problems = [_problem(problem) for problem in report.problems]
    title = word("Broke inside advisor or a plugin")
    yield title, _count(term("{n:count part|parts}"), problems), problems


def _unjudged(report: Report) -> tuple[str, str, list[str]]:
    title, lacking = word("Could not be judged"), needing_probe(report)
    first = [f"- {gh.sentence(probe_phrase(report))}"] if lacking else []
    broken = statuses(report, "error")
    rules = {*waiting(report), *(status.rule for status in broken)}
    lines = [*map(_lack, lacks(report)), *first, *(_status(*item) for item in joined(broken))]
    return title, _count(_CHECKS, rules), lines


def _lack(lack: Lack) -> str:
    names = ", ".join(gh.name(rule) for rule in lack.rules)
    ways = word("; ").join(map(gh.sentence, way_phrases(lack)))
    said = tell("{ways:sentence} ({names:sentence})", ways=ways, names=names) if ways else names
    return _item(gh.sentence(lack_phrase(lack)), said)


def _checks(title: str, group: Sequence[Status]) -> tuple[str, str, list[str]]:
    rules = dict.fromkeys(status.rule for status in group)
    return title, _count(_CHECKS, rules), [_status(*item) for item in joined(group)]


_CHECKS = term("{n:count check|checks}")


def _count(text: str, things: Sized) -> str:
    return tell(text, n=len(things))


def _shortened(lines: list[str]) -> list[str]:
    shown = fitting(lines, ROOM, LINES)
    more = len(lines) - len(shown)
    return [*shown, tell("- and {more:step} more in the full report", more=more)] if more else shown


def _status(rules: Sequence[str], status: Status) -> str:
    names = ", ".join(gh.name(rule) for rule in rules)
    runs = _runs(status.runs)
    if not status.reason:
        return tell("- {names:sentence} ({runs:sentence})", names=names, runs=runs)
    text = "- {names:sentence}: {reason:sentence} ({runs:sentence})"
    return tell(text, names=names, reason=gh.sentence(status.reason), runs=runs)


def _runs(runs: Sequence[str], shown: int = 3) -> str:
    if len(runs) > shown:
        return tell("{n:count run|runs}", n=len(runs))
    return ", ".join(gh.name(run) for run in runs)


def _notes(report: Report) -> Iterator[str]:
    runs: dict[str, tuple[Message, list[str]]] = {}
    for run in report.runs:
        for note in run.notes:
            runs.setdefault(note.text, (note, []))[1].append(run.name)
    for note, names in runs.values():
        yield _item(_runs(names), gh.sentence(note))


def _item(subject: str, said: str) -> str:
    return tell("- {subject:sentence}: {said:sentence}", subject=subject, said=said)


def _refused(refused: Refused) -> str:
    return _item(gh.name(refused.path, 120), _mended(refused.reason, refused.cure))


def _problem(problem: Problem) -> str:
    return _item(gh.sentence(problem.where), _mended(problem.what, problem.cure))


def _mended(what: str, cure: str) -> str:
    text = "{what:sentence}; {cure:sentence}"
    return tell(text, what=gh.sentence(what), cure=gh.sentence(cure))
