from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.reader import Unreadable
from advisor.run import Axis
from tests.plugins.advisor_wandb.reading import claims, notes, only_run, points, runs

Cells = list[list[object]]


def export(logs: Path, header: list[str], rows: Cells, name: str = "chart.csv") -> Path:
    """Write a table as the page does: every cell quoted, no line break at the end."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([header, *rows])
    logs.mkdir(exist_ok=True)
    (logs / name).write_text(text.getvalue().removesuffix("\n"))
    return logs


def line(name: str) -> list[str]:
    return [name, f"{name}__MIN", f"{name}__MAX"]


def test_each_line_is_a_run_of_its_own(tmp_path: Path) -> None:
    header = ["Step", *line("one - train/loss"), *line("two - train/loss")]
    rows: Cells = [[0, 3, 3, 3, 4, 4, 4], [10, 2, 2, 2, "", "", ""], [20, "", "", "", 1, 1, 1]]
    found = runs(export(tmp_path, header, rows))
    assert list(found) == ["chart#one", "chart#two"]
    assert points(found["chart#one"], "train/loss") == [(0, 3), (10, 2)]
    assert points(found["chart#two"], "train/loss") == [(0, 4), (20, 1)]
    for run in found.values():
        assert list(run.series) == ["train/loss"]
        assert (run.series["train/loss"].axis, run.source) == (Axis.STEP, "W&B chart export")
        assert (run.files, run.notes, run.config) == (("chart.csv",), (), {})


def test_several_tags_of_a_run_come_together(tmp_path: Path) -> None:
    header = ["Step", *line("one - loss"), *line("one - acc")]
    run = only_run(export(tmp_path, header, [[0, 3, 3, 3, 4, 4, 4], [1, 2, 2, 2, 5, 5, 5]]))
    assert list(run.series) == ["loss", "acc"]


def test_a_run_is_split_from_the_tag_at_the_last_dash(tmp_path: Path) -> None:
    run = only_run(export(tmp_path, ["Step", *line("lr 1e-3 - wd 0 - loss")], [[0, 1, 1, 1]]))
    assert (run.name, list(run.series)) == ("chart#lr 1e-3 - wd 0", ["loss"])


def test_a_chart_of_one_run_has_no_name_of_a_run(tmp_path: Path) -> None:
    run = only_run(export(tmp_path, ["Step", *line("train_loss")], [[0, 1, 1, 1], [1, 2, 2, 2]]))
    assert (run.name, list(run.series)) == ("chart", ["train_loss"])


def test_two_runs_of_one_name_stay_two(tmp_path: Path) -> None:
    header = ["Step", *line("one - loss"), *line("one - loss")]
    rows: Cells = [[0, 3, 3, 3, 4, 4, 4], [1, 2, 2, 2, 3, 3, 3]]
    found = runs(export(tmp_path, header, rows))
    assert {name: points(run, "loss") for name, run in found.items()} == {
        "chart#one": [(0, 3), (1, 2)],
        "chart#one (2)": [(0, 4), (1, 3)],
    }
    assert not any(run.notes for run in found.values())


def test_groups_are_named_as_the_page_names_them(tmp_path: Path) -> None:
    header = ["Step", *line("Group: big - loss"), *line("seed: 1 - loss")]
    found = runs(export(tmp_path, header, [[0, 3, 3, 3, 4, 4, 4]]))
    assert list(found) == ["chart#Group: big", "chart#seed: 1"]


def test_a_chart_without_bands_is_one_if_the_page_wrote_it(tmp_path: Path) -> None:
    logs = export(tmp_path, ["Step", "one - loss", "two - loss"], [[0, 1, 2], [1, 3, 4]])
    assert list(runs(logs)) == ["chart#one", "chart#two"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Step,train - loss,val - loss\n0,1,2\n", id="dashes in one's own names"),
        pytest.param('"step","loss"\n"0","1"\n', id="a quoted table"),
        pytest.param('"Name","State","Runtime","loss"\n"a","finished","3","1"\n', id="of runs"),
        pytest.param("", id="empty"),
        pytest.param("\0\1\2", id="binary"),
    ],
)
def test_any_other_table_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "chart.csv").write_text(text)
    assert claims(tmp_path) == []


def test_measurements_of_the_machine_make_no_series(tmp_path: Path) -> None:
    header = ["Step", *line("one - system/gpu.0.temp"), *line("one - loss")]
    assert list(only_run(export(tmp_path, header, [[0, 3, 3, 3, 4, 4, 4]])).series) == ["loss"]


@pytest.mark.parametrize(
    ("name", "axis"),
    [
        ("epoch", Axis.EPOCH),
        ("trainer/global_step", Axis.STEP),
        ("global_timestep", Axis.ENV_STEP),
    ],
)
def test_any_axis_of_whole_numbers_gives_the_steps(tmp_path: Path, name: str, axis: Axis) -> None:
    run = only_run(export(tmp_path, [name, *line("a - loss")], [[5, 1, 1, 1], [7, 2, 2, 2]]))
    assert points(run, "loss") == [(5, 1), (7, 2)]
    assert run.series["loss"].axis is axis
    assert run.notes == ()


@pytest.mark.parametrize("name", ["Relative Time (Process)", "Wall Time", "epoch"])
def test_an_axis_without_whole_numbers_is_replaced_and_noted(tmp_path: Path, name: str) -> None:
    rows: Cells = [[0.5, 1, 1, 1], [1.25, 2, 2, 2]]
    run = only_run(export(tmp_path, [name, *line("a - loss")], rows))
    series = run.series["loss"]
    assert (series.steps.tolist(), series.axis) == ([0, 1], Axis.ROW)
    assert [note.kind for note in run.notes] == [NoteKind.STEP_GUESSED]
    times = None if series.wall_times is None else series.wall_times.tolist()
    assert times == (None if name == "epoch" else [0.5, 1.25])


def test_the_steps_of_a_run_come_from_its_own_column(tmp_path: Path) -> None:
    header = ["Relative Time (Process)", *line("a - _step"), *line("a - loss")]
    run = only_run(export(tmp_path, header, [[0.5, 3, 3, 3, 1, 1, 1], [1.5, 9, 9, 9, 2, 2, 2]]))
    assert points(run, "loss") == [(3, 1), (9, 2)]
    assert run.series["loss"].wall_times is not None
    assert run.notes == ()


def test_a_line_with_a_band_is_a_sample(tmp_path: Path) -> None:
    header = ["Step", *line("a - loss"), *line("a - acc")]
    run = only_run(export(tmp_path, header, [[0, 1, 0.5, 2, 1, 1, 1], [9, 1, 1, 1, 1, 1, 1]]))
    (noted,) = run.notes
    assert (noted.kind, noted.series) == (NoteKind.SAMPLED, ("loss",))


@pytest.mark.parametrize(("count", "sampled"), [(999, False), (1000, True), (1500, True)])
def test_a_line_as_long_as_the_page_draws_is_a_sample(
    tmp_path: Path, count: int, sampled: bool
) -> None:
    rows: Cells = [[step, 1, 1, 1] for step in range(count)]
    run = only_run(export(tmp_path, ["Step", *line("a - loss")], rows))
    assert len(run.series["loss"]) == count
    assert bool(notes(run, NoteKind.SAMPLED)) == sampled


def test_values_that_are_not_finite_are_kept_and_make_no_band(tmp_path: Path) -> None:
    rows: Cells = [[0, *["NaN"] * 3], [1, *["Infinity"] * 3], [2, *["-Infinity"] * 3]]
    run = only_run(export(tmp_path, ["Step", *line("a - loss")], rows))
    values = run.series["loss"].values
    assert np.array_equal(values, [np.nan, np.inf, -np.inf], equal_nan=True)
    assert run.notes == ()


def test_cells_that_are_no_numbers_are_noted(tmp_path: Path) -> None:
    rows: Cells = [[0, 1, 1, 1], [1, "oops", 1, 1], [2, 3, 3, 3]]
    run = only_run(export(tmp_path, ["Step", *line("a - loss")], rows))
    assert points(run, "loss") == [(0, 1), (2, 3)]
    (noted,) = notes(run, NoteKind.CELLS_REFUSED)
    assert (noted.params["line"], noted.params["example"]) == (3, "oops")


def test_a_chart_without_numbers_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        runs(export(tmp_path, ["Step", *line("a - loss")], [[0, "x", "x", "x"]]))


def test_a_header_as_long_as_of_hundreds_of_runs_is_known(tmp_path: Path) -> None:
    header = ["Step", *(name for run in range(500) for name in line(f"{'r' * 40}{run} - loss"))]
    assert len(runs(export(tmp_path, header, [[0, *[1] * 1500]]))) == 500


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_chart_cut_anywhere_gives_no_value_that_was_not_written(
    tmp_path: Path, data: st.DataObject
) -> None:
    rows: Cells = [[s, *[s + 0.5] * 3, *[s + 100.25] * 3] for s in range(20)]
    export(tmp_path, ["Step", *line("a - loss"), *line("b - loss")], rows)
    file = tmp_path / "chart.csv"
    text = file.read_bytes()
    file.write_bytes(text[: data.draw(st.integers(0, len(text)))])
    try:
        found = runs(tmp_path)
    except Unreadable:
        return
    written = {("chart#a", s, s + 0.5) for s in range(20)} | {
        ("chart#b", s, s + 100.25) for s in range(20)
    }
    read = {
        (name, step, value)
        for name, run in found.items()
        if "loss" in run.series
        for step, value in points(run, "loss")
    }
    assert read <= written
