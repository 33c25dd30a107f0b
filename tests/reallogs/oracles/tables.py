"""Tables, taken apart by pandas and turned into numbers by Python."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from tests.reallogs.oracles.points import Points, Runs

_STEPS = {
    "metrics.csv": ("step",),
    "results.csv": ("epoch",),
    "log.csv": ("epoch",),
    "training.log": ("epoch",),
    "progress.csv": ("time/total_timesteps", "TimestepsSoFar"),
    "progress.txt": ("TotalEnvInteracts",),
}
"""The column that counts, by the name of the file; without it rows are counted from 0."""
_CLOCKS = {
    "results.csv": ("time",),
    "progress.csv": ("time/time_elapsed", "TimeElapsed"),
    "progress.txt": ("Time",),
}
"""The column that says when, in seconds since the start: if it goes back only where the steps do,
as the training was resumed, and has more than the one row by which it could be a duration."""
_MISSING = ("", "NA")
_RUN = " - "


def read(path: Path) -> Runs:
    """Read a table with a row per step; a column of which no cell is a number is none."""
    columns = _columns(path)
    counts = columns.pop(_first(_STEPS[path.name], columns), None)
    count = len(next(iter(columns.values())))
    steps = list(range(count)) if counts is None else [int(float(cell)) for cell in counts]
    clock = _first(_CLOCKS.get(path.name, ()), columns)
    times = _times(columns.get(clock, ()), steps)
    series = {}
    for name, cells in columns.items():
        rows = [row for row, cell in enumerate(cells) if cell not in _MISSING]
        if rows and not (times and name == clock):
            found = [times[row] for row in rows] if times else None
            values = [float(cells[row]) for row in rows]
            series[name] = Points([steps[row] for row in rows], values, found)
    return {"": series}


def read_chart(path: Path) -> Runs:
    """Read a chart that W&B's page exported: a column ``RUN - TAG`` for each run."""
    columns = _columns(path)
    steps = [int(cell) for cell in columns.pop("Step")]
    runs: Runs = {}
    for name, cells in columns.items():
        run, _, tag = name.rpartition(_RUN)
        rows = [row for row, cell in enumerate(cells) if cell not in _MISSING]
        if not name.endswith(("__MIN", "__MAX")):
            values = [float(cells[row]) for row in rows]
            runs.setdefault(run, {})[tag] = Points([steps[row] for row in rows], values)
    return runs


def _columns(path: Path) -> dict[str, list[str]]:
    import pandas as pd

    separator = "\t" if path.suffix == ".txt" else ","
    frame = pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False)
    return {name.strip(): [cell.strip() for cell in frame[name]] for name in frame.columns}


def _first(names: Iterable[str], columns: Container[str]) -> str:
    return next((name for name in names if name in columns), "")


def _times(cells: Sequence[str], steps: Sequence[int]) -> list[float] | None:
    if len(cells) < 2 or any(cell in _MISSING for cell in cells):
        return None
    times = [float(cell) for cell in cells]
    pairs = zip(pairwise(times), pairwise(steps), strict=True)
    return times if all(time[0] <= time[1] or at[0] > at[1] for time, at in pairs) else None
