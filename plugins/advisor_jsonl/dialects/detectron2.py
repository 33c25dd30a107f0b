"""Detectron2's ``metrics.json``: sorted keys, ``iteration``, several lines for an iteration.

What it prints every 20 iterations is the median of the last 20 (``JSONWriter`` in
``detectron2/utils/events.py``); the learning rate and evaluations are logged as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from advisor.notes import Note, NoteKind, note
from advisor.run import Series
from advisor_jsonl.dialect import Dialect, Lines, Row

_WINDOW = 20
"""``JSONWriter(window_size=20)``."""
_OWN = frozenset({"eta_seconds", "data_time", "rank_data_time"})
"""Timings that its trainer writes; ``iteration`` and ``total_loss`` are names that anybody has."""
_PLAIN = frozenset({"lr", "eta_seconds", "epoch"})


def _fits(rows: Sequence[Row]) -> bool:
    return any("iteration" in row and not _OWN.isdisjoint(row) for row in rows)


def _notes(_: Lines, series: Mapping[str, Series]) -> Iterator[Note]:
    """Note the medians: all that is logged about as often as the loss, and no evaluation is."""
    usual = max((len(one) for one in series.values()), default=0) / 2
    smoothed = [t for t, one in series.items() if t not in _PLAIN and len(one) > usual]
    if smoothed:
        yield note(NoteKind.AVERAGED, *smoothed, window=_WINDOW)


DIALECT = Dialect(
    source="Detectron2 metrics.json",
    proof="lines with iteration beside Detectron2's timings",
    certainty=90,
    fits=_fits,
    notes=_notes,
)
