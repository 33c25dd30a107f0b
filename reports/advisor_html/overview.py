"""What the template shows of the runs and of the report as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from advisor.language import shown, tell, word
from advisor.presentation import Entry, curve_of, shown_name, statuses, worst_first
from advisor.report import Report, RunEntry, Span, Status
from advisor.text import Message
from advisor_html.store import Store
from advisor_html.strips import GLANCE, LANES, glance, lanes, legend

OVERLAP = 0.02
"""Losses may exceed the share that was not useful by this much before they are said to overlap."""
CARDS = 12
"""Runs with a card, the worst first; the rest are rows of a folded table."""


@dataclass(frozen=True, slots=True)
class RunCard:
    """A run at a glance."""

    run: RunEntry
    title: str
    anchor: str
    chart: str
    legend: str
    hidden: int
    """Findings that have no lane for want of room."""
    compute: str
    """A sentence on the run's compute; empty if nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule came to on some runs."""

    rule: str
    summary: str
    runs: tuple[str, ...]
    reason: Message | None


def run_anchors(report: Report) -> dict[str, str]:
    """Give each run a name that is fit for a link."""
    return {run.name: f"run-{index}" for index, run in enumerate(report.runs, 1)}


def run_cards(report: Report, entries: tuple[Entry, ...], store: Store) -> tuple[RunCard, ...]:
    """Look up what the cards of the worst runs show."""
    anchors = run_anchors(report)
    return tuple(
        _run_card(report, entries, run, anchors[run.name], store)
        for run in worst_first(report.runs)[:CARDS]
    )


def _run_card(
    report: Report, entries: tuple[Entry, ...], run: RunEntry, anchor: str, store: Store
) -> RunCard:
    found = lanes(entries, report, run)
    _hold_objective(run, store)
    return RunCard(
        run,
        shown_name(report.title if run.name == "." else run.name, 120),
        anchor,
        glance(report, run, found, store),
        legend(run),
        max(len(found) - LANES, 0),
        _compute(report, run),
    )


def _hold_objective(run: RunEntry, store: Store) -> None:
    """Keep the curve that a later report is held against, where this one is its baseline."""
    objective = run.understanding.objective
    if objective and (curve := curve_of(run, objective.series)):
        store.sketch(run, curve, GLANCE)


def _compute(report: Report, run: RunEntry) -> str:
    if run.useful is None:
        return ""
    if not run.lost:
        return word("no step was measurably lost")
    lost = word(", ").join(_lost(report, span) for span in run.lost)
    if sum(span.share for span in run.lost) > 1 - run.useful + OVERLAP:
        return tell("lost: {spans:sentence}, which overlap", spans=lost)
    return tell("lost: {spans:sentence}", spans=lost)


def _lost(report: Report, span: Span) -> str:
    observed = shown(report.finding(span.finding).advice.observed)
    return tell("{share:percent} ({observed:sentence})", share=span.share, observed=observed)


def outcomes(report: Report, outcome: str) -> tuple[Outcome, ...]:
    """Return what rules came to, of one outcome, joined where the reason is the same."""
    rules = {rule.name: rule.summary for rule in report.rules}
    joined: dict[tuple[str, str], list[Status]] = {}
    for status in statuses(report, outcome):
        key = (status.rule, status.reason.text if status.reason else "")
        joined.setdefault(key, []).append(status)
    return tuple(
        Outcome(rule, rules.get(rule, ""), _runs(found), found[0].reason)
        for (rule, _), found in joined.items()
    )


def rule_count(found: tuple[Outcome, ...]) -> int:
    """Count the rules among some outcomes: one may have several reasons."""
    return len({outcome.rule for outcome in found})


def _runs(found: list[Status]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(run for status in found for run in status.runs))


def facts(report: Report) -> Iterator[str]:
    """Say what the report was made from."""
    files = len({file for run in report.runs for file in run.files})
    points = sum(run.points for run in report.runs)
    plugins = ", ".join(dict.fromkeys(rule.plugin for rule in report.rules))
    yield tell(
        "advisor {version:text} read {runs:step} runs with {points:step} logged values "
        "from {files:step} files, and asked {rules:step} rules ({plugins:text}).",
        version=report.advisor,
        runs=len(report.runs),
        points=points,
        files=files,
        rules=len(report.rules),
        plugins=plugins,
    )
    if report.objective:
        yield tell("Objective, as set: {objective:text}.", objective=report.objective)
    for rule in report.rules:
        for name, value in rule.options.items():
            text = (
                "Option of {rule:text} that differs from its default: {name:text} = {value:text}."
            )
            yield tell(text, rule=rule.name, name=name, value=value)
