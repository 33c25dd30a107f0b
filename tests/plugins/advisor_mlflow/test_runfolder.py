from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.reader import Unreadable
from advisor_mlflow.lines import parse
from tests.plugins.advisor_mlflow import writing
from tests.plugins.advisor_mlflow.reading import kinds, of_kind, read


def test_lines_of_two_three_and_five_fields_are_points(tmp_path: Path) -> None:
    writing.run(tmp_path, {"loss": "1000 3.5\n2000 2.5 7\n3000 1.5 8 data 0123abcd\n"})
    loss = read(tmp_path)[0].series["loss"]
    assert loss.values.tolist() == [3.5, 2.5, 1.5]
    assert loss.steps.tolist() == [0, 7, 8]
    assert loss.wall_times is not None
    assert loss.wall_times.tolist() == [1, 2, 3]


def test_a_line_that_is_no_point_is_left_out_and_noted(tmp_path: Path) -> None:
    folder = writing.run(tmp_path, {"loss": "1 2 3\nCorrupt!\n4 x 6\n7 8 9\n"})
    (run,) = read(tmp_path)
    assert run.series["loss"].steps.tolist() == [3, 9]
    assert of_kind(run, NoteKind.CELLS_REFUSED).params == {
        "file": f"0/{folder.name}/metrics/loss",
        "line": 2,
        "count": 2,
        "example": "Corrupt!",
    }


def test_a_last_line_without_its_end_is_not_trusted(tmp_path: Path) -> None:
    writing.run(tmp_path, {"loss": "1000 2.5 30\n2000 1.5 3"})
    (run,) = read(tmp_path)
    assert run.series["loss"].steps.tolist() == [30]
    assert of_kind(run, NoteKind.TRUNCATED).params["offset"] == 12


@pytest.mark.parametrize("status", [1, 2, 4, 5])
def test_a_run_that_did_not_finish_is_noted(tmp_path: Path, status: int) -> None:
    writing.run(tmp_path, {"loss": writing.lines([1, 2])}, status=status)
    assert NoteKind.UNFINISHED in kinds(read(tmp_path)[0])


def test_a_finished_run_in_order_has_no_notes(tmp_path: Path) -> None:
    metrics = {"loss": writing.lines(range(9)), "val": writing.lines(range(3))}
    writing.run(tmp_path, metrics, {"lr": "1e-3"})
    assert read(tmp_path)[0].notes == ()


def test_what_the_trainer_does_to_its_loss_is_noted(tmp_path: Path) -> None:
    params = {"logging_nan_inf_filter": "True", "logging_steps": "10"}
    writing.run(tmp_path, {"loss": writing.lines(range(9))}, params)
    assert kinds(read(tmp_path)[0]) == {NoteKind.AVERAGED, NoteKind.FILTERED}


def test_a_resumed_run_is_one_segment_for_all_its_metrics(tmp_path: Path) -> None:
    again = "".join(f"{1_700_000_100_000 + i} 0 {i}\n" for i in (5, 6))
    late = "1700000101000 1 9\n"
    metrics = {"loss": writing.lines(range(8)) + again, "acc": writing.lines([1, 2]) + late}
    writing.run(tmp_path, metrics)
    (run,) = read(tmp_path)
    segments = run.series["acc"].segments
    assert segments is not None
    assert segments.tolist() == [0, 0, 1]
    assert of_kind(run, NoteKind.RESTARTED).params == {"step": 5}


def test_steps_in_no_order_are_no_restarts(tmp_path: Path) -> None:
    shuffled = "".join(f"{1000 * i} 1 {step}\n" for i, step in enumerate((3, 1, 4, 0, 5, 2)))
    writing.run(tmp_path, {"loss": shuffled})
    (run,) = read(tmp_path)
    assert run.series["loss"].segments is None
    assert NoteKind.RESTARTED not in kinds(run)


def test_steps_that_repeat_are_kept_and_noted(tmp_path: Path) -> None:
    writing.run(tmp_path, {"loss": "1 5 1\n2 6 1\n3 7 2\n"})
    (run,) = read(tmp_path)
    assert len(run.series["loss"]) == 3
    assert of_kind(run, NoteKind.DUPLICATE_STEPS).params == {"count": 1}


def test_a_run_without_points_is_unreadable(tmp_path: Path) -> None:
    writing.run(tmp_path, {"loss": "", "acc": "\n"})
    with pytest.raises(Unreadable, match="no point"):
        read(tmp_path)


def test_a_meta_yaml_that_is_none_costs_nothing_but_itself(tmp_path: Path) -> None:
    folder = writing.run(tmp_path, {"loss": writing.lines([1])})
    (folder / "meta.yaml").write_text("lifecycle_stage: active\nrun_id: x\n\tno: yaml\n")
    (run,) = read(tmp_path)
    assert run.points == 1
    assert NoteKind.CONFIG_UNREADABLE in kinds(run)


@given(st.binary(max_size=300))
def test_any_bytes_are_points_or_noted(data: bytes) -> None:
    points, notes = parse(data, "loss", "loss")
    lines = [line for line in data.split(b"\n")[:-1] if line.strip()]
    refused = sum(int(str(n.params.get("count", 0))) for n in notes)
    assert len(points.steps) + refused == len(lines)
