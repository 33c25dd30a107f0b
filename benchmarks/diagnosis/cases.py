"""Joins what advisor said of each log with what was the matter with its training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.diagnosis.answers import ANSWERS, Answer
from benchmarks.diagnosis.conditions import CONDITIONS
from benchmarks.diagnosis.healthy import NUMBERS
from benchmarks.diagnosis.plan import Cell
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.truth import LOSS, METRIC, Judge, Results, Truth
from benchmarks.diagnosis.work import Row

NOTHING = Answer(())


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One log of one training, what was the matter, and what advisor said."""

    training: str
    log: str
    title: str
    """The way to train, or the fault and its strength."""
    fault: str
    """Empty where nothing was planted."""
    truth: Truth
    answer: Answer
    facts: frozenset[str]
    """Rules that are right about this log whatever its training did."""
    conditions: dict[str, bool]
    """For each option whose condition is known: whether it holds."""
    findings: tuple[dict[str, Any], ...]
    diagnoses: tuple[dict[str, Any], ...]
    errors: tuple[str, ...]

    @property
    def id(self) -> str:
        """What is listed where advisor was wrong."""
        return f"{self.training} {self.log} ({self.title})"

    @property
    def fine(self) -> bool:
        """Whether a warning on the training would be a false alarm."""
        return self.truth.state in ("healthy", "harmless")

    def right(self, rule: str) -> bool:
        """Tell whether a finding of ``rule`` on this log is true."""
        planted = self.truth.state == "planted"
        named = (*self.answer.names, *self.answer.follows) if planted else ()
        return rule in self.facts or rule in named


def cases(plan: Iterable[Cell], rows: Iterable[Row], results: Results) -> list[Case]:
    """Return a case for each log of each healthy cell and each fault."""
    plan = list(plan)
    judge = Judge(plan, results)
    by_id: dict[str, list[Row]] = {}
    for row in rows:
        by_id.setdefault(row["id"], []).append(row)
    return [
        case
        for cell in plan
        if cell.kind != "check"
        for case in _of_cell(cell, judge, by_id, results)
    ]


def _of_cell(
    cell: Cell, judge: Judge, by_id: dict[str, list[Row]], results: Results
) -> Iterator[Case]:
    truths = {objective: judge.truth(cell, objective) for objective in (LOSS, METRIC)}
    for setup in cell.seeds():
        arrays = results(setup)
        size = (int(arrays["parameters"]), int(arrays["samples"]))
        for row in by_id.get(setup.id, []):
            shown = METRIC if row["form"]["metric"] else LOSS
            yield _case(cell, setup, row, truths[shown], size)


def _case(cell: Cell, setup: Setup, row: Row, truth: Truth, size: tuple[int, int]) -> Case:
    form = row["form"]
    fault = cell.name if cell.kind == "fault" else ""
    if form["damage"]:
        fault = f"log-{form['damage']}"
        truth = truth if _lossless(form, setup) else Truth("planted", "clear")
    return Case(
        training=setup.id,
        log=row["log"],
        title=cell.title,
        fault=fault if truth.state == "planted" else "",
        truth=truth,
        answer=ANSWERS[fault] if fault else NOTHING,
        facts=_facts(form, stops=setup.patience > 0),
        conditions={rule: holds(setup, *size) for rule, holds in CONDITIONS.items()},
        findings=tuple(row["findings"]),
        diagnoses=tuple(d for d in row["diagnoses"] if not d["aside"]),
        errors=tuple(row["errors"]),
    )


def _lossless(form: Row, setup: Setup) -> bool:
    """Tell whether the damage took nothing from the log that was in it."""
    bare = not form["metric"] or setup.problem in NUMBERS
    return form["damage"] == "filtered" or (form["damage"] == "without-metric" and bare)


def _facts(form: Row, *, stops: bool) -> frozenset[str]:
    """Return the rules that are right; early stopping that a log hides looks like none."""
    facts = {"telemetry-no-config", "config-not-recorded"} if not form["config"] else set()
    if stops and not form["config"]:
        facts |= {"past-best", "early-stopping-missing", "best-checkpoint-not-kept"}
    if not form["rate"]:
        facts.add("telemetry-no-learning-rate")
    if not form["metric"] or form["damage"] == "without-metric":
        facts.add("metric-not-logged")
    if form["damage"] == "without-validation":
        facts |= {"no-validation", "metric-not-logged"}
    return frozenset(facts)
