"""The comparison as the report holds it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from advisor.language import term
from advisor.model import Value
from advisor.report.sweep import Sweep, SweepFactor, SweepRange, SweepRow
from advisor.study import Study
from advisor.sweep.factor import Factor
from advisor.sweep.importance import LEAST, Share, importance
from advisor.sweep.logged import told_apart
from advisor.sweep.names import names_data
from advisor.sweep.region import Region, region
from advisor.sweep.search import Design, Search
from advisor.sweep.trial import Trial
from advisor.text import Message, clean, message, rate

ROWS = 50
"""Runs in the table; the rest is counted."""
FACTORS = 12
"""Hyperparameters in the table, what explains most first."""
LONGEST = 40
"""Characters of a value."""
VALUES = 12
"""Values of one hyperparameter that are listed."""


def sweep_of(study: Study) -> Sweep | None:
    """Return the report's table of the largest comparable group; ``None`` if there is none."""
    if not study.searches:
        return None
    search = study.searches[0]
    factors = sorted(
        (_factor(search, factor) for factor in search.factors),
        key=lambda f: (-(f.share or 0.0) if f.low else 0.0, f.parameter),
    )[:FACTORS]
    shown = {factor.parameter for factor in factors}
    return Sweep(
        objective=search.role.series,
        direction=search.direction,
        weak=search.weak,
        runs=len(search.trials),
        design=_design(search),
        factors=tuple(factors),
        rows=tuple(_row(trial, shown) for trial in search.trials[:ROWS]),
        seed_sd=search.noise.sd if search.noise else None,
        seeds=tuple(tuple(trial.name for trial in group) for group in search.seeds),
        noise=_noise(search),
        method=_method(search),
        left_out=tuple(_left_out(study, search)),
    )


def _factor(search: Search, factor: Factor) -> SweepFactor:
    share, where = importance(search, factor), region(search, factor)
    return SweepFactor(
        parameter=factor.name,
        path=factor.path,
        scale=factor.scale.value,
        values=_listed(factor),
        distinct=len(factor.levels),
        tried=_tried(factor),
        share=share.share if share else None,
        low=share.low if share else None,
        high=share.high if share else None,
        importance=_importance(search, share),
        search=_range(where) if where else None,
    )


_RANGES = {
    "": "{low:rate} to {high:rate}",
    "low": "{low:rate} to {high:rate}, beyond the smallest value tried",
    "high": "{low:rate} to {high:rate}, beyond the largest value tried",
}


def _range(where: Region) -> SweepRange:
    text = _RANGES[where.edge]
    said = message(f"sweep.next.{where.edge or 'within'}", text, low=where.low, high=where.high)
    return SweepRange(low=where.low, high=where.high, beyond=where.edge, message=said)


def _listed(factor: Factor) -> tuple[Value, ...]:
    """Return all values, or as many as are listed: spread evenly from the first to the last."""
    count = len(factor.levels)
    if count <= VALUES:
        return tuple(_short(level) for level in factor.levels)
    chosen = (factor.levels[i * (count - 1) // (VALUES - 1)] for i in range(VALUES))
    return tuple(_short(level) for level in chosen)


def _tried(factor: Factor) -> Message:
    count, numbers = len(factor.levels), factor.numbers
    if count <= VALUES:
        written = (rate(level) for level in numbers) if numbers else map(str, _listed(factor))
        return message("sweep.values", "{values:text}", values=", ".join(written))
    if numbers:
        text = "{n:count value|values}, {low:rate} to {high:rate}"
        return message("sweep.many", text, n=count, low=numbers[0], high=numbers[-1])
    return message("sweep.count", "{n:count value|values}", n=count)


def _short(value: Value) -> Value:
    """Shorten a value that would fill the table."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, str | tuple):
        return clean(", ".join(map(str, value)) if isinstance(value, tuple) else value, LONGEST)
    return value


def _importance(search: Search, share: Share | None) -> Message:
    if share is None and len(search.trials) < LEAST:
        text = "Cannot tell: {n:count run|runs} are too few."
        return message("sweep.few", text, n=len(search.trials))
    if share is None:
        return message("sweep.unrepeated", "Cannot tell: its values hardly repeat.")
    params = {"share": share.share, "low": share.low, "high": share.high}
    if not share.told:
        text = "Cannot tell: {share:percent}, and anything from 0 to {high:percent} is possible."
        return message("sweep.unsure", text, **params)
    text = "Explains {share:percent} ({low:percent} to {high:percent})."
    return message("sweep.share", text, **params)


def _row(trial: Trial, shown: set[str]) -> SweepRow:
    settings = {n: _short(c.value) for n, c in trial.tuned.items() if n in shown}
    return SweepRow(run=trial.name, score=trial.value, settings=settings)


_DESIGNS = {
    Design.GRID: "The runs form a grid.",
    Design.RANDOM: "The values hardly repeat, as in a random search.",
    Design.ONE_AT_A_TIME: "One setting was changed at a time.",
    Design.OTHER: "The settings follow no pattern.",
}


def _design(search: Search) -> Message:
    if not search.factors:
        return told_apart(search.trials)
    return message(f"sweep.design.{search.design.name.lower()}", _DESIGNS[search.design])


def _noise(search: Search) -> Message:
    if search.noise is not None:
        text = (
            "From seed to seed the score differs by {sd:number} (one standard deviation, from "
            "{runs:count run|runs} of {n:count configuration|configurations}): two runs that are "
            "closer than {twice:number} are not told apart."
        )
        noise = search.noise
        # Two standard errors of the difference of two runs.
        twice = 2.0 * math.sqrt(2.0) * noise.sd
        runs = noise.freedom + noise.configurations
        n = noise.configurations
        return message("sweep.seeds", text, sd=noise.sd, runs=runs, n=n, twice=twice)
    if search.run_noise:
        text = (
            "No configuration was run with two seeds, so differences cannot be judged. Within a "
            "run, single values scatter by {sd:number}; whatever is closer is no difference."
        )
        return message("sweep.within", text, sd=search.run_noise)
    text = "No configuration was run with two seeds, so differences cannot be judged."
    return message("sweep.unknown", text)


def _method(search: Search) -> Message:
    text = (
        "Share of the variance of the ranks of {n:count run|runs} that the values of one setting "
        "explain (one-way analysis of variance, corrected for chance); 99% intervals from leaving "
        "out one run at a time. Each setting is looked at alone: those that changed together "
        "share what they explain."
    )
    return message("sweep.method", text, n=len(search.trials))


def _left_out(study: Study, search: Search) -> Iterator[Message]:
    if not any(names_data(path) for path, _ in search.problem):
        text = "The logs do not name the data: all runs are taken to have learned from the same."
        yield message("sweep.data", text)
    if search.unfinished:
        text = "{n:count run is|runs are} left out, being less than half as long as the others."
        yield message("sweep.unfinished", text, n=len(search.unfinished))
    if search.unlike:
        text = "{n:count run is|runs are} left out, as {it:text} too few of the usual settings."
        it = term("it records") if len(search.unlike) == 1 else term("they record")
        yield message("sweep.unlike", text, n=len(search.unlike), it=it)
    accounted = len(search.trials) + len(search.unfinished) + len(search.unlike)
    if rest := len(study.runs) - accounted:
        text = (
            "{n:count run is|runs are} judged by another objective, learned from other data, "
            "or cannot be judged."
        )
        yield message("sweep.other", text, n=rest)
    if len(search.factors) > FACTORS:
        text = "{n:count further setting|further settings} that differed are not shown."
        yield message("sweep.factors", text, n=len(search.factors) - FACTORS)
