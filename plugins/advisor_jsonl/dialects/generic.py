"""Any other lines with a step or an epoch in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advisor.formats.tables.rounding import rounded
from advisor.language import term
from advisor.notes import Note
from advisor.run import Series
from advisor_jsonl.dialect import Dialect, Lines


def _notes(_: Lines, series: Mapping[str, Series]) -> Iterator[Note]:
    return rounded(series)


DIALECT = Dialect(
    source=term("JSON lines"),
    proof="an object a line, with a counter of steps",
    certainty=60,
    fits=lambda _: True,
    own_folder=False,
    notes=_notes,
)
