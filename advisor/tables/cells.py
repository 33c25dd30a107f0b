"""From text cells to numbers: what is a value, what is missing, what is neither."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from advisor.run import Floats, Steps

MISSING = frozenset({"", "na", "n/a", "none", "null", "<na>", "#n/a"})
"""Cells that say that nothing was logged, in lower case. ``nan`` is a value."""

_MEANT = re.compile(r"^([\[(]|(tensor|array|np\.float\d+)\(|[+-]?\d[\d.]*(,\d+)*\s?%?$)")
"""A cell that was meant as a number: a list, ``tensor(…)``, ``0,5``, ``95 %``."""

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


def number(cell: str) -> float | None:
    """Return a cell as a number exactly as Python reads it; ``None`` if it is none.

    Python allows ``1_000``; in a log that is no number.
    """
    try:
        value = float(cell)
    except ValueError:
        return None
    return None if "_" in cell else value


def missing(cell: str) -> bool:
    """Tell whether a cell says that nothing was logged."""
    return cell.lower() in MISSING


def numbers(cells: list[str]) -> Numbers:
    """Read a column."""
    if not any("_" in cell for cell in cells):
        try:
            values = np.array(list(map(float, cells)), dtype=np.float64)
        except ValueError:
            pass
        else:
            return Numbers(values, np.ones(len(cells), dtype=bool), ())
    return _mixed(cells)


def _mixed(cells: list[str]) -> Numbers:
    values = np.full(len(cells), np.nan)
    present = np.zeros(len(cells), dtype=bool)
    refused: list[int] = []
    for row, cell in enumerate(cells):
        if missing(cell):
            continue
        value = number(cell)
        if value is None:
            refused.append(row)
        else:
            values[row], present[row] = value, True
    return Numbers(values, present, tuple(refused))


def meant(cells: list[str], refused: tuple[int, ...]) -> bool:
    """Tell whether cells of which none is a number were meant as numbers, not as text."""
    return bool(refused) and _MEANT.match(cells[refused[0]]) is not None


def integers(cells: list[str]) -> tuple[Steps, Mask] | None:
    """Read a column of whole numbers: ``int64[n]`` and which rows have one.

    ``12.0`` and ``1e3`` are whole. Returns ``None`` if a number is not whole or does not
    fit, or if fewer than half of the rows have one.
    """
    steps = np.zeros(len(cells), dtype=np.int64)
    known = np.zeros(len(cells), dtype=bool)
    for row, cell in enumerate(cells):
        value = number(cell)
        if value is None or not math.isfinite(value):
            continue
        if not value.is_integer() or abs(value) >= 2**63:
            return None
        # Beyond 2**53 a float has lost digits that the text still has.
        steps[row] = int(cell) if cell.lstrip("+-").isdigit() else int(value)
        known[row] = True
    return (steps, known) if 2 * known.sum() >= len(cells) > 0 else None
