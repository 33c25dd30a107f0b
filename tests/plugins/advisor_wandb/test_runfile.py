from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.reader import Unreadable
from advisor.run import Axis
from tests.plugins.advisor_wandb import reading, writing
from tests.plugins.advisor_wandb.reading import notes, only_run, points
from tests.plugins.advisor_wandb.writing import began, ended, folder, log, run_file, stepped

ROWS = [stepped(step, {"train/loss": 1 / (step + 1), ("val", "acc"): step}) for step in range(9)]
NAME = "run-a1.wandb"


def test_a_finished_run_is_read_without_a_note(tmp_path: Path) -> None:
    run_file(folder(tmp_path, "a1"), "a1", [began({"lr": 0.1}), *ROWS, ended()])
    run = only_run(tmp_path)
    assert run.name == "wandb/run-20240102_030405-a1"
    assert points(run, "train/loss") == [(step, 1 / (step + 1)) for step in range(9)]
    assert points(run, "val.acc") == [(step, step) for step in range(9)]
    series = run.series["train/loss"]
    assert (series.axis, series.segments) == (Axis.STEP, None)
    assert series.wall_times is not None
    assert series.wall_times.tolist() == [1.7e9 + step for step in range(9)]
    assert reading.settings(run) == {"lr": 0.1}
    assert run.source == "W&B run"
    assert run.files == ("wandb/run-20240102_030405-a1/run-a1.wandb",)
    assert run.notes == ()


def test_what_the_trainer_does_to_its_loss_is_noted(tmp_path: Path) -> None:
    settings = {"logging_nan_inf_filter": True, "logging_steps": 10}
    run_file(folder(tmp_path, "a1"), "a1", [began(settings), *ROWS, ended()])
    found = only_run(tmp_path).notes
    assert [(each.kind, each.series) for each in found] == [
        (NoteKind.AVERAGED, ("train/loss",)),
        (NoteKind.FILTERED, ("train/loss",)),
    ]


def test_neither_host_nor_user_is_read(tmp_path: Path) -> None:
    run_file(tmp_path, "a1", [began({"lr": 0.1}, host="secret-host"), *ROWS, ended()])
    run = only_run(tmp_path)
    assert "secret" not in repr((run.config, run.notes, run.source, list(run.series)))


def test_values_that_are_not_finite_are_kept(tmp_path: Path) -> None:
    values = [math.nan, math.inf, -math.inf]
    run_file(tmp_path, "a1", [stepped(s, {"loss": v}) for s, v in enumerate(values)])
    assert np.array_equal(only_run(tmp_path).series["loss"].values, values, equal_nan=True)


def test_a_run_without_its_end_is_unfinished(tmp_path: Path) -> None:
    run_file(tmp_path, "a1", ROWS)
    assert [note.kind for note in only_run(tmp_path).notes] == [NoteKind.UNFINISHED]


def test_a_run_that_ends_inside_a_record_is_truncated_there(tmp_path: Path) -> None:
    whole, last = log(ROWS[:-1]), log(ROWS)
    (tmp_path / NAME).write_bytes(last[:-5])
    run = only_run(tmp_path)
    assert len(run.series["train/loss"]) == 8
    (noted,) = notes(run, NoteKind.TRUNCATED)
    assert noted.params == {"file": NAME, "offset": len(whole)}
    assert notes(run, NoteKind.UNFINISHED)


def test_a_flipped_bit_costs_one_row_and_is_noted(tmp_path: Path) -> None:
    before = len(log(ROWS[:4]))
    lost = len(log(ROWS[:5])) - before
    data = bytearray(log([*ROWS, ended()]))
    data[before + 20] ^= 4
    (tmp_path / NAME).write_bytes(data)
    run = only_run(tmp_path)
    assert [step for step, _ in points(run, "train/loss")] == [0, 1, 2, 3, 5, 6, 7, 8]
    (noted,) = run.notes
    assert noted.kind is NoteKind.DAMAGED
    assert noted.params == {"file": NAME, "offset": before, "lost": lost}


def test_a_sound_record_that_is_no_message_is_damage(tmp_path: Path) -> None:
    run_file(tmp_path, "a1", [ROWS[0], b"\xff\xff\xff", ended()])
    (noted,) = only_run(tmp_path).notes
    assert noted.kind is NoteKind.DAMAGED


