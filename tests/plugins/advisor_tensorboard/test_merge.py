"""Several files of one directory: restarts, start marks and the processes of one job."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.run import Axis
from advisor_tensorboard import records
from advisor_tensorboard.merge import in_order
from advisor_tensorboard.records import ALWAYS_CHECKED
from advisor_tensorboard.restarts import writers
from tests.plugins.advisor_tensorboard.reading import notes, only_run
from tests.plugins.advisor_tensorboard.writing import (
    NAME,
    block,
    curve,
    event,
    scalar,
    session_start,
    summary,
    tf2_scalar,
    write,
)

FIRST, SECOND, THIRD = (f"events.out.tfevents.170000000{n}.host.1.0" for n in range(3))
LATER = 1e9 + 1e4


def test_one_file_is_one_writer_and_needs_no_note(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(10)))
    run = only_run(tmp_path)
    assert run.series["loss"].segments is None
    assert run.notes == ()
    assert run.source == "TensorBoard event file"


def test_a_restart_keeps_every_point_and_says_where_it_was(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(100)), name=FIRST)
    write(tmp_path, *curve("loss", range(50, 150), LATER), name=SECOND)
    run = only_run(tmp_path)
    loss = run.series["loss"]
    assert loss.steps.tolist() == [*range(100), *range(50, 150)]
    assert loss.segments is not None
    assert loss.segments.tolist() == [0] * 100 + [1] * 100
    assert [note.params["step"] for note in notes(run, NoteKind.RESTARTED)] == [50]
    assert loss.effective().steps.tolist() == list(range(150))


def test_a_file_that_goes_on_where_the_last_ended_is_no_restart(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(50)), name=FIRST)
    write(tmp_path, *curve("loss", range(50, 100), LATER), name=SECOND)
    run = only_run(tmp_path)
    assert run.notes == ()
    segments = run.series["loss"].segments
    assert segments is not None
    assert np.unique(segments).tolist() == [0, 1]


def test_a_restart_that_only_some_series_show_names_them(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(50)), *curve("val", [10, 20]), name=FIRST)
    write(tmp_path, *curve("loss", range(30, 60), LATER), *curve("val", [40], LATER), name=SECOND)
    (note,) = notes(only_run(tmp_path), NoteKind.RESTARTED)
    assert (note.params["step"], note.series) == (30, ("loss",))


def test_a_start_mark_voids_what_was_logged_from_its_step_on(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(100)), *curve("rare", [95]), name=FIRST)
    write(tmp_path, session_start(50), *curve("loss", range(50, 60), LATER), name=SECOND)
    run = only_run(tmp_path)
    assert run.series["loss"].steps.tolist() == list(range(60))
    # Nothing new was logged for it, and its only point was voided.
    assert "rare" not in run.series
    assert [note.params["step"] for note in notes(run, NoteKind.RESTARTED)] == [50]


def test_a_start_mark_holds_for_what_lies_before_it_in_its_own_file(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(10)), session_start(5), *curve("loss", range(5, 8), LATER))
    run = only_run(tmp_path)
    assert run.series["loss"].steps.tolist() == list(range(8))
    assert run.series["loss"].values.tolist() == pytest.approx([1 / (1 + n) for n in range(8)])


def test_a_start_mark_that_voids_nothing_is_no_restart(tmp_path: Path) -> None:
    write(tmp_path, session_start(0), *curve("loss", range(10)), name=FIRST)
    write(tmp_path, session_start(10), *curve("loss", range(10, 20), LATER), name=SECOND)
    assert only_run(tmp_path).notes == ()


def test_of_two_start_marks_the_lower_counts(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(100)), name=FIRST)
    write(tmp_path, session_start(80), *curve("loss", range(80, 90), LATER), name=SECOND)
    write(tmp_path, session_start(20), *curve("loss", range(20, 30), 2 * LATER), name=THIRD)
    run = only_run(tmp_path)
    assert run.series["loss"].steps.tolist() == list(range(30))
    assert [note.params["step"] for note in notes(run, NoteKind.RESTARTED)] == [20]


def test_files_written_at_the_same_time_are_processes_not_restarts(tmp_path: Path) -> None:
    for process in range(4):
        shifted = curve("loss", range(100), 1e9 + process / 10)
        write(tmp_path, *shifted, name=f"events.out.tfevents.1700000000.host.{process}.0")
    run = only_run(tmp_path)
    assert run.series["loss"].steps.tolist() == list(range(100))
    assert run.series["loss"].wall_times is not None
    assert run.series["loss"].wall_times[0] == 1e9
    (note,) = run.notes
    assert (note.kind, note.params) == (NoteKind.RANKS, {"count": 4})


def test_what_only_another_process_logged_is_kept(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(50)), name=FIRST)
    write(tmp_path, *curve("loss", range(50)), *curve("val", range(0, 50, 5)), name=SECOND)
    run = only_run(tmp_path)
    assert len(run.series["loss"]) == 50
    assert len(run.series["val"]) == 10


def test_a_value_that_each_process_logged_once_is_no_restart(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(50)), *curve("test", [50]), name=FIRST)
    write(tmp_path, *curve("loss", range(50)), *curve("test", [50]), name=SECOND)
    run = only_run(tmp_path)
    assert run.points == 51
    assert [note.kind for note in run.notes] == [NoteKind.RANKS]


def test_processes_that_were_restarted_are_both(tmp_path: Path) -> None:
    for process in range(2):
        write(tmp_path, *curve("loss", range(100)), name=f"{FIRST}.{process}")
        write(tmp_path, *curve("loss", range(50, 150), LATER), name=f"{SECOND}.{process}")
    run = only_run(tmp_path)
    assert run.series["loss"].steps.tolist() == [*range(100), *range(50, 150)]
    assert notes(run, NoteKind.RANKS)[0].params["count"] == 2
    assert notes(run, NoteKind.RESTARTED)[0].params["step"] == 50


def test_two_writers_of_different_tags_are_one_run(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(50)), name=FIRST)
    write(tmp_path, *curve("val", range(50)), name=SECOND)
    run = only_run(tmp_path)
    assert run.notes == ()
    assert run.points == 100


def test_clocks_that_differ_a_little_do_not_make_a_restart_a_process(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(100)), name=FIRST)
    write(tmp_path, *curve("loss", range(50, 150), 1e9 + 40), name=SECOND)
    run = only_run(tmp_path)
    assert not notes(run, NoteKind.RANKS)
    assert len(run.series["loss"]) == 200


def test_a_restart_inside_one_file_is_another_writer(tmp_path: Path) -> None:
    write(tmp_path, *curve("loss", range(100)), *curve("loss", range(50, 150), LATER))
    run = only_run(tmp_path)
    segments = run.series["loss"].segments
    assert segments is not None
    assert segments.tolist() == [0] * 100 + [1] * 100
    assert [note.params["step"] for note in notes(run, NoteKind.RESTARTED)] == [50]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([5], [0], id="one row"),
        pytest.param([1, 2, 2, 3], [0, 0, 0, 0], id="a step twice"),
        pytest.param([0, 0, 0, 0], [0, 0, 0, 0], id="a step that never moves"),
        pytest.param([1, 3, 2, 4], [0, 0, 0, 0], id="one late row"),
        pytest.param([1, 2, 3, 1, 2, 3], [0, 0, 0, 1, 1, 1], id="from the start again"),
        pytest.param([0, 5, 10, 2, 7, 12], [0, 0, 0, 1, 1, 1], id="between logged steps"),
        pytest.param([-3, -2, -1, -3], [0, 0, 0, 1], id="negative steps"),
    ],
)
def test_writers_change_where_the_steps_go_back(steps: list[int], expected: list[int]) -> None:
    assert writers(np.array(steps, dtype=np.int64)).tolist() == expected


def test_epochs_that_count_their_batches_anew_are_noted_once(tmp_path: Path) -> None:
    epochs = [
        scalar("loss", batch, 1.0, 1e9 + 9 * e + batch) for e in range(50) for batch in range(9)
    ]
    write(tmp_path, *epochs)
    run = only_run(tmp_path)
    assert len(run.series["loss"]) == 450
    assert [note.params["step"] for note in run.notes] == [0]


def test_values_that_share_a_step_are_kept_and_counted(tmp_path: Path) -> None:
    points = [
        ("loss", 1, 1.0),
        ("loss", 1, 2.0),
        ("loss", 2, 3.0),
        ("epoch", 1, 0.0),
        ("epoch", 1, 0.0),
    ]
    write(tmp_path, *(scalar(*point) for point in points))
    run = only_run(tmp_path)
    assert len(run.series["loss"]) == 3
    (note,) = run.notes
    assert (note.kind, note.series, note.params) == (
        NoteKind.DUPLICATE_STEPS,
        ("loss",),
        {"count": 1},
    )


@pytest.mark.parametrize(("values", "kept"), [([-1.0], 0), ([0.7], 1), ([-1.0, -1.0], 2)])
def test_only_lightnings_placeholder_is_left_out(
    tmp_path: Path, values: list[float], kept: int
) -> None:
    points = [scalar("hp_metric", step, value) for step, value in enumerate(values)]
    write(tmp_path, *points, *curve("loss", range(3)))
    run = only_run(tmp_path)
    assert run.points == 3 + kept
    assert run.notes == ()


def test_the_metrics_of_keras_are_on_the_axis_of_epochs(tmp_path: Path) -> None:
    write(
        tmp_path,
        *(tf2_scalar("epoch_loss", step, 1.0) for step in range(3)),
        *(tf2_scalar("batch_loss", step, 1.0) for step in range(3)),
        *(scalar("epoch_time", step, 1.0) for step in range(3)),
    )
    axes = {tag: series.axis for tag, series in only_run(tmp_path).series.items()}
    assert axes == {"epoch_loss": Axis.EPOCH, "batch_loss": Axis.STEP, "epoch_time": Axis.STEP}


@pytest.mark.parametrize(
    ("tags", "axis"),
    [
        (("time/fps", "rollout/ep_rew_mean", "train/loss"), Axis.ENV_STEP),
        (("charts/SPS", "charts/episodic_return"), Axis.ENV_STEP),
        (("time/fps", "train/loss"), Axis.STEP),
    ],
)
def test_the_steps_of_reinforcement_learning_libraries_are_the_environments(
    tmp_path: Path, tags: tuple[str, ...], axis: Axis
) -> None:
    write(tmp_path, *(scalar(tag, 2048, 1.0) for tag in tags))
    assert {series.axis for series in only_run(tmp_path).series.values()} == {axis}


def test_damage_and_cuts_are_noted_with_their_places(tmp_path: Path) -> None:
    path = write(tmp_path, *curve("loss", range(20)))
    data = bytearray(path.read_bytes())
    size = len(scalar("loss", 5, 1.0))
    data[-3 * size + 20] ^= 1
    data[-7 * size + 20] ^= 1
    path.write_bytes(data[:-5])
    damaged, cut = only_run(tmp_path).notes
    assert (damaged.kind, cut.kind) == (NoteKind.DAMAGED, NoteKind.TRUNCATED)
    assert damaged.params == {"file": NAME, "offset": len(data) - 7 * size, "lost": 2 * size}
    assert cut.params == {"file": NAME, "offset": len(data) - size}


def test_a_scalar_in_a_record_too_long_to_be_read_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST_DECODED", ALWAYS_CHECKED)
    long = event(1e9, 3, summary("loss", b"\x15\0\0\0\0") + block(6, bytes(ALWAYS_CHECKED)))
    path = write(tmp_path, *curve("loss", range(20)), long)
    (noted,) = only_run(tmp_path).notes
    assert noted.kind is NoteKind.TOO_LONG
    offset = path.stat().st_size - len(long)
    assert noted.params == {"file": NAME, "offset": offset, "lost": len(long)}


def test_files_are_read_in_the_order_of_the_numbers_in_their_names() -> None:
    ordered = ["a.tfevents.9.h.1.0", "a.tfevents.10.h.1.9", "a.tfevents.10.h.1.10"]
    assert in_order(sorted(ordered)) == ordered


@given(st.lists(st.lists(st.text(), min_size=1), max_size=5))
def test_no_names_raise(names: list[list[str]]) -> None:
    flat = [name for several in names for name in several]
    assert sorted(in_order(flat)) == sorted(flat)
