"""A column of a large table: its numbers at hand, its text only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

import numpy as np
import numpy.typing as npt

from advisor.run import Floats

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The cells of one column as numbers."""

    values: Floats
    """``float64[n]``: NaN where there is no value."""
    present: Mask
    """``bool[n]``: which cells are values."""
    refused: tuple[int, ...]
    """Rows whose cell is neither a number nor missing."""


class Parsed(Sequence[str]):
    """Cells whose numbers are known already; otherwise the same as a list of stripped text."""

    def __init__(self, numbers: Numbers, read: Callable[[], list[str]]) -> None:
        self.numbers = numbers
        self._read = read

    @cached_property
    def text(self) -> list[str]:
        """The cells as text, stripped of spaces; read from the file's bytes the first time."""
        return self._read()

    def __len__(self) -> int:
        return len(self.numbers.values)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        return self.text[index]

    def take(self, rows: list[int]) -> Parsed:
        """Return some of the cells; ``rows`` go up."""
        chosen = np.asarray(rows, dtype=np.intp)
        refused = np.flatnonzero(np.isin(chosen, self.numbers.refused))
        taken = Numbers(
            self.numbers.values[chosen], self.numbers.present[chosen], tuple(refused.tolist())
        )
        return Parsed(taken, lambda: [self.text[row] for row in rows])
