"""From text cells to numbers: what is a value, what is missing, what is neither."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from advisor.formats.tables.parsed import Mask, Numbers, Parsed
from advisor.run import Steps

__all__ = ["Mask", "Numbers", "filled", "integers", "meant", "missing", "number", "numbers"]

MISSING = frozenset({"", "na", "n/a", "none", "null", "<na>", "#n/a"})
"""Cells that say that nothing was logged, in lower case. ``nan`` is a value."""

_MEANT = re.compile(r"^([\[(]|(tensor|array|np\.float\d+)\(|[+-]?\d[\d.]*(,\d+)*\s?%?$)")
"""A cell that was meant as a number: a list, ``tensor(…)``, ``0,5``, ``95 %``."""

_EXACT = 2**53
"""From here on a float has lost digits that the text still has."""


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


def numbers(cells: Sequence[str]) -> Numbers:
    """Read a column."""
    if isinstance(cells, Parsed):
        return cells.numbers
    if not any("_" in cell for cell in cells):
        try:
            values = np.array(list(map(float, cells)), dtype=np.float64)
        except ValueError:
            pass
        else:
            return Numbers(values, np.ones(len(cells), dtype=bool), ())
    return _mixed(cells)


def filled(cells: Sequence[str]) -> Mask:
    """Tell of each cell, ``bool[n]``, whether anything was logged in it."""
    if not isinstance(cells, Parsed):
        return np.fromiter((not missing(cell) for cell in cells), bool, len(cells))
    mask = cells.numbers.present.copy()
    mask[list(cells.numbers.refused)] = True
    return mask


def _mixed(cells: Sequence[str]) -> Numbers:
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


def meant(cells: Sequence[str], refused: tuple[int, ...]) -> bool:
    """Tell whether cells of which none is a number were meant as numbers, not as text."""
    return bool(refused) and _MEANT.match(cells[refused[0]]) is not None


def integers(cells: Sequence[str]) -> tuple[Steps, Mask] | None:
    """Read a column of whole numbers: ``int64[n]`` and which rows have one.

    ``12.0`` and ``1e3`` are whole. Returns ``None`` if a number is not whole or does not
    fit, or if fewer than half of the rows have one.
    """
    values = numbers(cells).values
    known = np.isfinite(values)
    whole = np.where(known, values, 0.0)
    if (whole != np.floor(whole)).any() or (np.abs(whole) >= 2.0**63).any():
        return None
    steps = whole.astype(np.int64)
    for row in np.flatnonzero(np.abs(whole) >= _EXACT).tolist():
        cell = cells[row]
        steps[row] = int(cell) if cell.lstrip("+-").isdigit() else int(whole[row])
    return (steps, known) if 2 * known.sum() >= len(cells) > 0 else None
