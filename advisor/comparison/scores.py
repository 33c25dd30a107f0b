"""The objective then and now, held against what seeds alone could make of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from advisor.comparison.matching import Matching
from advisor.comparison.settings import changed
from advisor.drawing.drawn import Curve
from advisor.report import Report, RunEntry
from advisor.report.comparison import Outcome, ScoreChange
from advisor.roles import Objective
from advisor.sweep.grouping import SHORT
from advisor.sweep.student import two_sided
from advisor.text import Message, message

LEVEL = 0.05
"""How often one of the differences of a comparison may be called one by chance (convention)."""
DRAWN = 12
"""Pairs of runs whose curves are kept: more are not looked at, and a report is attached."""

_ORDER: tuple[Outcome, ...] = ("worse", "better", "within-noise", "unjudged", "same")


@dataclass(frozen=True, slots=True)
class _Noise:
    """The noise of the score from seed to seed."""

    sd: float
    freedom: int


@dataclass(frozen=True, slots=True)
class _Pair:
    """Runs that are held against each other: several are seeds of one configuration."""

    runs: tuple[RunEntry, ...]
    before: tuple[RunEntry, ...]
    noise: _Noise | None
    """``None`` where no seeds show it."""
    best_of: tuple[int, int] | None = None
    """Where the runs are the best of so many now and in the baseline."""

    @property
    def objective(self) -> Objective | None:
        return self.runs[0].understanding.objective

    @property
    def values(self) -> tuple[float, float] | None:
        """The mean level then and now; ``None`` where a run has none."""
        was, now = ([run.objective_level for run in side] for side in (self.before, self.runs))
        then, today = ([v for v in side if v is not None] for side in (was, now))
        whole = len(then) == len(was) and len(today) == len(now)
        return (fmean(then), fmean(today)) if whole else None

    def bound(self, differences: int) -> float | None:
        """Return the difference that seeds alone exceed in few of so many differences."""
        if self.noise is None:
            return None
        t = two_sided(self.noise.freedom, LEVEL / differences)
        return t * self.noise.sd * math.sqrt(1 / len(self.runs) + 1 / len(self.before))


def scores(report: Report, baseline: Report, matching: Matching) -> tuple[ScoreChange, ...]:
    """Return what became of the objective; what is worse comes first.

    Seeds of one configuration are compared by their means, other runs one by one. Where no run
    has a counterpart, the best of one side is held against the best of the other.
    """
    pairs = list(_pairs(report, baseline, matching))
    known = sum(pair.noise is not None and _obstacle(pair) is None for pair in pairs)
    told = [_change(pair, max(known, 1)) for pair in pairs]
    told.sort(key=lambda change: _ORDER.index(change.outcome))
    return (*told[:DRAWN], *(c.model_copy(update={"curves": ()}) for c in told[DRAWN:]))


def _pairs(report: Report, baseline: Report, matching: Matching) -> Iterator[_Pair]:
    now = {run.name: run for run in report.runs}
    before = {run.name: run for run in baseline.runs}
    if not matching.pairs:
        yield from _best(report, baseline)
        return
    for names in _groups(report, baseline, matching):
        runs = tuple(now[name] for name in names)
        others = tuple(before[matching.pairs[name]] for name in names)
        yield _Pair(runs, others, _noise(report, baseline, runs, others))


def _groups(report: Report, baseline: Report, matching: Matching) -> Iterator[tuple[str, ...]]:
    """Yield the matched runs, those together that are seeds of one configuration on both sides."""
    now, before = _configurations(report), _configurations(baseline)
    groups: dict[tuple[int | str, int | str], list[str]] = {}
    for name, other in matching.pairs.items():
        alone = name not in now or other not in before
        key = (name, other) if alone else (now[name], before[other])
        groups.setdefault(key, []).append(name)
    return (tuple(names) for names in groups.values())


def _configurations(report: Report) -> dict[str, int]:
    """Map the runs that differ from others in the seed only to the number of their group."""
    groups = report.sweep.seeds if report.sweep else ()
    return {name: number for number, names in enumerate(groups) for name in names}


def _best(report: Report, baseline: Report) -> Iterator[_Pair]:
    """Yield the only configuration of either side, or the best run of each."""
    groups = [side.sweep.seeds if side.sweep else () for side in (report, baseline)]
    whole = all(
        len(found) == 1 and len(found[0]) == len(side.runs)
        for found, side in zip(groups, (report, baseline), strict=True)
    )
    if whole:
        runs, others = report.runs, baseline.runs
    else:
        runs, others = _leader(report), _leader(baseline)
    if runs and others:
        best_of = None if whole else (len(report.runs), len(baseline.runs))
        yield _Pair(runs, others, _noise(report, baseline, runs, others), best_of)


def _leader(report: Report) -> tuple[RunEntry, ...]:
    """Return the run with the best level of the objective that most runs are judged by."""
    named = [run for run in report.runs if run.objective_level is not None]
    objectives = [run.understanding.objective for run in named]
    usual = max(objectives, key=objectives.count, default=None)
    sign = -1.0 if usual and usual.direction == "max" else 1.0
    among = [run for run in named if run.understanding.objective == usual]
    best = min(among, key=lambda run: sign * (run.objective_level or 0.0), default=None)
    return () if best is None else (best,)


def _noise(
    report: Report, baseline: Report, runs: Sequence[RunEntry], others: Sequence[RunEntry]
) -> _Noise | None:
    """Pool the noise of the sides on which seeds show it for these runs."""
    known = [n for n in (_shown(report, runs), _shown(baseline, others)) if n is not None]
    freedom = sum(noise.freedom for noise in known)
    if not freedom:
        return None
    squares = sum(noise.freedom * noise.sd**2 for noise in known)
    return _Noise(math.sqrt(squares / freedom), freedom)


def _shown(report: Report, runs: Sequence[RunEntry]) -> _Noise | None:
    sweep = report.sweep
    if sweep is None or sweep.seed_sd is None or not sweep.seeds:
        return None
    rows = {row.run for row in sweep.rows}
    objective = runs[0].understanding.objective
    same = objective and (objective.series, objective.direction) == (
        sweep.objective,
        sweep.direction,
    )
    if not same or not all(run.name in rows for run in runs):
        return None
    return _Noise(sweep.seed_sd, sum(len(group) - 1 for group in sweep.seeds))


def _change(pair: _Pair, differences: int) -> ScoreChange:
    objective, values = pair.objective, pair.values
    outcome, said = _outcome(pair, differences)
    return ScoreChange(
        runs=tuple(run.name for run in pair.runs),
        before=tuple(run.name for run in pair.before),
        objective=objective.series if objective else "",
        direction=objective.direction if objective else "",
        was=values[0] if values else None,
        now=values[1] if values else None,
        outcome=outcome,
        message=said,
        settings=changed(pair.runs[0], pair.before[0]),
        curves=() if outcome == "same" else tuple(_curves(pair.runs[0], pair.before[0])),
    )


def _outcome(pair: _Pair, differences: int) -> tuple[Outcome, Message]:
    obstacle = _obstacle(pair)
    if obstacle is not None:
        return "unjudged", obstacle
    was, now = pair.values or (math.nan, math.nan)
    difference = abs(now - was)
    if not difference:
        return "same", message("baseline.same", "Both best smoothed values are equal.")
    rises = pair.objective is not None and pair.objective.direction == "max"
    improved = (now > was) == rises
    bound = pair.bound(differences)
    if bound is None:
        text = (
            "It is {better:text} by {difference:number}, which may be chance: how much differs "
            "from seed to seed is not known. Train one configuration with three seeds, record "
            "the seeds, and give the runs the same names on both sides."
        )
        better = "better" if improved else "worse"
        said = message("baseline.unknown", text, better=better, difference=difference)
        return "unjudged", said
    if difference <= bound:
        text = "It differs by {difference:number}; seeds alone make up to {bound:number}."
        said = message("baseline.within", text, difference=difference, bound=bound)
        return "within-noise", said
    better = "better" if improved else "worse"
    text = "It is {better:text} by {difference:number}; seeds alone make up to {bound:number}."
    said = message("baseline.beyond", text, better=better, difference=difference, bound=bound)
    return ("better" if improved else "worse"), said


def _obstacle(pair: _Pair) -> Message | None:
    """Say why two values cannot be held against each other; ``None`` if they can."""
    objective, other = pair.objective, pair.before[0].understanding.objective
    if objective is None or other is None:
        text = "No series says how good the run is: log a validation loss or metric."
        return message("baseline.no_objective", text)
    if (objective.series, objective.direction) != (other.series, other.direction):
        text = (
            "It is judged by {now:name} now and by {before:name} in the baseline: name one of "
            "them for both with --objective."
        )
        return message("baseline.objectives", text, now=objective.series, before=other.series)
    if objective.weak:
        text = (
            "Only a training loss is logged, which does not say how good the run is on data that "
            "it has not seen: log a validation loss or metric."
        )
        return message("baseline.weak", text)
    if pair.values is None:
        text = "{series:name} has no best value on one of the sides."
        return message("baseline.no_value", text, series=objective.series)
    if pair.best_of and pair.best_of[0] != pair.best_of[1]:
        text = (
            "They are the best of {now:step} and of {before:step}, and more runs find a better "
            "one by chance: give runs that belong together one name."
        )
        return message("baseline.best_of", text, now=pair.best_of[0], before=pair.best_of[1])
    return _unequal(pair)


def _unequal(pair: _Pair) -> Message | None:
    run, other = pair.runs[0], pair.before[0]
    if run.axis is not other.axis:
        return None
    lengths = [one.last_step - one.first_step for one in (run, other)]
    if min(lengths) >= SHORT * max(lengths):
        return None
    text = (
        "One was trained for less than half as long as the other: up to {axis:text} "
        "{now:step} now, {before:step} in the baseline. Train both for as long."
    )
    return message(
        "baseline.lengths", text, axis=run.axis.value, now=run.last_step, before=other.last_step
    )


def _curves(run: RunEntry, other: RunEntry) -> Iterator[Curve]:
    """Yield the baseline's curves of the objective and the training loss that both sides draw."""
    objective = run.understanding.objective
    loss = run.understanding.primary("train/loss")
    wanted = dict.fromkeys(one.series for one in (objective, loss) if one is not None)
    drawn = {curve.series: curve.axis for curve in run.curves}
    for series in wanted:
        yield from (c for c in other.curves if c.series == series and drawn.get(series) is c.axis)
