"""Awkward runs: what logs hold on bad days, made for the roles that a rule declares.

The roles are given and not guessed from names, so that a rule meets every shape in every
role that it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from advisor.model import Value
from advisor.roles import PROBE, Kind, Objective, Role, Split, Task, Understanding
from advisor.rule import Rule
from advisor.run import Axis, ConfigValue, Floats, Run, Series, Steps
from advisor.view import OBJECTIVE, Judged

POINTS = 200
"""Points of an awkward series whose shape is not its length."""

LAYERS = ("first", "middle", "last")
"""The layers of which a gradient norm is made where a rule asks for one."""

JUDGES = ("val/loss", "val/metric", "train/loss")
"""The roles that a run made by hand is judged by, the first that is there."""

CONFIG: Mapping[str, Value] = {
    "optimizer.lr": 0.1,
    "batch_size": 32,
    "epochs": 10,
    "dropout": "unknown",
    "weight_decay": None,
    "patience": -1,
    "scheduler.milestones": (30, 60),
}
"""Hyperparameters as they are found: numbers, text where a number is wanted, nothing."""


class Points(NamedTuple):
    """Steps and values of a series."""

    steps: Steps
    values: Floats


Shape = Callable[[int], Points]


def plain(n: int) -> Points:
    """Return a loss that falls as losses do, with a little noise: ``n`` points."""
    x = np.linspace(0.0, 1.0, n)
    return _counted(0.4 + 1.9 * np.exp(-5 * x) + 0.02 * np.random.default_rng(n).normal(size=n))


def _counted(values: Floats) -> Points:
    return Points(np.arange(len(values)), values)


def _filled(value: float) -> Shape:
    return lambda n: _counted(np.full(n, value))


def _changed(change: Callable[[Floats], None]) -> Shape:
    def shape(n: int) -> Points:
        points = plain(n)
        change(points.values)
        return points

    return shape


def _stepped(steps: Callable[[int], Steps]) -> Shape:
    return lambda n: Points(steps(n), plain(n).values)


def _some_nan(values: Floats) -> None:
    values[::3] = np.nan


def _nan_tail(values: Floats) -> None:
    values[len(values) // 2 :] = np.nan


def _spike(values: Floats) -> None:
    values[len(values) // 3] = 1e30


def _infinite_points(values: Floats) -> None:
    values[::7], values[::11] = np.inf, -np.inf


def _negative(values: Floats) -> None:
    values -= 10.0


def _growing(values: Floats) -> None:
    values *= np.geomspace(1.0, 1e200, len(values))


def _zero_at_the_end(values: Floats) -> None:
    values[-len(values) // 4 :] = 0.0


SHAPES: Mapping[str, Shape] = {
    "nothing logged": lambda _: plain(0),
    "one point": lambda _: plain(1),
    "two points": lambda _: plain(2),
    "constant": _filled(0.7),
    "zero": _filled(0.0),
    "1e300": _filled(1e300),
    "-1e300": _filled(-1e300),
    "denormal": _filled(1e-320),
    "all NaN": _filled(np.nan),
    "all infinite": _filled(np.inf),
    "some NaN": _changed(_some_nan),
    "NaN from half way on": _changed(_nan_tail),
    "some infinite": _changed(_infinite_points),
    "one huge spike": _changed(_spike),
    "negative": _changed(_negative),
    "growing to 1e200": _changed(_growing),
    "zero at the end": _changed(_zero_at_the_end),
    "between 1e300 and -1e300": lambda n: _counted(np.where(np.arange(n) % 2, -1e300, 1e300)),
    "integers": lambda n: _counted(np.arange(n, 0, -1, dtype=np.float64) // 20),
    "decreasing steps": _stepped(lambda n: np.arange(n, 0, -1)),
    "duplicate steps": _stepped(lambda n: np.arange(n) // 3),
    "one step": _stepped(lambda n: np.full(n, 5)),
    "huge steps": _stepped(lambda n: 2**60 + np.arange(n)),
    "negative steps": _stepped(lambda n: np.arange(n) - n),
    "a gap of a million steps": _stepped(lambda n: np.arange(n) + 10**6 * (np.arange(n) > n // 2)),
}
"""By what makes them awkward: functions of the number of points."""


def role(key: str, layer: str = "") -> Role:
    """Return the role that a key such as ``val/loss`` names. ``ValueError`` if it names none."""
    if key.startswith(PROBE):
        return Role(series=key, kind=Kind.PROBE, quantity=key, primary=True, how="made by hand")
    split, _, kind = key.rpartition("/")
    metric = Kind(kind) in (Kind.METRIC, Kind.RETURN)
    return Role(
        series=f"{key}/{layer}" if layer else key,
        kind=Kind(kind),
        split=Split(split),
        quantity="accuracy" if kind == "metric" else kind,
        direction="max" if metric else "min" if Kind(kind) is Kind.LOSS else None,
        layer=layer,
        primary=not layer,
        how="made by hand",
    )


def keys(rule: Rule | type[Rule]) -> tuple[str, ...]:
    """Return every role that a rule declares, alternatives apart, each once."""
    declared = (*rule.requires, *rule.uses)
    return tuple(dict.fromkeys(key for entry in declared for key in entry.split("|")))


def judged_run(
    shapes: Mapping[str, Points],
    *,
    objective: bool = True,
    axes: Mapping[str, Axis] | None = None,
) -> Judged:
    """Make a run from its roles; ``objective`` says whether it is judged by one of them."""
    roles = [r for key in shapes for r in _with_layers(key)]
    series = {r.series: _series(r, shapes[r.key], (axes or {}).get(r.key)) for r in roles}
    config = {path: ConfigValue(value=value, origin="by hand") for path, value in CONFIG.items()}
    judge = next((role(key) for key in JUDGES if key in shapes), None) if objective else None
    return Judged(
        Run("awkward", series, config, source="made by hand"),
        Understanding(
            roles=tuple(roles),
            task=Task.UNKNOWN,
            task_evidence="",
            objective=judge
            and Objective(series=judge.series, direction=judge.direction or "min", how="by hand"),
        ),
    )


def _with_layers(key: str) -> Iterable[Role]:
    layers = LAYERS if key == Kind.GRADIENT_NORM else ()
    return (role(key), *(role(key, layer) for layer in layers))


def _series(of: Role, points: Points, axis: Axis | None) -> Series:
    return Series(of.series, points.steps, points.values, axis=axis or Axis.STEP)


def wanted(declared: Iterable[str]) -> tuple[str, ...]:
    """Return the roles that a run must have; for the objective a series that it can be."""
    named = dict.fromkeys(declared)
    if OBJECTIVE in named and not any(key in named for key in JUDGES):
        named[JUDGES[0]] = None
    named.pop(OBJECTIVE, None)
    return tuple(named)


def awkward_runs(rule: Rule | type[Rule]) -> Iterator[tuple[str, Judged]]:
    """Yield runs for the roles that a rule declares, each with what is awkward about it.

    Every shape comes in all roles at once and in each role alone, the others being plain.
    """
    roles = wanted(keys(rule))
    for name, shape in SHAPES.items():
        yield name, judged_run({key: shape(POINTS) for key in roles})
        for odd in roles if len(roles) > 1 else ():
            shapes = {key: (shape if key == odd else plain)(POINTS) for key in roles}
            yield f"{name} in {odd}", judged_run(shapes)
    yield from _lengths_and_axes(roles, rule.points)


def _lengths_and_axes(roles: tuple[str, ...], fewest: int) -> Iterator[tuple[str, Judged]]:
    yield "the fewest points", judged_run({key: plain(max(fewest, 1)) for key in roles})
    lengths = {key: plain(POINTS // (1 + 9 * (i % 2))) for i, key in enumerate(roles)}
    yield "different lengths", judged_run(lengths)
    epochs = {key: Axis.EPOCH for key in roles if key.startswith("val")}
    yield "different axes", judged_run(lengths, axes=epochs)
    apart = {
        key: Points(p.steps + 10_000 * i, p.values) for i, (key, p) in enumerate(lengths.items())
    }
    yield "no step in common", judged_run(apart)
