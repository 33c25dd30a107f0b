"""mmengine, ``vis_data/scalars.json`` and ``<time>.json`` with the same rows.

On training rows ``step`` and ``iter`` count iterations. Validation rows have no ``iter``, and
their ``step`` counts epochs, or iterations where ``log_metric_by_epoch`` is off. Losses and
gradient norms are means over the last ten iterations (``LogProcessor`` in
``mmengine/runner/log_processor.py``; ``after_val_epoch`` in ``mmengine/hooks/logger_hook.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from advisor.formats.tables.cells import Mask
from advisor.formats.tables.sparse import Place
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Series, Steps
from advisor_jsonl.dialect import Dialect, Lines, Row, best_counters

_WINDOW = 10
_MEANS = re.compile(r"train/.*(loss|time|grad_norm)")


def _fits(rows: Sequence[Row]) -> bool:
    return any("step" in row and row["step"] == row.get("iter") for row in rows)


def _split(row: Row) -> tuple[str, str]:
    return "", "train" if "iter" in row else "val"


def _place(lines: Lines) -> dict[str, Place]:
    table = lines.table
    logged, epochs = table.integers("step"), table.integers("epoch")
    train = np.array([split == "train" for split in lines.splits], dtype=bool)
    if logged is None or not train.any():
        return best_counters(lines)
    steps, known = logged
    length = 0 if epochs is None else _epoch_length(epochs[0], steps, train & epochs[1])
    placed = steps.copy()
    last = 0
    for row, value in enumerate(steps.tolist()):
        if train[row]:
            last = value
        elif known[row]:
            # An epoch's number is below the iterations it took; an iteration is not.
            placed[row] = value if value >= last else max(value * length, last)
    place = Place(Axis.STEP, placed, known)
    return {name: place for name in table.names if name not in ("step", "iter")}


def _epoch_length(epochs: Steps, steps: Steps, train: Mask) -> int:
    """Return the iterations of an epoch: from the first row of one epoch to that of a later one.

    The last row of an epoch does not tell, as what is left after a full interval is not logged.
    Returns 0 if the rows do not say.
    """
    numbers, first = np.unique(epochs[train], return_index=True)
    if len(numbers) < 2:
        return 0
    starts = steps[train][first]
    return max(0, round(float(starts[-1] - starts[0]) / float(numbers[-1] - numbers[0])))


def _notes(_: Lines, series: Mapping[str, Series]) -> Iterator[Note]:
    means = [tag for tag in series if _MEANS.match(tag)]
    if means:
        yield note(NoteKind.AVERAGED, *means, window=_WINDOW)


DIALECT = Dialect(
    source=term("OpenMMLab log of mmengine"),
    proof="rows whose step is their iter",
    certainty=90,
    fits=_fits,
    split=_split,
    place=_place,
    notes=_notes,
    configs=("config.py",),
)
