"""Wall times: the column that says when each row was written, if one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np

from advisor.formats.tables.cells import numbers
from advisor.formats.tables.names import ELAPSED, STAMPS, words
from advisor.formats.tables.table import Table
from advisor.run import Floats, Segments

_FIRST, _LAST = 946_684_800.0, 4_102_444_800.0
"""2000 and 2100, in seconds since 1970."""


def wall_times(table: Table, segments: Segments) -> tuple[str, Floats] | None:
    """Find the column that times the rows, and its times in seconds.

    Time stamps (seconds, milliseconds or ISO 8601, which without a zone is taken as UTC)
    come before seconds since the start. A column that goes back inside a segment, or is
    not filled throughout, is a duration and no clock.
    """
    for wanted, read in ((STAMPS, _stamps), (ELAPSED, _elapsed)):
        for name, times in _found(table, wanted, read):
            if _runs(times, segments):
                return name, times
    return None


def _found(
    table: Table, wanted: tuple[str, ...], read: Callable[[Sequence[str]], Floats | None]
) -> Iterator[tuple[str, Floats]]:
    for target in wanted:
        for name, cells in zip(table.header, table.columns, strict=True):
            spelled = {words(name), words(name.rpartition("/")[2])}
            times = read(cells) if target in spelled else None
            if times is not None:
                yield name, times


def _seconds(cells: Sequence[str]) -> Floats | None:
    found = numbers(cells)
    good = found.present.all() and np.isfinite(found.values).all() and (found.values >= 0).all()
    return found.values if good else None


def _elapsed(cells: Sequence[str]) -> Floats | None:
    times = _seconds(cells)
    # What every epoch took hardly changes; what has passed since the start grows by its own size.
    return None if times is None or times[-1] < 1.5 * times[0] else times


def _stamps(cells: Sequence[str]) -> Floats | None:
    times = _seconds(cells)
    if times is None:
        times = _dates(cells)
    if times is None:
        return None
    if len(times) and times[0] > _LAST:
        times = times / 1000
    return times if ((times > _FIRST) & (times < _LAST)).all() else None


def _dates(cells: Sequence[str]) -> Floats | None:
    try:
        dates = [datetime.fromisoformat(cell) for cell in cells]
    except ValueError:
        return None
    zoned = (date if date.tzinfo else date.replace(tzinfo=UTC) for date in dates)
    return np.array([date.timestamp() for date in zoned], dtype=np.float64)


def _runs(times: Floats, segments: Segments) -> bool:
    """Tell whether a clock goes forward within each segment, and moves at all."""
    changes = np.diff(times)
    inside = np.diff(segments) == 0
    return len(times) < 2 or bool((changes[inside] >= 0).all() and (changes != 0).any())
