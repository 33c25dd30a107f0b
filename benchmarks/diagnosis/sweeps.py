"""Sets of runs as somebody who tunes leaves them, composed of trainings that are there anyway.

Of each is known, by how it was composed and by how its trainings ended, what holds of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks.diagnosis.facts import by_epoch, overfits
from benchmarks.diagnosis.forms import Form
from benchmarks.diagnosis.healthy import COSTLY
from benchmarks.diagnosis.logs import write
from benchmarks.diagnosis.plan import SEEDS
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.trials import DECAYS, RATES, STEPS, WIDTHS, decayed, rated, wide
from benchmarks.diagnosis.truth import METRIC, Judge, Results

INSIDE, LOW, HIGH = (-10, -3, 1, 3, 10), (1, 3, 10, 30), (-100, -30, -10, -3)
"""Factors of a base's rate, divisors as negative numbers: around it, from it on, and below it."""
COARSE, LOG, ORDER = "search-coarse-to-fine", "search-log-scale", "search-order"
GRID, RETUNE, PROBLEM = "search-random-over-grid", "lr-retune", "retune-per-problem"
ENSEMBLE, UNRECORDED, TRADED = "seed-ensemble", "config-not-recorded", "overfit-then-regularize"
ELSEWHERE = (UNRECORDED, RETUNE, PROBLEM)
"""What holds of one kind of sweep alone: that nothing is recorded, or a rate carried over."""
NEVER: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("rates inside", "rates from-best", "rates below"),
        (*ELSEWHERE, LOG, ORDER, GRID, ENSEMBLE, TRADED),
    ),
    "unrecorded": (RETUNE, PROBLEM, LOG, ORDER, GRID, ENSEMBLE, TRADED),
    "seeds": (*ELSEWHERE, LOG, ORDER, GRID, COARSE, TRADED),
    "regularized": (*ELSEWHERE, LOG, GRID),
    "equal steps": (*ELSEWHERE, ORDER, GRID, ENSEMBLE, TRADED),
    "grid of rate and width": (*ELSEWHERE, LOG, ORDER, ENSEMBLE, TRADED),
    "grid of rate and decay": (*ELSEWHERE, LOG, ORDER, ENSEMBLE),
    "other settings at one rate": (*ELSEWHERE, LOG, GRID, ENSEMBLE),
    "rate kept for a larger batch": (UNRECORDED, PROBLEM, LOG, GRID, TRADED),
    "rate kept for other data": (UNRECORDED, LOG, GRID, TRADED),
}
"""By kind: what cannot hold of a sweep that is composed so, however its trainings ended."""
MATTERS, NOTHING = 3.0, 1.0
"""Spreads of seeds by which a setting moves the result if it matters, and if it does not."""


There = Callable[[Setup], bool]


@dataclass(frozen=True, slots=True)
class Sweep:
    """Runs that somebody would look at together; ``holds`` says of each rule if it is right."""

    name: str
    kind: str
    setups: tuple[Setup, ...]
    holds: dict[str, bool]
    config: bool = True

    def written(self, folder: Path, results: Results) -> Path:
        """Write a log for each run below ``folder``, in place of what was there."""
        csv = sum(self.name.encode()) % 2 == 0
        form = Form("csv" if csv else "tensorboard", False, int(csv), self.config, True, False)
        shutil.rmtree(folder / self.name, ignore_errors=True)
        for number, setup in enumerate(self.setups, 1):
            write(folder / self.name / f"run-{number}", setup, results(setup), form)
        return folder / self.name


def sweeps(bases: Iterable[Setup], judge: Judge, there: There) -> Iterator[Sweep]:
    """Yield every sweep of which all trainings are ``there``.

    ``judge`` knows how they ended.
    """
    for sweep in _composed(list(bases), judge, there):
        yield replace(sweep, holds=dict.fromkeys(NEVER[sweep.kind], False) | sweep.holds)


def _composed(bases: list[Setup], judge: Judge, there: There) -> Iterator[Sweep]:
    for base in bases:
        rates = [scaled(base, f).changed(seed=s) for f in (*INSIDE, *LOW, *HIGH) for s in SEEDS]
        if not all(map(there, rates)):
            continue
        yield from _rates(base, judge)
        yield from _seeds(base, judge, there)
        if base.model not in COSTLY:
            found = [*_searches(base, judge, there), *_carried_over(base, bases, judge)]
            yield from (sweep for sweep in found if all(map(there, sweep.setups)))


def _rates(base: Setup, judge: Judge) -> Iterator[Sweep]:
    for kind, factors in (("inside", INSIDE), ("from-best", LOW), ("below", HIGH)):
        edge = at_edge([scaled(base, factor) for factor in factors], judge)
        holds = {} if edge is None else {COARSE: edge}
        for seed in SEEDS:
            runs = tuple(scaled(base, factor).changed(seed=seed) for factor in factors)
            yield Sweep(_named(base, f"rates-{kind}-{seed}"), f"rates {kind}", runs, holds)
    runs = tuple(scaled(base, factor).changed(seed=SEEDS[0]) for factor in INSIDE)
    yield Sweep(_named(base, "unrecorded"), "unrecorded", runs, {UNRECORDED: True}, config=False)


