"""What an independent reading of a log gives: plain lists, so that nothing of advisor is in it."""

from __future__ import annotations

from typing import NamedTuple


class Points(NamedTuple):
    """One series, in the order in which it was written."""

    steps: list[int]
    values: list[float]
    times: list[float] | None = None
    """Seconds, where the log has them."""


Runs = dict[str, dict[str, Points]]
"""By the label of the run (empty where a file holds one), then by tag."""


def put(series: dict[str, Points], tag: str, step: int, value: float) -> None:
    """Add one value without a time."""
    found = series.setdefault(tag, Points([], []))
    found.steps.append(step)
    found.values.append(value)
