"""Stores made by hand, in the form in which MLflow writes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

RUN = "4e8d841ca03744a5a8fa3d6b7c7fc8fa"
OTHER = "a0000000000000000000000000000000"
FINISHED = 3
KILLED = 5

TABLES = """
CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT, lifecycle_stage TEXT);
CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time BIGINT,
                   lifecycle_stage TEXT);
CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT,
                      is_nan BOOLEAN);
CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
"""


def meta(run: str = RUN, *, status: int = FINISHED, stage: str = "active") -> str:
    """Return the ``meta.yaml`` of a run that was made on another machine."""
    return (
        f"artifact_uri: file:///home/someone/mlruns/0/{run}/artifacts\nend_time: null\n"
        f"experiment_id: '0'\nlifecycle_stage: {stage}\nrun_id: {run}\nrun_name: bold-fox\n"
        f"run_uuid: {run}\nstatus: {status}\ntags: []\n"
    )


def experiment(store: Path) -> None:
    """Write the ``meta.yaml`` of an experiment that was made on another machine."""
    (store / "0").mkdir(parents=True, exist_ok=True)
    text = "artifact_location: file:///home/someone/mlruns/0\nexperiment_id: '0'\n"
    (store / "0" / "meta.yaml").write_text(text + "lifecycle_stage: active\nname: Default\n")


def run(
    store: Path,
    metrics: dict[str, str],
    params: dict[str, str] | None = None,
    name: str = RUN,
    status: int = FINISHED,
    stage: str = "active",
) -> Path:
    """Write a run with the text of each of its metric and parameter files."""
    folder = store / "0" / name
    folder.mkdir(parents=True)
    (folder / "meta.yaml").write_text(meta(name, status=status, stage=stage))
    for part, files in (("metrics", metrics), ("params", params or {})):
        for key, text in files.items():
            path = folder / part / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return folder


def lines(values: Iterable[object], first: int = 0) -> str:
    """Return the lines of a metric that is logged every second, with steps from ``first``."""
    return "".join(
        f"{1_700_000_000_000 + 1000 * (first + i)} {value} {first + i}\n"
        for i, value in enumerate(values)
    )


def database(path: Path, *, wal: bool = False) -> None:
    """Write a database of one finished run with 10 points."""
    with closing(sqlite3.connect(path)) as made:
        if wal:
            made.execute("PRAGMA journal_mode = WAL")
        made.executescript(TABLES)
        add_run(made, RUN, "bold-fox", "FINISHED", [1 / (i + 1) for i in range(10)])
        made.commit()


def add_run(
    made: sqlite3.Connection,
    run: str,
    name: str | None,
    status: str,
    losses: list[float],
    stage: str = "active",
) -> None:
    """Add a run to an open database."""
    made.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?)", (run, name, status, 0, stage))
    made.executemany(
        "INSERT INTO metrics VALUES ('loss', ?, ?, ?, ?, 0)",
        [(loss, 1_700_000_000_000 + i, run, i) for i, loss in enumerate(losses)],
    )
