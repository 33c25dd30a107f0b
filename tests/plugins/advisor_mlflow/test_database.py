from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.reader import Unreadable
from advisor_mlflow.database import MAGIC
from advisor_mlflow.reader import MlflowDatabaseReader
from tests.plugins.advisor_mlflow import writing
from tests.plugins.advisor_mlflow.reading import kinds, look, of_kind, read


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "mlflow.db"
    writing.database(path)
    return path


def test_a_run_is_named_by_its_name_in_the_database(store: Path) -> None:
    (run,) = read(store)
    assert (run.name, run.source, run.points) == ("mlflow.db#bold-fox", "MLflow database", 10)


@pytest.mark.parametrize("name", [None, "", "../up", "a\\b", "line\nbreak"])
def test_a_run_whose_name_is_none_goes_by_its_id(store: Path, name: str | None) -> None:
    with closing(sqlite3.connect(store)) as made:
        made.execute("UPDATE runs SET name = ?", (name,))
        made.commit()
    assert read(store)[0].name == f"mlflow.db#{writing.RUN}"


def test_two_runs_of_one_name_are_told_apart(store: Path) -> None:
    with closing(sqlite3.connect(store)) as made:
        writing.add_run(made, writing.OTHER, "bold-fox", "RUNNING", [1, 2])
        made.commit()
    names = [run.name for run in read(store)]
    assert names == ["mlflow.db#bold-fox", "mlflow.db#bold-fox#2"]


@pytest.mark.parametrize("status", ["RUNNING", "FAILED", "KILLED", "SCHEDULED"])
def test_a_run_that_did_not_finish_is_noted(store: Path, status: str) -> None:
    with closing(sqlite3.connect(store)) as made:
        made.execute("UPDATE runs SET status = ?", (status,))
        made.commit()
    assert NoteKind.UNFINISHED in kinds(read(store)[0])


@pytest.mark.parametrize("checkpointed", [False, True])
def test_what_is_only_in_the_write_ahead_log_is_read_and_nothing_is_written(
    tmp_path: Path, checkpointed: bool
) -> None:
    path = tmp_path / "mlflow.db"
    writing.database(path, wal=True)
    with closing(sqlite3.connect(path)) as server:
        if not checkpointed:
            server.execute("PRAGMA wal_autocheckpoint = 0")
            writing.add_run(server, writing.OTHER, "live", "RUNNING", [1, 2, 3])
            server.commit()
        before = sorted(file.name for file in tmp_path.iterdir())
        runs = read(path)
        assert sorted(file.name for file in tmp_path.iterdir()) == before
    assert len(runs) == (1 if checkpointed else 2)


def test_a_finished_database_in_wal_mode_gets_no_files_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    writing.database(path, wal=True)
    read(path)
    assert [file.name for file in tmp_path.iterdir()] == ["mlflow.db"]


def test_cells_that_are_no_numbers_are_left_out_and_noted(store: Path) -> None:
    with closing(sqlite3.connect(store)) as made:
        made.execute("UPDATE metrics SET value = 'high' WHERE step = 3")
        made.execute("UPDATE metrics SET step = 'late' WHERE step = 5")
        made.commit()
    (run,) = read(store)
    assert run.points == 8
    assert of_kind(run, NoteKind.CELLS_REFUSED).params["count"] == 2


def test_a_deleted_run_is_left_out_and_said(store: Path) -> None:
    with closing(sqlite3.connect(store)) as made:
        writing.add_run(made, writing.OTHER, "old", "FINISHED", [1], stage="deleted")
        made.commit()
    claims, (refusal,) = look(store)
    assert len(claims) == 1
    assert refusal.file == f"mlflow.db#{writing.OTHER}"


def test_a_database_without_runs_is_refused(store: Path) -> None:
    with closing(sqlite3.connect(store)) as made:
        made.executescript("DELETE FROM runs; DELETE FROM metrics;")
    claims, (refusal,) = look(store)
    assert not claims
    assert refusal.file == "mlflow.db"


def test_another_database_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "mlflow.db")) as made:
        made.execute("CREATE TABLE metrics (loss FLOAT)")
        made.commit()
    assert look(tmp_path) == ([], [])


def test_tables_of_another_version_are_refused(store: Path) -> None:
    with closing(sqlite3.connect(store)) as made:
        made.execute("ALTER TABLE runs DROP COLUMN lifecycle_stage")
    _, (refusal,) = look(store)
    assert "lifecycle_stage" in refusal.reason


@settings(max_examples=60, deadline=None)
# A name that is no UTF-8 ends up in a message that Python then cannot decode.
@example(offset=3535, junk=b"\x80")
@given(offset=st.integers(0, 30_000), junk=st.binary(min_size=1, max_size=40))
def test_a_damaged_database_is_read_or_unreadable(
    tmp_path_factory: pytest.TempPathFactory, offset: int, junk: bytes
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "mlflow.db"
    writing.database(path)
    whole = bytearray(path.read_bytes())
    start = min(max(offset, len(MAGIC)), len(whole) - len(junk))
    whole[start : start + len(junk)] = junk
    path.write_bytes(whole)
    claims, _ = look(path)
    for claim in claims:
        with suppress(Unreadable):
            list(MlflowDatabaseReader().read(replace(claim, base=path.parent)))


def test_what_the_trainer_does_to_its_loss_is_noted(store: Path) -> None:
    with closing(sqlite3.connect(store)) as made:
        made.execute(
            "INSERT INTO params VALUES ('logging_nan_inf_filter', 'True', ?)", (writing.RUN,)
        )
        made.commit()
    assert of_kind(read(store)[0], NoteKind.FILTERED).series == ("loss",)
