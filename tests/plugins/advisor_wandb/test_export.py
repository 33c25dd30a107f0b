from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.notes import NoteKind
from advisor.reader import Unreadable
from advisor.run import Axis
from tests.plugins.advisor_wandb.reading import claims, notes, only_run, points, runs

Rows = list[dict[str, Any]]
Save = Callable[[Path, Rows], None]


def save_csv(logs: Path, rows: Rows) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[str(row.get(name, "")) for name in names] for row in rows]
    text = "\n".join(",".join(row) for row in [names, *cells])
    (logs / "history.csv").write_text(f"{text}\n")


def save_lines(logs: Path, rows: Rows) -> None:
    (logs / "history.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


def save_parquet(logs: Path, rows: Rows) -> None:
    import polars as pl

    pl.DataFrame(rows, infer_schema_length=None).write_parquet(logs / "history.parquet")


in_every_form = pytest.mark.parametrize(
    "save",
    [
        pytest.param(save_csv, id="csv"),
        pytest.param(save_lines, id="jsonl"),
        pytest.param(save_parquet, id="parquet", marks=pytest.mark.needs("polars")),
    ],
)


def row(step: int, **values: Any) -> dict[str, Any]:
    return {"_step": step, "_runtime": step / 2, "_timestamp": 1.7e9 + step, **values}


@in_every_form
def test_a_history_is_read_in_every_form(tmp_path: Path, save: Save) -> None:
    save(tmp_path, [row(0, loss=3.0, lr=0.1), row(10, loss=2.0), row(11, acc=1 / 3)])
    run = only_run(tmp_path)
    assert {tag: points(run, tag) for tag in run.series} == {
        "loss": [(0, 3.0), (10, 2.0)],
        "lr": [(0, 0.1)],
        "acc": [(11, 1 / 3)],
    }
    series = run.series["loss"]
    assert series.axis is Axis.STEP
    assert series.wall_times is not None
    assert series.wall_times.tolist() == [1.7e9, 1.7e9 + 10]
    assert (run.name, run.source, run.notes) == ("history", "W&B history export", ())
    assert claims(tmp_path)[0].certainty > 90


@in_every_form
def test_values_that_are_not_finite_are_kept(tmp_path: Path, save: Save) -> None:
    values = [math.nan, math.inf, -math.inf, 1.0]
    save(tmp_path, [row(step, loss=value) for step, value in enumerate(values)])
    assert np.array_equal(only_run(tmp_path).series["loss"].values, values, equal_nan=True)


@in_every_form
def test_measurements_of_the_machine_and_the_row_number_make_no_series(
    tmp_path: Path, save: Save
) -> None:
    values = {"Unnamed: 0": 1, "system.cpu": 3.0, "system/gpu.0": 2.0, "loss": 1.0}
    save(tmp_path, [row(0, **values), row(1, **values)])
    assert list(only_run(tmp_path).series) == ["loss"]


@in_every_form
def test_the_histories_of_several_runs_in_one_file_stay_apart(tmp_path: Path, save: Save) -> None:
    save(tmp_path, [row(s, run=name, loss=s + 1.0) for name in ("a", "b") for s in range(3)])
    found = runs(tmp_path)
    assert list(found) == ["history#a", "history#b"]
    assert points(found["history#b"], "loss") == [(0, 1), (1, 2), (2, 3)]
    assert not found["history#a"].notes


@in_every_form
def test_one_run_is_not_named_twice(tmp_path: Path, save: Save) -> None:
    save(tmp_path, [row(s, run="a", loss=1.0) for s in range(3)])
    assert only_run(tmp_path).name == "history"


def test_one_history_saved_twice_keeps_two_names(tmp_path: Path) -> None:
    for save in (save_csv, save_lines):
        save(tmp_path, [row(0, loss=1.0)])
    assert [claim.root for claim in claims(tmp_path)] == ["history.csv", "history.jsonl"]


def gaps(count: int) -> list[int]:
    return [step + step // 3 for step in range(count)]


@pytest.mark.parametrize(
    ("steps", "sampled"),
    [
        pytest.param(gaps(500), True, id="500 rows with gaps"),
        pytest.param(list(range(500)), False, id="500 rows without"),
        pytest.param(list(range(0, 5000, 10)), False, id="every tenth step logged"),
        pytest.param(gaps(499), False, id="499 rows with gaps"),
        pytest.param(gaps(501), False, id="501 rows with gaps"),
    ],
)
def test_a_history_that_was_drawn_is_a_sample(
    tmp_path: Path, steps: list[int], sampled: bool
) -> None:
    save_csv(tmp_path, [row(step, loss=1.0) for step in steps])
    assert bool(notes(only_run(tmp_path), NoteKind.SAMPLED)) == sampled


def test_media_and_texts_make_no_series(tmp_path: Path) -> None:
    image = {"_type": "image-file", "width": 4}
    save_lines(tmp_path, [row(0, image=image, text="abc", a={"b": 1.5}, flag=True)])
    assert list(only_run(tmp_path).series) == ["a.b"]


def test_the_texts_of_the_api_for_what_json_lacks_are_numbers(tmp_path: Path) -> None:
    save_lines(tmp_path, [row(0, loss="NaN"), row(1, loss="Infinity")])
    values = only_run(tmp_path).series["loss"].values
    assert np.array_equal(values, [math.nan, math.inf], equal_nan=True)


def test_lines_that_are_none_are_left_out_and_noted(tmp_path: Path) -> None:
    save_lines(tmp_path, [row(0, loss=3.0)])
    file = tmp_path / "history.jsonl"
    first = file.read_bytes()
    file.write_bytes(
        first + b"oops\n[1]\n" + first.replace(b'"_step": 0', b'"_step": 1') + b'{"_st'
    )
    run = only_run(tmp_path)
    assert points(run, "loss") == [(0, 3), (1, 3)]
    damaged, cut = run.notes
    assert damaged.params == {"file": "history.jsonl", "offset": len(first), "lost": 9}
    assert (cut.kind, cut.params["offset"]) == (NoteKind.TRUNCATED, 2 * len(first) + 9)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"step,loss\n1,2\n"),
        ("a.csv", b"_step,loss\n1,2\n"),
        ("a.jsonl", b'{"step": 1, "loss": 2}\n'),
        ("a.jsonl", b'{"_step": 1, "loss": 2}\n'),
        ("a.jsonl", b""),
        ("a.parquet", b"PAR1"),
        ("a.parquet", b"_step _timestamp"),
        ("a.txt", b'{"_step": 1, "_timestamp": 2}\n'),
    ],
)
def test_what_lacks_the_columns_of_wandb_is_not_claimed(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    assert claims(tmp_path) == []


@pytest.mark.needs("polars")
def test_a_parquet_file_of_anything_else_is_not_claimed(tmp_path: Path) -> None:
    save_parquet(tmp_path, [{"step": 1, "loss": 2.0}])
    assert claims(tmp_path) == []


@in_every_form
def test_a_history_without_numbers_is_unreadable(tmp_path: Path, save: Save) -> None:
    save(tmp_path, [row(0, note="abc")])
    with pytest.raises(Unreadable):
        runs(tmp_path)


def test_without_polars_parquet_is_unreadable_and_the_cure_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 _step _timestamp" + b"\x11\0\0\0PAR1")
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(Unreadable) as caught:
        runs(tmp_path)
    assert "tuning-advisor[tables]" in caught.value.cure


def test_claiming_loads_no_polars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 _step _timestamp" + b"\x11\0\0\0PAR1")
    monkeypatch.setitem(sys.modules, "polars", None)
    assert len(claims(tmp_path)) == 1


FORMS = {
    "a.csv": b"_step,loss,_timestamp\n0,0.5,1700000000\n1,0.25,1700000001\n",
    "a.jsonl": b'{"_step": 0, "_timestamp": 1.7, "loss": 0.5}\n{"_step": 1, "loss": 0.25}\n',
}
any_form = pytest.mark.parametrize("name", FORMS)


@any_form
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cut_file_gives_no_value_that_was_not_written(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    whole = FORMS[name]
    (tmp_path / name).write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        found = runs(tmp_path).values()
    except Unreadable:
        return
    read = {point for run in found for point in points(run, "loss")}
    assert read <= {(0, 0.5), (1, 0.25)}


@pytest.mark.needs("polars")
def test_more_values_than_memory_holds_end_no_reader(tmp_path: Path) -> None:
    save_parquet(tmp_path, [row(step, loss=1.0) for step in range(20)])
    file = tmp_path / "history.parquet"
    damaged = bytearray(file.read_bytes())
    damaged[89] ^= 1  # in what polars 1 writes, a number of values
    file.write_bytes(damaged)
    with suppress(Unreadable):
        runs(tmp_path)


@pytest.mark.needs("polars")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_parquet_is_read_or_unreadable(tmp_path: Path, data: st.DataObject) -> None:
    save_parquet(tmp_path, [row(step, loss=1.0) for step in range(20)])
    file = tmp_path / "history.parquet"
    damaged = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(damaged) - 1))
    damaged[place] ^= data.draw(st.integers(1, 255))
    file.write_bytes(
        damaged[: data.draw(st.integers(1, len(damaged)))] if place % 3 == 0 else damaged
    )
    with suppress(Unreadable):
        runs(tmp_path)
