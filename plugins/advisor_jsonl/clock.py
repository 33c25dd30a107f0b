"""Wall times: the column that says when each row was written, if one does."""

from __future__ import annotations

import numpy as np

from advisor.formats.tables.names import ELAPSED, STAMPS, words
from advisor.formats.tables.sparse import Sparse
from advisor.run import Floats

_FIRST, _LAST = 946_684_800.0, 4_102_444_800.0
"""2000 and 2100, in seconds since 1970."""


def wall_times(table: Sparse) -> tuple[str, Floats] | None:
    """Find the column that times the rows: its name, and ``float64[n]`` in seconds.

    Time stamps (seconds or milliseconds) come before seconds since the start. Seconds that
    do not go on over most rows are a duration and no clock.
    """
    for wanted, fits in ((STAMPS, _is_stamp), (ELAPSED, _is_elapsed)):
        for name in table.names:
            if words(name.rpartition("/")[2]) in wanted and fits(table.values(name)):
                times = table.spread(name)
                return name, times / 1000 if (times > _LAST).any() else times
    return None


def _is_stamp(times: Floats) -> bool:
    seconds = np.where(times > _LAST, times / 1000, times)
    return bool(((seconds > _FIRST) & (seconds < _LAST)).all())


def _is_elapsed(times: Floats) -> bool:
    # What every epoch took hardly changes; what has passed since the start grows by its own size.
    forward = np.diff(times) > 0
    return len(times) > 2 and bool(forward.mean() > 0.9) and bool(times[-1] >= 1.5 * times[0])
