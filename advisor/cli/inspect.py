"""``advisor inspect``: how runs and series were understood, before any judgement."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from advisor.cli import OK, common
from advisor.engine import analyze
from advisor.execution import RunResult
from advisor.model import Value
from advisor.redact import HIDDEN, is_secret, redact_text
from advisor.roles import Kind, Role, Understanding
from advisor.settings import Settings
from advisor.study import RunSummary, SeriesSummary
from advisor.text import clean, number

SHOWN_SETTINGS = 12
"""Hyperparameters that are listed; `--all` lists all."""

_BETTER = {"min": "lower is better", "max": "higher is better", None: ""}


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
    count = len(analysis.results)
    sys.stdout.write(f"{count:,} run{'' if count == 1 else 's'}\n")
    common.complain(analysis, plugins.readers)
    return OK


def _run(result: RunResult, settings: Settings, *, everything: bool) -> Iterator[str]:
    summary = result.summary
    lines = (
        *_heading(summary),
        *_meaning(summary.understanding),
        *_series(summary, everything=everything),
        *_config(summary, settings, everything=everything),
        *(f"  note       {note.message.text}" for note in summary.notes),
        *_lacking(result),
    )
    for line in lines:
        text = line if settings.show_secrets else redact_text(line)
        # Whatever a log or a plugin put into a line, it stays one line and steers no terminal.
        indent = len(text) - len(text.lstrip(" "))
        yield " " * indent + clean(text, common.LONGEST_LINE)


def _heading(summary: RunSummary) -> Iterator[str]:
    yield clean(summary.name)
    yield (
        f"  {summary.source}, {len(summary.series):,} series, {summary.points:,} points, "
        f"{summary.axis.value} {summary.first_step:,} to {summary.last_step:,}"
    )


def _meaning(understanding: Understanding) -> Iterator[str]:
    evidence = f" ({understanding.task_evidence})" if understanding.task_evidence else ""
    yield f"  task       {understanding.task.value}{evidence}"
    objective = understanding.objective
    if objective is None:
        yield "  objective  none: no loss or metric with a known better direction was found"
    else:
        better = _BETTER[objective.direction]
        yield f"  objective  {clean(objective.series)}, {better} ({objective.how})"
    for sentence in understanding.ambiguous:
        yield f"  unclear    {sentence}"


def _series(summary: RunSummary, *, everything: bool) -> Iterator[str]:
    roles = sorted(summary.understanding.roles, key=lambda r: (_order(r), not r.primary))
    shown = [role for role in roles if everything or role.kind is not Kind.OTHER]
    if shown:
        yield ""
        yield "  " + _row("role", "series", "points", "first", "last", "")
    for role in shown:
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
    rest = [clean(role.series, 30) for role in roles if role not in shown]
    if rest:
        more = ", …" if len(rest) > 6 else ""
        yield f"  other      {len(rest)} series: {', '.join(rest[:6])}{more} (--all lists them)"


def _order(role: Role) -> tuple[int, str]:
    return list(Kind).index(role.kind), role.key


def _role(role: Role) -> str:
    return role.key if role.kind is not Kind.OTHER else "-"


def _row(role: str, series: str, points: str, first: str, last: str, remark: str) -> str:
    return f"{role:14} {series:44} {points:>10} {first:>9} {last:>9}  {remark}".rstrip()


def _remark(role: Role, facts: SeriesSummary) -> str:
    words = [
        _BETTER[role.direction],
        "one part of several" if role.part else "",
        f"logged per {role.twin}" if role.twin else "",
        f"layer {clean(role.layer, 30)}" if role.layer else "",
        f"{facts.non_finite:,} not finite" if facts.non_finite else "",
    ]
    return ", ".join(word for word in words if word)


def _value(value: float | None) -> str:
    return "-" if value is None else number(value)


def _config(summary: RunSummary, settings: Settings, *, everything: bool) -> Iterator[str]:
    items = list(summary.config.items())
    if not items:
        yield "  settings   none recorded"
        return
    shown = items if everything else items[:SHOWN_SETTINGS]
    texts = (f"{clean(path)}={_shown(path, entry.value, settings)}" for path, entry in shown)
    more = len(items) - len(shown)
    yield f"  settings   {', '.join(texts)}" + (f", and {more:,} more (--all)" if more else "")


def _shown(path: str, value: Value, settings: Settings) -> str:
    hidden = not settings.show_secrets and is_secret(path, value)
    return HIDDEN if hidden else clean(str(value), 40)


def _lacking(result: RunResult) -> Sequence[str]:
    wanted: dict[str, list[str]] = {}
    for outcome in result.outcomes:
        if outcome.result == "missing-input" and outcome.reason:
            wanted.setdefault(outcome.reason.text, []).append(outcome.rule)
    return [
        f"  missing    {text} (enables {len(rules)} rule{'s' if len(rules) > 1 else ''})"
        for text, rules in wanted.items()
    ]
