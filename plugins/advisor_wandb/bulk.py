"""Rows of nothing but numbers, read many at once: almost all rows of almost all runs are such.

Taken apart one by one, the items of a row cost ten times what protobuf's C decoder needs. Here
one regular expression splits some thousand rows into ``head, number, head, number …``. A *head*
is what precedes the JSON text of an item: its length, its names, the length of the text. There
are few different ones, as names repeat, so each is judged once, in whatever order a row (the
client of 2026 shuffles them) has its items. numpy then proves that the pattern saw what is there:
every length fits, and the items fill their rows. A row of which that is not true, or with a name
not met before, is left to be read item by item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor.run import Floats, Steps
from advisor_wandb.records import EXACT, Path, RowReader

STEP, TIMESTAMP, RUNTIME, IGNORED, FIRST = 1, 2, 3, 4, 5
"""What a head leads to: a value of the row itself, or from ``FIRST`` on a column. 0 is unknown."""
_ITEM = re.compile(
    rb"\n([\x00-\x7f][^\x82]{1,124}\x82\x01[\x00-\x7f])([-+.0-9eE]+)",
    re.DOTALL,
)
_END = b"\x82"
"""Put behind each row: no item can begin or go on there."""
_LAST = re.compile(
    b"(?:|\x12\x00|%s)%s"
    % (
        b"|".join(b"\x12%c\x08[\x80-\xff]{%d}[\x00-\x7f]" % (n + 2, n) for n in range(10)),
        _END,
    )
)
"""What may follow the items of a row: the row's step, which counts only if no item gives one."""

Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Numbers(NamedTuple):
    """What ``read`` found in n rows: m logged numbers, in file order."""

    good: Mask
    """``bool[n]``: which rows were read. All else is meaningless for the others."""
    steps: Steps
    times: Floats
    """``float64[n]``: as in ``History``."""
    rows: Places
    columns: Places
    values: Floats
    """``[m]``: the row, the column and the value of each."""


class Heads(dict[bytes, int]):
    """What each head leads to: ``target << 16 | bytes before the text << 8 | bytes of the text``.

    ``find`` gives the target of a path. One that it does not know is asked for each time anew.
    """

    def __init__(self, find: Callable[[Path], int]) -> None:
        super().__init__()
        self._find, self._reader = find, RowReader()

    def __missing__(self, head: bytes) -> int:
        before, size = len(head) + 1, head[-1]
        # What reading item by item sees behind this head is what it leads to.
        item = b"\n" + head + b"0" * size
        seen = self._reader.quick(item, 0, len(item)) if head[0] + 2 == len(item) else None
        target = self._find(seen[0]) if seen else 0
        code = target << 16 | before << 8 | size
        if target:
            self[head] = code
        return code


def read(rows: Sequence[bytes], heads: Mapping[bytes, int]) -> Numbers:
    """Read the payloads of history records."""
    found = _ITEM.split(_END.join((*rows, b"")))
    texts, count = found[2::3], len(found) // 3
    try:
        values = np.fromiter(map(float, texts), np.float64, count)
    except ValueError:  # such as "1-2": no client writes it
        values = np.full(count, np.nan)
    codes = np.fromiter(map(heads.__getitem__, found[1::3]), np.int64, count)
    sizes = np.fromiter(map(len, texts), np.int64, count)
    bounds = np.fromiter(accumulate(map(len, rows), initial=0), np.int64, len(rows) + 1)
    bounds += np.arange(len(rows) + 1)
    row, tiled, whole = _tiled(bounds, (codes >> 8 & 0xFF) + sizes, found[::3])
    targets = codes >> 16
    # Larger numbers may be whole ones that a float does not hold; NaN is not spelled in digits.
    sound = whole & (targets > 0) & (sizes == codes & 0xFF) & (np.abs(values) < EXACT)
    steps, times, stepped = _own(len(rows), row, targets, values)
    good = tiled & stepped
    good[row[~sound]] = False
    logged = good[row] & (targets >= FIRST)
    return Numbers(good, steps, times, row[logged], targets[logged] - FIRST, values[logged])


def _tiled(bounds: Places, lengths: Places, gaps: list[bytes]) -> tuple[Places, Mask, Mask]:
    """Return the row of each item, which rows have one at both ends, and which items fit.

    ``gaps`` are the bytes before the first item, between items, and behind the last. An item fits
    if the next one follows at once, or only what may stand there up to the end of its row.
    """
    between = np.fromiter(map(len, gaps), np.int64, len(gaps))
    ends = np.cumsum(lengths + between[:-1])
    begins = ends - lengths
    first = np.searchsorted(begins, bounds)
    row = np.repeat(np.arange(len(bounds) - 1), np.diff(first))
    left, follows = bounds[row + 1] - ends, between[1:] == 0
    fits = follows.copy()
    for place in np.flatnonzero(between[1:] >= left).tolist():
        fits[place] = _LAST.fullmatch(gaps[place + 1], 0, left[place]) is not None
    tiled = first[1:] > first[:-1]
    some = np.flatnonzero(tiled)
    tiled[some] = (begins[first[some]] == bounds[some]) & ~follows[first[some + 1] - 1]
    return row, tiled, fits


def _own(count: int, row: Places, targets: Places, values: Floats) -> tuple[Steps, Floats, Mask]:
    """Return the steps and the times of ``count`` rows, and which of them give a whole step."""
    given = {}
    for target in (RUNTIME, TIMESTAMP, STEP):
        column = given[target] = np.full(count, np.nan)
        chosen = targets == target
        column[row[chosen]] = values[chosen]
    times = np.where(np.isnan(given[TIMESTAMP]), given[RUNTIME], given[TIMESTAMP])
    with np.errstate(invalid="ignore"):
        steps = given[STEP].astype(np.int64)
    return steps, times, steps == given[STEP]
