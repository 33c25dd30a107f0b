"""mmcv 1.x, ``<time>.log.json``: a first line about the run, then rows with ``mode``.

``iter`` starts anew each epoch, or runs on where the runner counts iterations; on validation
rows it counts the batches of the validation set. All numbers have five decimals, so that a
small learning rate is written as 0.0; training values are means since the row before
(``TextLoggerHook`` in ``mmcv/runner/hooks/logger/text.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from advisor.formats.tables.cells import Mask
from advisor.formats.tables.sparse import Place, every_row
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Series, Steps
from advisor_jsonl.dialect import Dialect, Lines, Row

_DIGITS = 5
_PLAIN = frozenset({"train/lr", "train/momentum", "train/memory"})
_MODES = ("train", "val")


def _fits(rows: Sequence[Row]) -> bool:
    return any(row.get("mode") in _MODES and {"epoch", "iter"} <= row.keys() for row in rows)


def _place(lines: Lines) -> dict[str, Place]:
    """Put all columns on one axis of iterations, if the rows say so much."""
    table = lines.table
    epochs, iters = table.integers("epoch"), table.integers("iter")
    train = np.array([split == "train" for split in lines.splits], dtype=bool)
    names = [name for name in table.names if name not in ("epoch", "iter")]
    if epochs is None or iters is None:
        rows = every_row(Axis.ROW, np.arange(len(table)), "the number of the row")
        return dict.fromkeys(names, rows)
    known = epochs[1] & iters[1]
    if not (train & known).any():
        return dict.fromkeys(names, Place(Axis.EPOCH, epochs[0], epochs[1]))
    return dict.fromkeys([*names, "epoch"], _iterations(epochs[0], iters[0], train & known, known))


def _iterations(epochs: Steps, iters: Steps, train: Mask, known: Mask) -> Place:
    if not _starts_anew(epochs[train], iters[train]):
        return Place(Axis.STEP, _carried(np.where(train, iters, -1)), known)
    length = int(iters[train].max())
    steps = np.where(train, (epochs - 1) * length + iters, epochs * length)
    interval = _interval(iters[train])
    # What is left of an epoch after its last full interval is not logged.
    exact = interval == 1 or length % interval != 0
    guess = None if exact else f"(epoch - 1) × {length} + iter"
    return Place(Axis.STEP, steps, known, guess)


def _starts_anew(epochs: Steps, iters: Steps) -> bool:
    """Tell whether iterations go back where epochs go forward; one epoch starts with the run."""
    back = np.diff(iters) < 0
    forward = np.diff(epochs) > 0
    return bool((back & forward).sum() > forward.sum() / 2) or not forward.any()


def _carried(steps: Steps) -> Steps:
    """Give each row without a step (-1) the one of the last row that had one; first rows get 0."""
    last = np.maximum.accumulate(np.where(steps >= 0, np.arange(len(steps)), 0))
    carried: Steps = np.maximum(steps[last], 0)
    return carried


def _interval(iters: Steps) -> int:
    gaps = np.diff(iters)
    return int(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 1


def _notes(lines: Lines, series: Mapping[str, Series]) -> Iterator[Note]:
    found = lines.table.integers("iter")
    train = np.array([split == "train" for split in lines.splits], dtype=bool)
    interval = _interval(found[0][train & found[1]]) if found else 1
    means = [tag for tag in series if tag.startswith("train/") and tag not in _PLAIN]
    if interval > 1 and means:
        yield note(NoteKind.AVERAGED, *means, window=interval)
    if all((np.round(one.finite().values, _DIGITS) == one.finite().values).all()
           for one in series.values()):  # fmt: skip
        yield note(NoteKind.ROUNDED, digits=_DIGITS)


DIALECT = Dialect(
    source=term("OpenMMLab log of mmcv 1.x"),
    proof="rows with mode, epoch and iter",
    certainty=90,
    fits=_fits,
    place=_place,
    notes=_notes,
)
