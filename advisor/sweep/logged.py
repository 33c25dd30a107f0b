"""What tells runs apart by their logs alone, where no recorded setting does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from advisor.drawing.drawn import Curve
from advisor.summary import RunSummary
from advisor.sweep.trial import Trial
from advisor.text import Message, message

_APART = 0.01
"""Mean distance of two learning rates, as a share of their peak, from which on they are two: less
than a warm-up over a fiftieth of a run makes, more than rounding (chosen by eye)."""
_LONGER = 0.1
"""Share of the longest run that the shortest is short of it by where their lengths differ (chosen
by eye)."""
_GRID = 200
"""Places of the steps that two runs share at which their rates are compared."""


def told_apart(trials: Sequence[Trial]) -> Message:
    """Say of runs without a recorded setting that differs what else in their logs does."""
    rates, lengths = _rates_differ(trials), _lengths_differ(trials)
    if rates and lengths:
        text = (
            "No recorded setting differs, but the logged learning rates and the lengths of the "
            "runs do."
        )
        return message("sweep.design.rates-and-lengths", text)
    if rates:
        text = "No recorded setting differs, but the logged learning rates do."
        return message("sweep.design.rates", text)
    if lengths:
        text = "No recorded setting differs, but the lengths of the runs do."
        return message("sweep.design.lengths", text)
    text = "Nothing that the runs record differs: what told them apart was not logged."
    return message("sweep.design.unknown", text)


def _rates_differ(trials: Sequence[Trial]) -> bool:
    """Tell whether any run's logged rate is another than that of the first with one."""
    curves = [curve for trial in trials if (curve := _rate(trial.run)) is not None]
    return any(_apart(curves[0], other) for other in curves[1:])


def _rate(run: RunSummary) -> Curve | None:
    """Return a run's logged rate as it is drawn; ``None`` where that has gaps or no value."""
    role = run.understanding.primary("lr")
    curve = run.curves.get(role.series) if role else None
    known = [mean for mean in curve.mean if mean is not None] if curve else []
    return curve if curve and known and len(known) == len(curve.mean) else None


def _apart(one: Curve, other: Curve) -> bool:
    """Tell whether two rates without gaps differ over the steps that both were logged for."""
    first, last = max(one.steps[0], other.steps[0]), min(one.steps[-1], other.steps[-1])
    if one.axis is not other.axis or first >= last:
        return False
    grid = np.linspace(first, last, _GRID)
    a, b = (np.interp(grid, c.steps, np.array(c.mean, dtype=float)) for c in (one, other))
    return float(np.abs(a - b).mean()) > _APART * float(max(a.max(), b.max()))


def _lengths_differ(trials: Sequence[Trial]) -> bool:
    """Tell whether runs that count the same steps are of different lengths."""
    lengths: dict[str, list[float]] = {}
    for trial in trials:
        lengths.setdefault(trial.run.axis.value, []).append(trial.lengths[0])
    return any(min(many) < (1.0 - _LONGER) * max(many) for many in lengths.values())
