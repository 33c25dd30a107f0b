"""What was the matter with each log: by its training's twins, and by what the log keeps back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.diagnosis.conditions import Known, holding
from benchmarks.diagnosis.damage import copies
from benchmarks.diagnosis.facts import by_epoch, facts, lowered, overfits, scatters, unknown
from benchmarks.diagnosis.forms import Form, forms
from benchmarks.diagnosis.log_facts import knowable, log_facts
from benchmarks.diagnosis.plan import Cell
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.truth import LOSS, METRIC, Judge, Results

WHOLE = "plain"
"""The way to train whose logs are also written damaged."""


@dataclass(frozen=True, slots=True)
class Label:
    """One log of one training, and the truth about it."""

    split: str
    training: str
    form: Form
    kind: str
    """``healthy`` or ``fault``."""
    title: str
    """The way to train, or the fault and its strength."""
    fault: str
    """Empty where nothing was planted, or what was planted did no harm."""
    state: str
    """``healthy``, ``unclear``, ``harmless`` or ``planted``."""
    level: str
    """``blatant``, ``clear`` or ``subtle`` where planted."""
    lost: float
    """Share of what the twin learned that the fault loses."""
    damage: str
    """What the log keeps back so that it can be known from it, as ``log-NAME``; or empty."""
    facts: tuple[str, ...]
    """Rules whose finding is true of this log, whatever else is the matter."""
    unknown: tuple[str, ...]
    """Rules of which nobody knows whether they are right, unless the fault says so."""
    conditions: dict[str, bool]
    """For each option whose condition is known: whether it holds."""

    @property
    def grain(self) -> str:
        """``step`` or ``epoch``: what a point of the training loss stands for."""
        return "step" if self.form.by_step else "epoch"


def labels(plan: Iterable[Cell], split: str, results: Results) -> Iterator[tuple[Setup, Label]]:
    """Yield a label for each log of each healthy cell and each fault; each training once.

    What was planted comes first: it may be the twin of another fault. A training that ended in
    its first epoch logs nothing by epoch.
    """
    plan = sorted(plan, key=lambda cell: cell.kind)
    judge = Judge(plan, results)
    seen: set[Setup] = set()
    for cell in plan:
        if cell.kind not in ("healthy", "fault"):
            continue
        setups = [setup for setup in cell.seeds() if setup not in seen]
        seen |= set(setups)
        for setup in setups:
            for form in _forms(cell, setup):
                if form.by_step or len(results(setup)["ends"]):
                    yield setup, _label(split, cell, setup, form, judge)


def _forms(cell: Cell, setup: Setup) -> Iterator[Form]:
    for form in forms(setup, _number(setup)):
        yield form
        if cell.name == WHOLE:
            yield from copies(form)


def _number(setup: Setup) -> int:
    """Return a number that turns with the values, and not with the code that trains."""
    text = f"{setup.problem}{setup.epochs}{setup.schedule}{setup.optimizer}{setup.batch_size}"
    return sum(text.encode()) + 7 * setup.seed


def _label(split: str, cell: Cell, setup: Setup, form: Form, judge: Judge) -> Label:
    objective = METRIC if form.metric and form.damage != "without-metric" else LOSS
    truth = judge.truth_of(setup, cell, objective)
    arrays = judge.results(setup)
    points = int(np.isfinite(arrays["loss"] if form.by_step else by_epoch(arrays)).sum())
    damage = f"log-{form.damage}" if knowable(form, setup, points) else ""
    known = Known(
        setup=setup,
        parameters=int(arrays["parameters"]),
        samples=int(arrays["samples"]),
        overfits=overfits(judge, setup),
        lowered=lowered(setup, arrays),
        scatters=scatters(arrays),
    )
    true = facts(judge, setup, objective)
    return Label(
        split=split,
        training=setup.id,
        form=form,
        kind=cell.kind,
        title=cell.title,
        fault=cell.name if truth.state == "planted" else "",
        state=truth.state,
        level=truth.level,
        lost=round(truth.loss, 4),
        damage=damage,
        facts=tuple(sorted(true | log_facts(form, setup, points))),
        unknown=unknown(judge, setup, truth, stop_shown=form.config),
        conditions=holding(known),
    )
