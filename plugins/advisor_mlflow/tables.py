"""The runs of a database, asked for in MLflow's tables."""

from __future__ import annotations

import math
import sqlite3
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from advisor.formats.trainer import callback_notes
from advisor.language import term
from advisor.model import Value
from advisor.naming import free
from advisor.notes import Note, NoteKind, note
from advisor.run import Run
from advisor_mlflow.params import Params
from advisor_mlflow.points import Points, content

_RUNS = "SELECT run_uuid, name, status, lifecycle_stage FROM runs ORDER BY start_time, run_uuid"
_COUNTED = "SELECT DISTINCT run_uuid FROM metrics"
# Points come in the order in which they were written, as in the file store.
_METRICS = (
    "SELECT key, value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? ORDER BY rowid"
)
_PARAMS = "SELECT key, value FROM params WHERE run_uuid = ? ORDER BY key"
_INFINITE = sys.float_info.max
"""What MLflow stores for infinity, because some databases have none."""


class Row(NamedTuple):
    """One run as the table of runs has it."""

    id: str
    name: str
    finished: bool
    deleted: bool
    logged: bool
    """Whether it has any metric."""


def rows(database: sqlite3.Connection) -> list[Row]:
    """List the runs, the oldest first. Raises ``sqlite3.Error``."""
    logged = {_text(run) for (run,) in database.execute(_COUNTED)}
    return [
        Row(_text(run), _text(name), status == "FINISHED", stage == "deleted", _text(run) in logged)
        for run, name, status, stage in database.execute(_RUNS)
    ]


def runs(
    database: sqlite3.Connection, root: str, file: str, files: tuple[str, ...]
) -> Iterator[Run]:
    """Read the runs that have metrics and are not deleted. Raises ``sqlite3.Error``."""
    taken: set[str] = set()
    for row in rows(database):
        if row.logged and not row.deleted:
            name = free(f"{root}#{_shown(row)}", taken)
            taken.add(name)
            run = _run(database, row, name, file, files)
            if run.series:
                yield run


def _run(
    database: sqlite3.Connection, row: Row, name: str, file: str, files: tuple[str, ...]
) -> Run:
    params = Params()
    for key, value in database.execute(_PARAMS, (row.id,)):
        params.add(_text(key), _text(value), file, f"{file}, table params")
    metrics, refused = _metrics(database, row, file)
    series, notes = content(metrics)
    end = [] if row.finished else [note(NoteKind.UNFINISHED)]
    trainer = callback_notes(series, params.values)
    every = (*notes, *trainer, *refused, *params.notes, *end)
    return Run(name, series, params.values, term("MLflow database"), files, every)


def _shown(row: Row) -> str:
    """Return the run's name if it can stand in a path, else its id."""
    plain = row.name.isprintable() and not {"/", "\\"}.intersection(row.name)
    return row.name if row.name.strip() and plain else row.id


def _metrics(
    database: sqlite3.Connection, row: Row, file: str
) -> tuple[dict[str, Points], list[Note]]:
    found: dict[str, Points] = {}
    bad: list[tuple[int, Value]] = []
    for at, (key, value, time, step, is_nan) in enumerate(database.execute(_METRICS, (row.id,)), 1):
        if (
            not all(isinstance(each, int | float) for each in (value, time))
            or type(step) is not int
        ):
            bad.append((at, f"{value} at {step}"))
            continue
        found.setdefault(_text(key), Points()).add(step, _value(value, is_nan), float(time))
    if not bad:
        return found, []
    line, example = bad[0]
    refused = note(
        NoteKind.CELLS_REFUSED, file=file, line=line, count=len(bad), example=str(example)
    )
    return found, [refused]


def _value(value: float, is_nan: object) -> float:
    if is_nan:
        return math.nan
    return math.copysign(math.inf, value) if abs(value) >= _INFINITE else float(value)


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
