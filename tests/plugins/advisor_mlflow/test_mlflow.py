"""Against the real MLflow: both of its stores, with everything that is odd about a run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.notes import NoteKind
from advisor.run import Axis, Run
from tests.plugins.advisor_mlflow.reading import kinds, look, of_kind, read

pytestmark = pytest.mark.needs("mlflow", "sqlalchemy")

SCRIPT = Path(__file__).with_name("logging_runs.py")


@pytest.fixture(scope="module", params=["files", "database"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Let MLflow log into a store of each kind."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "files":
        place = (folder / "mlruns").as_uri()
    else:
        place = f"sqlite:///{(folder / 'mlflow.db').as_posix()}"
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_ALLOW_FILE_STORE": "true"}
    environment = {**os.environ, **quiet}
    subprocess.run(
        [sys.executable, str(SCRIPT), place],
        check=True,
        cwd=folder,
        env=environment,
        capture_output=True,
    )
    return folder


@pytest.fixture
def runs(store: Path) -> dict[str, Run]:
    """Return the runs: the one with many points, and the killed one."""
    found = sorted(read(store), key=lambda run: -run.points)
    return dict(zip(("first", "killed"), found, strict=True))


def test_every_point_is_read_with_its_step(runs: dict[str, Run]) -> None:
    series = runs["first"].series
    assert {tag: len(one) for tag, one in series.items()} == {
        "train/loss": 35,
        "val acc": 2,
        "odd": 4,
        "unstepped": 3,
    }
    assert series["train/loss"].steps.tolist() == [*range(20), *range(10, 25)]
    assert series["train/loss"].values[34] == 0.5 / 25
    assert series["val acc"].steps.tolist() == [5, 10]


def test_what_is_not_finite_is_read_as_it_was_logged(runs: dict[str, Run]) -> None:
    odd = runs["first"].series["odd"].values.tolist()
    assert [repr(value) for value in odd] == ["nan", "inf", "-inf", "2.5"]


def test_a_resumed_run_has_two_segments_of_which_the_later_wins(runs: dict[str, Run]) -> None:
    loss = runs["first"].series["train/loss"]
    assert loss.segments is not None
    assert loss.segments.tolist() == [0] * 20 + [1] * 15
    assert loss.effective().values[10] == 0.5 / 11
    assert of_kind(runs["first"], NoteKind.RESTARTED).params == {"step": 10}


def test_points_without_steps_are_numbered_and_that_is_noted(runs: dict[str, Run]) -> None:
    one = runs["first"].series["unstepped"]
    assert (one.axis, one.steps.tolist()) == (Axis.ROW, [0, 1, 2])
    assert of_kind(runs["first"], NoteKind.STEP_GUESSED).series == ("unstepped",)


def test_parameters_become_what_they_were(runs: dict[str, Run]) -> None:
    config = {path: entry.value for path, entry in runs["first"].config.items()}
    assert config == {
        "lr": 0.1,
        "optimizer": "sgd",
        "amp": True,
        "model/width": 64,
        "sched.warmup": 5,
    }


def test_a_killed_run_is_unfinished_and_a_finished_one_is_not(runs: dict[str, Run]) -> None:
    assert NoteKind.UNFINISHED in kinds(runs["killed"])
    assert NoteKind.UNFINISHED not in kinds(runs["first"])


def test_deleted_and_empty_runs_are_left_out_and_said(store: Path) -> None:
    _, refusals = look(store)
    reasons = " ".join(refusal.reason for refusal in refusals)
    assert len(refusals) == 2
    assert "deleted in MLflow" in reasons
    assert "without metrics" in reasons


def test_reading_leaves_the_store_as_it_was(store: Path) -> None:
    before = _content(store)
    read(store)
    assert _content(store) == before


def _content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
