"""The curves that the page's script draws anew: each once, whichever charts show it.

They are not taken from the report's JSON: a page whose report is too large to be held has charts
too, and those of a small one are there at once.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from advisor.drawn import Curve
from advisor.language import word

SHORT, LONG = 5, 6
"""Significant digits of a value; one more where the curve is flat beside its height."""
FLAT = 0.01
"""Share of its largest value within which a curve is flat."""


class Store:
    """Gives each curve of the page's charts a number, and writes them all down."""

    def __init__(self) -> None:
        self._curves: list[Curve] = []
        self._places: dict[int, int] = {}

    def place(self, curve: Curve) -> int:
        """Return the number of a curve; two curves that are equal, but not the same, have two."""
        if id(curve) not in self._places:
            self._places[id(curve)] = len(self._curves)
            self._curves.append(curve)
        return self._places[id(curve)]

    def to_json(self) -> str:
        """Write the curves by number, with the axis, and without any name from a log.

        ``steps`` holds the first step, then how far each lies from the one before.
        """
        return json.dumps([_packed(curve) for curve in self._curves], separators=(",", ":"))


def _packed(curve: Curve) -> dict[str, Any]:
    steps = curve.steps
    moves = [step - before for before, step in pairwise(steps)]
    columns = {"mean": curve.mean, "low": curve.low, "high": curve.high}
    digits = _digits(curve)
    short = {name: _short(values, digits) for name, values in columns.items() if values}
    return {"axis": word(curve.axis.value), "steps": [*steps[:1], *moves], **short}


def _digits(curve: Curve) -> int:
    known = [value for value in (*curve.mean, *(curve.low or ()), *(curve.high or ())) if value]
    largest = max(map(abs, known), default=0.0)
    flat = max(known, default=0.0) / 2 - min(known, default=0.0) / 2 < FLAT / 2 * largest
    return LONG if flat else SHORT


def _short(values: tuple[float | None, ...], digits: int) -> list[float | None]:
    return [None if value is None else float(f"{value:.{digits}g}") for value in values]
