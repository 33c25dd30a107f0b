"""A log that is named by itself has the settings of its directory, as if that had been named."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from advisor.claims import Filters, find_tasks
from advisor.manager import load_plugins
from advisor.reader import Claim
from advisor.walk import Listing, walk
from tests.plugins.advisor_tensorboard.writing import curve, write
from tests.support import HandReader

ROWS = [{"step": step, "loss": 1 / (1 + step)} for step in range(20)]


def _table(file: Path) -> None:
    file.write_text("step,loss\n" + "".join(f"{row['step']},{row['loss']}\n" for row in ROWS))


def _lines(file: Path) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))


def _state(file: Path) -> None:
    history = [{**row, "log": file.name} for row in ROWS]
    file.write_text(json.dumps({"global_step": 19, "log_history": history}))


def _factory(file: Path) -> None:
    rows = ({"current_steps": row["step"], "total_steps": 20, "loss": row["loss"]} for row in ROWS)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _events(file: Path) -> None:
    write(file.parent, *curve("loss", range(20)), name=file.name)


LOGS = {
    "metrics.csv": _table,
    "log.jsonl": _lines,
    "trainer_state.json": _state,
    "trainer_log.jsonl": _factory,
    "events.out.tfevents.1700000000.host.1.0": _events,
}
Written = Callable[[Path], None]


def _settings(log: Path) -> list[dict[str, object]]:
    """Return the settings of each run that is read where ``log`` is named."""
    readers = load_plugins().readers
    tasks = find_tasks([log], readers.values(), Filters()).tasks
    runs = [run for task in tasks for run in readers[task.claim.reader].read(task.claim)]
    return [{name: entry.value for name, entry in run.config.items()} for run in runs]


@pytest.mark.parametrize(("name", "put"), LOGS.items())
def test_a_log_that_is_named_has_the_settings_beside_it(
    tmp_path: Path, name: str, put: Written
) -> None:
    put(tmp_path / name)
    (tmp_path / "config.json").write_text('{"lr": 0.1}')
    (tmp_path / "below").mkdir()
    (tmp_path / "below/config.json").write_text('{"seed": 1}')
    (found,) = _settings(tmp_path / name)
    assert found["lr"] == 0.1
    assert "seed" not in found
    assert found == _settings(tmp_path)[0]


@pytest.mark.parametrize("name", ["metrics.csv", "log.jsonl", "trainer_state.json"])
def test_settings_beside_two_logs_are_neithers(tmp_path: Path, name: str) -> None:
    for file in (name, f"other_{name}"):
        LOGS[name](tmp_path / file)
    (tmp_path / "config.json").write_text('{"lr": 0.1}')
    (found,) = _settings(tmp_path / name)
    assert "lr" not in found


@pytest.mark.parametrize("name", ["metrics.csv", "log.jsonl"])
def test_what_is_no_log_stands_in_no_settings_way(tmp_path: Path, name: str) -> None:
    LOGS[name](tmp_path / name)
    (tmp_path / "iris.csv").write_text("width,kind\n1,a\n2,b\n")
    (tmp_path / "vocabulary.jsonl").write_text('{"a": 1}\n{"b": 2}\n')
    (tmp_path / "config.json").write_text('{"lr": 0.1}')
    assert _settings(tmp_path / name) == [{"lr": 0.1}]


def test_either_file_of_a_mmengine_run_has_its_settings(tmp_path: Path) -> None:
    folder = tmp_path / "vis_data"
    folder.mkdir()
    for name in ("20240101_000000.json", "scalars.json"):
        _lines(folder / name)
    (folder / "config.py").write_text("lr = 0.1\n")
    (folder / "config.json").write_text('{"seed": 1}')
    assert _settings(folder / "scalars.json")[0]["seed"] == 1


def test_a_link_that_is_named_has_the_settings_beside_the_link(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    _table(tmp_path / "store/metrics.csv")
    (tmp_path / "metrics.csv").symlink_to("store/metrics.csv")
    (tmp_path / "config.json").write_text('{"lr": 0.1}')
    assert _settings(tmp_path / "metrics.csv") == [{"lr": 0.1}]


def test_a_directory_is_listed_once_for_all_files_that_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / f"{n}.csv" for n in range(9)]
    for file in files:
        _table(file)
    scanned: list[Path] = []
    scan = os.scandir

    def counted(path: Path) -> Iterator[os.DirEntry[str]]:
        scanned.append(path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", counted)
    find_tasks(files, load_plugins().readers.values(), Filters())
    assert scanned == [tmp_path]


def test_what_lies_beside_a_named_log_is_no_log_of_a_claim(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        _table(tmp_path / name)

    def claims(listing: Listing) -> list[Claim]:
        return [Claim("hand", "b", (file.path,), "") for file in listing.around.files]

    found = find_tasks([tmp_path / "a.csv"], [HandReader("hand", claims)], Filters())
    assert (found.tasks, len(found.problems)) == ([], 1)
    assert walk(tmp_path).around.files == walk(tmp_path).files
