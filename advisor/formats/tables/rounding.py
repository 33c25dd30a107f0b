"""Losses that were rounded so coarsely before they were logged that changes do not show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from advisor.formats.tables.names import words
from advisor.notes import Note, NoteKind, note
from advisor.run import Floats, Series

LEAST = 20
"""The fewest values that tell: of so many that were not rounded one has more decimals."""
_LEVELS = 5
"""The fewest different values: a loss that stands still, or is a share of few, is not rounded."""
_MOST = 5
"""Decimals beyond which nothing is noted: they are those of the numbers themselves."""
_FEW = 1000
"""Values that tell what is usual, and mostly that nothing is rounded, so that long series cost
no more."""
_COARSE = 0.01
"""The last decimal, as a share of the usual value, from which on it is noted: a change of a
percent no longer shows. Chosen by eye; finer rounding is below the noise of any loss."""
_LOSSES = frozenset({"loss", "losses", "nll", "perplexity", "ppl"})
"""Words in the names of quantities that are no share of anything, as accuracies are."""


def rounded(series: Mapping[str, Series]) -> Iterator[Note]:
    """Note the losses that have at most so many decimals throughout, by that number."""
    found: dict[int, list[str]] = {}
    for tag, one in series.items():
        if not _LOSSES.isdisjoint(words(tag).split("_")):
            digits = decimals(one.finite().values)
            if digits is not None:
                found.setdefault(digits, []).append(tag)
    for digits, tags in sorted(found.items()):
        yield note(NoteKind.ROUNDED, *tags, digits=digits)


def decimals(values: Floats) -> int | None:
    """Return to how many decimals finite values are rounded, if that hides changes."""
    first, half = values[:_FEW], values[len(values) // 2 :]
    if len(values) < LEAST or len(np.unique(first)) < _LEVELS:
        return None
    late = float(np.median(np.abs(half[:: len(half) // _FEW + 1])))
    for digits in range(1, _MOST + 1):
        if 10.0**-digits < _COARSE * late:
            return None
        if _on_grid(first, digits) and _on_grid(values, digits):
            # Whole numbers are counts of something.
            return None if _on_grid(values, 0) else digits
    return None


def _on_grid(values: Floats, digits: int) -> bool:
    with np.errstate(over="ignore"):  # a number that large has no decimals
        return bool((np.round(values, digits) == values).all())
