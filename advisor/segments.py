"""What segments, the parts of a series that one writer wrote, tell about its steps."""

from __future__ import annotations

import numpy as np

from advisor.run import Series


def repeats(series: Series) -> int:
    """Count the values that stand at a step for which their segment has another value.

    The same value again (the epoch, on a training and on a validation row) is no repeat.
    """
    if series.segments is None and (np.diff(series.steps) > 0).all():
        return 0
    segment = np.zeros(len(series), np.int64) if series.segments is None else series.segments
    places = list(zip(segment.tolist(), series.steps.tolist(), strict=True))
    values = series.values.view(np.int64).tolist()
    return len(set(zip(places, values, strict=True))) - len(set(places))