def test_the_parts_of_a_resumed_run_are_segments_of_one(tmp_path: Path) -> None:
    first, second = (folder(tmp_path, "a1", f"2024010{day}_000000") for day in (1, 2))
    run_file(second, "a1", [began({"lr": 0.05}), *ROWS[6:], ended()])
    run_file(first, "a1", [began({"lr": 0.1, "seed": 1}), *ROWS[:6]])
    run = only_run(tmp_path)
    series = run.series["train/loss"]
    assert run.name == "wandb/run-20240101_000000-a1"
    assert series.steps.tolist() == list(range(9))
    assert series.segments is not None
    assert series.segments.tolist() == [0] * 6 + [1] * 3
    assert reading.settings(run) == {"lr": 0.05, "seed": 1}
    assert run.notes == ()


def test_a_run_resumed_from_an_earlier_step_is_restarted_there(tmp_path: Path) -> None:
    first, second = (folder(tmp_path, "a1", f"2024010{day}_000000") for day in (1, 2))
    run_file(first, "a1", ROWS[:6])
    run_file(second, "a1", [*ROWS[4:], ended()])
    run = only_run(tmp_path)
    assert len(run.series["train/loss"]) == 11
    assert run.series["train/loss"].effective().steps.tolist() == list(range(9))
    assert [(note.kind, note.params) for note in run.notes] == [(NoteKind.RESTARTED, {"step": 4})]


def test_a_resumed_run_whose_first_part_logged_nothing_is_one_segment(tmp_path: Path) -> None:
    first, second = (folder(tmp_path, "a1", f"2024010{day}_000000") for day in (1, 2))
    run_file(first, "a1", [began({"lr": 0.1})])
    run_file(second, "a1", [*ROWS, ended()])
    run = only_run(tmp_path)
    assert run.series["train/loss"].segments is None
    assert run.notes == ()


def test_settings_come_from_the_yaml_file_where_the_records_lack_them(tmp_path: Path) -> None:
    where = folder(tmp_path, "a1")
    run_file(where, "a1", [began({"lr": 0.1}), *ROWS, ended()])
    (where / "files").mkdir()
    (where / "files" / "config.yaml").write_text("lr: {value: 3}\nepochs: {value: 5}\n")
    run = only_run(tmp_path)
    assert reading.settings(run) == {"lr": 0.1, "epochs": 5}
    assert run.config["epochs"].origin == f"{run.name}/files/config.yaml"
    assert run.files == (f"{run.name}/files/config.yaml", f"{run.name}/{NAME}")


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([began({"lr": 0.1})], id="no row"),
        pytest.param([began({}), stepped(0, {"text": "abc"})], id="no number"),
        pytest.param([writing.record(writing.STATS, writing.message(2, b""))], id="no training"),
        pytest.param([b"\xff\xff\xff"], id="no message"),
    ],
)
def test_a_run_without_numbers_is_unreadable(tmp_path: Path, records: list[bytes]) -> None:
    run_file(tmp_path, "a1", records)
    with pytest.raises(Unreadable) as caught:
        only_run(tmp_path)
    assert caught.value.file == NAME


def test_a_later_version_of_the_format_is_unreadable(tmp_path: Path) -> None:
    data = bytearray(log(ROWS))
    data[6] = 1
    (tmp_path / NAME).write_bytes(data)
    with pytest.raises(Unreadable, match="version 1"):
        only_run(tmp_path)


LOG = log([began({"lr": 0.1}), *ROWS, stepped(9, {"long": "x" * 40_000, "b": 1}), *ROWS, ended()])
WRITTEN = {
    (tag, s, v) for s in range(9) for tag, v in (("train/loss", 1 / (s + 1)), ("val.acc", s))
}
WRITTEN.add(("b", 9, 1))


def read_what_is_there(tmp_path: Path, data: bytes) -> set[tuple[str, int, float]]:
    (tmp_path / NAME).write_bytes(data)
    try:
        found = reading.runs(tmp_path).values()
    except Unreadable:
        return set()
    return {
        (tag, step, value)
        for run in found
        for tag in run.series
        for step, value in points(run, tag)
    }


quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(length=st.integers(0, len(LOG)))
def test_a_run_cut_anywhere_gives_values_that_were_written(tmp_path: Path, length: int) -> None:
    assert read_what_is_there(tmp_path, LOG[:length]) <= WRITTEN


@quick
@given(data=st.data())
def test_damage_anywhere_gives_no_value_that_was_not_written(
    tmp_path: Path, data: st.DataObject
) -> None:
    damaged = bytearray(LOG)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        taken = data.draw(st.integers(0, 20))
        damaged[place : place + taken] = data.draw(st.binary(max_size=20))
    assert read_what_is_there(tmp_path, bytes(damaged)) <= WRITTEN


@quick
@given(records=st.lists(st.binary(max_size=60), max_size=5))
def test_any_records_are_read_or_refused(tmp_path: Path, records: list[bytes]) -> None:
    history = [writing.record(writing.HISTORY, record) for record in records]
    read_what_is_there(tmp_path, log([*records, *history]))
