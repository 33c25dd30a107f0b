"""``advisor inspect``: how runs and series were understood, before any judgement."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from advisor.cli import OK, common
from advisor.engine import analyze
from advisor.execution import RunResult
from advisor.language import shown, tell, term, word
from advisor.model import Value
from advisor.report.redact import HIDDEN, is_secret, redact_text
from advisor.roles import Kind, Objective, Role, Understanding
from advisor.settings import Settings
from advisor.summary import RunSummary, SeriesSummary
from advisor.text import LONGEST_LINE, clean, number
from advisor.wording.cells import padded

SHOWN_SETTINGS = 12
"""Hyperparameters that are listed; `--all` lists all."""

_BETTER = {"min": term("lower is better"), "max": term("higher is better"), None: ""}


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    request = common.request(options)
    settings = common.settings(options, request.logs)
    plugins = common.plugins(settings)
    with common.progress() as progress:
        analysis = analyze(request, settings, plugins, progress=progress)
    for result in analysis.results:
        lines = _run(result, settings, everything=options.all)
        sys.stdout.write("\n".join(lines) + "\n\n")
    sys.stdout.write(f"{tell('{n:count run|runs}', n=len(analysis.results))}\n")
    common.complain(analysis, plugins.readers)
    return OK


def _run(result: RunResult, settings: Settings, *, everything: bool) -> Iterator[str]:
    summary = result.summary
    lines = (
        *_heading(summary),
        *_meaning(summary.understanding),
        *_series(summary, everything=everything),
        *_config(summary, settings, everything=everything),
        *(_fact(word("note"), shown(note.message)) for note in summary.notes),
        *_lacking(result),
    )
    for line in lines:
        text = line if settings.show_secrets else redact_text(line)
        # Whatever a log or a plugin put into a line, it stays one line and steers no terminal.
        indent = len(text) - len(text.lstrip(" "))
        yield " " * indent + clean(text, LONGEST_LINE)


def _fact(name: str, said: str) -> str:
    """Return a line under the name of a run."""
    return f"  {padded(name, 11)}{said}"


def _heading(summary: RunSummary) -> Iterator[str]:
    yield clean(summary.name)
    steps = tell(
        "{axis:text} {first:step} to {last:step}",
        axis=summary.axis.value,
        first=summary.first_step,
        last=summary.last_step,
    )
    said = tell(
        "{source:text}, {series:count series|series}, {points:count point|points}, "
        "{steps:sentence}",
        source=summary.source,
        series=len(summary.series),
        points=summary.points,
        steps=steps,
    )
    yield f"  {said}"


def _meaning(understanding: Understanding) -> Iterator[str]:
    task = word(understanding.task.value)
    evidence = shown(understanding.task_evidence)
    text = "{task:sentence} ({evidence:sentence})" if evidence else "{task:sentence}"
    yield _fact(word("task"), tell(text, task=task, evidence=evidence))
    yield _fact(word("objective"), _objective(understanding.objective))
    for sentence in understanding.ambiguous:
        yield _fact(word("unclear"), shown(sentence))


def _objective(objective: Objective | None) -> str:
    if objective is None:
        return word("none: no loss or metric with a known better direction was found")
    return tell(
        "{series:given}, {better:text} ({how:sentence})",
        series=clean(objective.series),
        better=_BETTER[objective.direction],
        how=shown(objective.how),
    )


def _series(summary: RunSummary, *, everything: bool) -> Iterator[str]:
    roles = sorted(summary.understanding.roles, key=lambda r: (_order(r), not r.primary))
    some = [role for role in roles if everything or role.kind is not Kind.OTHER]
    if some:
        yield ""
        heads = (word("role"), word("series"), word("points"), word("first"), word("last"))
        yield "  " + _row(*heads, "")
    for role in some:
        facts = summary.series[role.series]
        mark = "*" if role.primary else ""
        yield "  " + _row(
            f"{_role(role)}{mark}",
            clean(role.series, 44),
            f"{facts.points:,}",
            _value(facts.first),
            _value(facts.last),
            _remark(role, facts),
        )
    rest = [clean(role.series, 30) for role in roles if role not in some]
    if rest:
        listed = ", ".join((*rest[:6], "…") if len(rest) > 6 else rest)
        text = "{n:count series|series}: {listed:given} (--all lists them)"
        yield _fact(word("other"), tell(text, n=len(rest), listed=listed))


def _order(role: Role) -> tuple[int, str]:
    return list(Kind).index(role.kind), role.key


def _role(role: Role) -> str:
    return role.key if role.kind is not Kind.OTHER else "-"


def _row(*cells: str) -> str:
    role, series, points, first, last, remark = cells
    numbers = (padded(points, -10), padded(first, -9), padded(last, -9))
    return " ".join((padded(role, 14), padded(series, 44), *numbers, f" {remark}")).rstrip()


def _remark(role: Role, facts: SeriesSummary) -> str:
    words = [
        word(_BETTER[role.direction]),
        word("one part of several") if role.part else "",
        tell("logged per {twin:text}", twin=role.twin) if role.twin else "",
        tell("layer {layer:given}", layer=clean(role.layer, 30)) if role.layer else "",
        tell("{n:step} not finite", n=facts.non_finite) if facts.non_finite else "",
    ]
    return word(", ").join(filter(None, words))


def _value(value: float | None) -> str:
    return "-" if value is None else number(value)


def _config(summary: RunSummary, settings: Settings, *, everything: bool) -> Iterator[str]:
    items = list(summary.config.items())
    if not items:
        yield _fact(word("settings"), word("none recorded"))
        return
    some = items if everything else items[:SHOWN_SETTINGS]
    listed = ", ".join(f"{clean(path)}={_value_of(path, e.value, settings)}" for path, e in some)
    more = len(items) - len(some)
    text = "{listed:given}, and {more:step} more (--all)" if more else "{listed:given}"
    yield _fact(word("settings"), tell(text, listed=listed, more=more))


def _value_of(path: str, value: Value, settings: Settings) -> str:
    hidden = not settings.show_secrets and is_secret(path, value)
    return HIDDEN if hidden else clean(str(value), 40)


def _lacking(result: RunResult) -> Sequence[str]:
    wanted: dict[str, list[str]] = {}
    for outcome in result.outcomes:
        if outcome.result == "missing-input" and outcome.reason:
            wanted.setdefault(shown(outcome.reason), []).append(outcome.rule)
    text = "{what:sentence} (enables {n:count rule|rules})"
    return [
        _fact(word("missing"), tell(text, what=what, n=len(rules)))
        for what, rules in wanted.items()
    ]
