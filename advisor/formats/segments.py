"""What segments, the parts of a series that one writer wrote, tell about its steps."""

from __future__ import annotations

import numpy as np

from advisor.run import Series


def repeats(series: Series) -> int:
    """Count the values that stand at a step for which their segment has another value.

    The same value again (the epoch, on a training and on a validation row) is no repeat.
    """
    forward = series.steps[1:] > series.steps[:-1]
    if series.segments is not None:
        forward |= series.segments[1:] > series.segments[:-1]
        forward &= series.segments[1:] >= series.segments[:-1]
    if forward.all():
        return 0
    segment = np.zeros(len(series), np.int32) if series.segments is None else series.segments
    values = series.values.view(np.int64)
    order = np.lexsort((values, series.steps, segment))
    places = (np.diff(segment[order]) != 0) | (np.diff(series.steps[order]) != 0)
    return int((~places & (np.diff(values[order]) != 0)).sum())