def _seeds(base: Setup, judge: Judge, there: There) -> Iterator[Sweep]:
    runs = tuple(base.changed(seed=seed) for seed in SEEDS)
    yield Sweep(_named(base, "seeds"), "seeds", runs, {ENSEMBLE: True})
    regular = base.changed(dropout=0.8)
    regulars = tuple(regular.changed(seed=seed) for seed in SEEDS)
    if all(map(there, regulars)):
        known = regularized_for_nothing(base, regular, judge)
        holds = {} if known is None else {TRADED: known}
        yield Sweep(_named(base, "regularized"), "regularized", runs + regulars, holds)


def _searches(base: Setup, judge: Judge, there: There) -> Iterator[Sweep]:
    one = base.changed(seed=SEEDS[0])
    steps = tuple(rated(one, factor) for factor in STEPS)
    yield Sweep(_named(base, "equal-steps"), "equal steps", steps, {LOG: True})
    widths = tuple(rated(wide(one, width), rate) for rate in RATES for width in WIDTHS)
    decays = tuple(rated(decayed(one, decay), rate) for rate in RATES for decay in DECAYS)
    for kind, runs in (("width", widths), ("decay", decays)):
        idle = one_idle(runs, judge) if all(map(there, runs)) else None
        holds = {} if idle is None else {GRID: idle}
        yield Sweep(_named(base, f"grid-{kind}"), f"grid of rate and {kind}", runs, holds)
    others = dict.fromkeys([wide(one, w) for w in WIDTHS] + [decayed(one, d) for d in DECAYS])
    name = _named(base, "one-rate")
    yield Sweep(name, "other settings at one rate", tuple(others), {ORDER: True})
    rates = tuple(scaled(one, factor) for factor in INSIDE)
    large = base.changed(batch_size=base.batch_size * 16)
    moved = rates + tuple(large.changed(seed=seed) for seed in SEEDS)
    name = _named(base, "larger-batch")
    yield Sweep(name, "rate kept for a larger batch", moved, {RETUNE: True})


def _carried_over(base: Setup, bases: Iterable[Setup], judge: Judge) -> Iterator[Sweep]:
    """Yield the rates of one data set beside runs on another with the best of them."""
    runs = tuple(scaled(base, factor).changed(seed=SEEDS[0]) for factor in INSIDE)
    scores = [judge.score(run, METRIC) for run in runs]
    other = [b for b in bases if b.problem != base.problem]
    other = [b for b in other if b.learning_rate == base.learning_rate]
    if not other or INSIDE[int(np.argmax(scores))] != 1:
        return
    runs += tuple(other[0].changed(seed=seed) for seed in SEEDS)
    yield Sweep(_named(base, "carried-over"), "rate kept for other data", runs, {PROBLEM: True})


def scaled(setup: Setup, factor: int) -> Setup:
    """Return a setup at a rate that many times larger, or smaller if negative."""
    rate = setup.learning_rate
    return setup.changed(learning_rate=rate / -factor if factor < 0 else rate * factor)


def at_edge(values: list[Setup], judge: Judge) -> bool | None:
    """Tell whether the best of some values is the first or the last; ``None`` within noise.

    It must be better than the best of the other kind, edge or inside, by what seeds explain.
    """
    scores = [mean(judge.scores(setup, METRIC)) for setup in values]
    edge, inside = max(scores[0], scores[-1]), max(scores[1:-1])
    best = values[int(np.argmax(scores))]
    return None if abs(edge - inside) <= judge.bound(best, METRIC) else edge > inside


def one_idle(runs: tuple[Setup, ...], judge: Judge) -> bool | None:
    """Tell whether of a 3 × 3 grid one setting moves the result and the other does not."""
    ends = np.asarray([judge.score(setup, METRIC) for setup in runs]).reshape(3, 3)
    noise = judge.deviation(runs[4], METRIC)
    moved = sorted(float(np.ptp(ends.mean(axis=axis))) / noise for axis in (0, 1))
    if moved[0] >= MATTERS:
        return False
    return True if moved[0] <= NOTHING and moved[1] >= MATTERS else None


def regularized_for_nothing(base: Setup, regular: Setup, judge: Judge) -> bool | None:
    """Tell whether a regularizer raised the training loss, with validation no better."""
    if overfits(judge, base.changed(seed=SEEDS[0])):
        return False
    ends = [
        [by_epoch(judge.results(s.changed(seed=seed)))[-1] for seed in SEEDS]
        for s in (base, regular)
    ]
    better = mean(judge.scores(regular, METRIC)) - mean(judge.scores(base, METRIC))
    if better > judge.bound(base, METRIC):
        return False
    return True if min(ends[1]) > max(ends[0]) else None


def _named(base: Setup, kind: str) -> str:
    return f"{base.problem}-{base.model}-{kind}"
