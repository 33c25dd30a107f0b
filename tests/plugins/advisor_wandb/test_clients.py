"""Real clients write; every point must come back as it was logged.

They log offline, in a process of their own; a proxy that does not exist keeps them there.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from advisor.notes import NoteKind
from advisor.reader import Unreadable
from advisor.run import Run
from tests.conftest import skip
from tests.plugins.advisor_wandb import client
from tests.plugins.advisor_wandb.reading import notes, only_run, points, settings

OLD = Path(__file__).parents[3] / ".env-wandb-old" / "bin" / "python"
"""The last client before 0.18, which rewrote it: made by `make loggers`."""

ENVIRONMENT = {
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
    "WANDB_ERROR_REPORTING": "false",
    "WANDB_DISABLE_GIT": "true",
    "WANDB_DISABLE_CODE": "true",
    "WANDB_CONSOLE": "off",
    "WANDB_BASE_URL": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
}

Logged = dict[str, list[tuple[int, float]]]
both = pytest.mark.parametrize(
    "python",
    [
        pytest.param(Path(sys.executable), id="today", marks=pytest.mark.needs("wandb")),
        pytest.param(OLD, id="0.17.9"),
    ],
)


def log(python: Path, scenario: str, folder: Path) -> Logged:
    if not python.exists():
        skip("wandb 0.17.9")
    homes = {name: str(folder / "home") for name in ("HOME", "WANDB_DATA_DIR", "WANDB_CACHE_DIR")}
    said = folder / "said.txt"
    with said.open("wb") as stream:
        process = subprocess.Popen(
            [python, client.__file__, scenario, folder],
            env={**os.environ, **ENVIRONMENT, **homes},
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
        try:
            status = process.wait(timeout=120)
        finally:
            # A client that is killed leaves a helper behind.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert status == (-signal.SIGKILL if scenario == "killed" else 0), said.read_text()
    found = json.loads((folder / "logged.json").read_text())
    return {tag: [(step, float(value)) for step, value in rows] for tag, rows in found.items()}


def tags(run: Run) -> list[str]:
    """Return what was logged, without what the client measured of the machine by itself."""
    return sorted(tag for tag in run.series if not tag.startswith("system/"))


def same(one: list[tuple[int, float]], other: list[tuple[int, float]]) -> bool:
    """Equal bit by bit, with NaN equal to NaN."""
    return repr(one) == repr(other)


@both
def test_everything_logged_comes_back_and_nothing_else(python: Path, tmp_path: Path) -> None:
    logged = log(python, "mixed", tmp_path)
    run = only_run(tmp_path)
    assert tags(run) == sorted(logged)
    for tag, expected in logged.items():
        assert same(points(run, tag), expected), tag
        times = run.series[tag].wall_times
        assert times is not None
        assert ((times > 1.6e9) & (times < 4e9)).all()
    assert run.notes == ()


@both
def test_settings_come_back_with_their_types(python: Path, tmp_path: Path) -> None:
    log(python, "mixed", tmp_path)
    found = settings(only_run(tmp_path))
    assert found == {
        "lr": 3e-4,
        "epochs": 5,
        "optimizer.name": "adam",
        "optimizer.betas": (0.9, 0.999),
        "optimizer.amsgrad": False,
        "scheduler": None,
        "clip": math.inf,
        "added": 7,
    }


@both
def test_records_across_blocks_come_back(python: Path, tmp_path: Path) -> None:
    logged = log(python, "long", tmp_path)
    run = only_run(tmp_path)
    assert tags(run) == sorted(logged)
    assert all(same(points(run, tag), expected) for tag, expected in logged.items())
    assert run.notes == ()


@both
def test_a_resumed_run_is_one_run(python: Path, tmp_path: Path) -> None:
    logged = log(python, "resumed", tmp_path)
    run = only_run(tmp_path)
    assert same(points(run, "loss"), logged["loss"])
    effective = run.series["loss"].effective()
    assert effective.steps.tolist() == list(range(20))
    assert effective.values.tolist() == [10.0 - s for s in range(8)] + [
        100.0 - s for s in range(8, 20)
    ]
    assert settings(run)["lr"] == 0.05
    assert [(note.kind, note.params) for note in run.notes] == [(NoteKind.RESTARTED, {"step": 8})]


@both
def test_a_killed_run_gives_what_was_written(python: Path, tmp_path: Path) -> None:
    logged = log(python, "killed", tmp_path)
    run = only_run(tmp_path)
    assert notes(run, NoteKind.UNFINISHED)
    assert not notes(run, NoteKind.DAMAGED)
    for tag, expected in logged.items():
        found = points(run, tag)
        assert same(found, expected[: len(found)])
        assert len(found) > 1000


@both
def test_a_run_that_logged_nothing_is_unreadable(python: Path, tmp_path: Path) -> None:
    log(python, "silent", tmp_path)
    with pytest.raises(Unreadable, match="before anything was logged"):
        only_run(tmp_path)
