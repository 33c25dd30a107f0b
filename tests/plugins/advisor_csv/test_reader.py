from __future__ import annotations

import math
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.formats.tables import large
from advisor.notes import Note, NoteKind
from advisor.reader import Claim, Reader, Unreadable
from advisor.run import Axis, Run, Series
from advisor.walk import walk
from advisor_csv import register_readers
from advisor_csv.reader import CsvReader

Write = Callable[..., Path]
RunOf = Callable[[Path], Run]
RunsOf = Callable[[Path], list[Run]]


def notes(run: Run, kind: NoteKind) -> list[Note]:
    return [noted for noted in run.notes if noted.kind is kind]


def rows(run: Run, tag: str) -> list[tuple[int, float]]:
    series = run.series[tag]
    return list(zip(series.steps.tolist(), series.values.tolist(), strict=True))


def segments(series: Series) -> list[int]:
    return [0] * len(series) if series.segments is None else series.segments.tolist()


def test_the_plugin_registers_one_reader() -> None:
    (reader,) = register_readers()
    assert isinstance(reader, Reader)
    assert reader.name == "csv"


def test_each_column_is_a_series_of_its_own_rows(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "step,loss,val_loss\n0,3,\n10,2,\n10,,2.5\n20,1,\n"))
    assert list(run.series) == ["loss", "val_loss"]
    assert rows(run, "loss") == [(0, 3.0), (10, 2.0), (20, 1.0)]
    assert rows(run, "val_loss") == [(10, 2.5)]
    assert (run.source, run.files, run.name, run.notes) == ("CSV table", ("a.csv",), "a", ())


def test_nan_and_infinity_are_values_and_empty_cells_are_not(write: Write, run_of: RunOf) -> None:
    text = "epoch,loss\n0,nan\n1,NA\n2,-Infinity\n3,\n4,null\n5,None\n6,1\n"
    series = run_of(write("a.csv", text)).series["loss"]
    assert series.steps.tolist() == [0, 2, 6]
    assert math.isnan(series.values[0])
    assert series.values[1:].tolist() == [-math.inf, 1.0]


def test_a_cell_that_is_no_number_is_left_out_and_noted(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "epoch,loss\n0,3\n1,oops\n2,bad\n3,1\n"))
    (noted,) = notes(run, NoteKind.CELLS_REFUSED)
    assert noted.series == ("loss",)
    assert noted.params == {"file": "a.csv", "line": 3, "count": 2, "example": "oops"}
    assert rows(run, "loss") == [(0, 3.0), (3, 1.0)]


@pytest.mark.parametrize("cell", ['"[0.1, 0.2]"', "tensor(0.5)", '"0,5"', "95%"])
def test_a_column_that_was_meant_as_numbers_is_noted(
    write: Write, run_of: RunOf, cell: str
) -> None:
    run = run_of(write("a.csv", f"epoch,loss,x\n0,3,{cell}\n1,2,{cell}\n"))
    assert list(run.series) == ["loss"]
    assert [noted.params["count"] for noted in notes(run, NoteKind.CELLS_REFUSED)] == [2]


@pytest.mark.parametrize("cell", ["resnet50", "/data/a.pt", "2024-01-01", "0:12:34", "True"])
def test_a_column_of_text_is_no_series_and_no_fault(write: Write, run_of: RunOf, cell: str) -> None:
    run = run_of(write("a.csv", f"epoch,loss,x\n0,3,{cell}\n1,2,{cell}\n"))
    assert (list(run.series), run.notes) == (["loss"], ())


def test_a_row_without_a_step_is_left_out_and_noted(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "epoch,loss\n0,3\n?,2\n2,1\n"))
    (noted,) = notes(run, NoteKind.CELLS_REFUSED)
    assert (noted.params["line"], noted.params["example"]) == (3, "?")
    assert rows(run, "loss") == [(0, 3.0), (2, 1.0)]


def test_a_restart_is_kept_as_it_was_written(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "step,loss\n0,5\n1,4\n2,3\n3,3\n2,9\n3,8\n4,7\n"))
    series = run.series["loss"]
    assert series.steps.tolist() == [0, 1, 2, 3, 2, 3, 4]
    assert series.segments is not None
    assert series.segments.dtype == np.int32
    assert series.segments.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert [noted.params["step"] for noted in notes(run, NoteKind.RESTARTED)] == [2]
    assert series.effective().values.tolist() == [5, 4, 9, 8, 7]


def test_only_different_values_at_one_step_are_repeats(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "step,epoch,loss\n0,0,5\n1,0,4\n1,0,3\n1,0,nan\n2,0,1\n"))
    (noted,) = notes(run, NoteKind.DUPLICATE_STEPS)
    assert (noted.series, noted.params["count"]) == (("loss",), 2)


def test_fractional_epochs_become_a_series_over_the_rows(write: Write, run_of: RunOf) -> None:
    run = run_of(write("log.csv", "epoch,loss\n0.5,3\n1.0,2\n1.5,1\n"))
    assert rows(run, "epoch") == [(0, 0.5), (1, 1.0), (2, 1.5)]
    assert run.series["loss"].axis is Axis.ROW
    assert len(notes(run, NoteKind.STEP_GUESSED)) == 1


def test_with_a_step_the_epoch_is_a_series(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "epoch,step,loss\n0.5,10,3\n1.0,20,2\n"))
    assert rows(run, "epoch") == [(10, 0.5), (20, 1.0)]
    assert run.series["loss"].axis is Axis.STEP


def test_a_clock_times_the_series_and_is_none_itself(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "epoch,time,loss\n1,10,3\n2,20,\n3,30,1\n"))
    assert list(run.series) == ["loss"]
    times = run.series["loss"].wall_times
    assert times is not None
    assert times.tolist() == [10.0, 30.0]


def test_columns_of_one_name_are_two_series(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "epoch,loss,loss\n0,3,30\n1,2,20\n"))
    assert rows(run, "loss (2)") == [(0, 30.0), (1, 20.0)]


def test_long_and_cut_rows_are_noted(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", "epoch,loss,acc\n0,3,1\n1,2,1,9\n2,1,1\n3,0.1"))
    assert rows(run, "loss") == [(0, 3.0), (2, 1.0)]
    assert [noted.params["lost"] for noted in notes(run, NoteKind.DAMAGED)] == [7]
    assert [noted.params["offset"] for noted in notes(run, NoteKind.TRUNCATED)] == [35]


def test_several_runs_of_one_table_are_told_apart_by_name(write: Write, runs_of: RunsOf) -> None:
    text = "fold,epoch,loss\n" + "".join(f"{f},{e},{f + e}\n" for f in (1, 2) for e in range(4))
    one, two = runs_of(write("cv.csv", text))
    assert (one.name, two.name) == ("cv#1", "cv#2")
    assert rows(two, "loss") == [(0, 2.0), (1, 3.0), (2, 4.0), (3, 5.0)]
    assert two.notes == ()


def test_phases_become_series(write: Write, run_of: RunOf) -> None:
    text = "epoch,phase,loss\n0,train,3\n0,val,4\n1,train,1\n1,val,2\n"
    run = run_of(write("a.csv", text))
    assert rows(run, "val/loss") == [(0, 4.0), (1, 2.0)]


@pytest.mark.parametrize("name", ["config.yml", "config.json", "args.json", "hparams.yaml"])
def test_a_config_beside_the_only_table_is_read(write: Write, run_of: RunOf, name: str) -> None:
    write(name, '{"lr": 0.1}')
    run = run_of(write("log.csv", "epoch,loss\n0,1\n1,1\n"))
    assert run.config["lr"].value == 0.1
    assert run.config["lr"].origin == f"{name}:lr"
    assert run.files == tuple(sorted((name, "log.csv")))


def test_of_two_configs_what_the_logger_wrote_counts(write: Write, run_of: RunOf) -> None:
    write("config.yaml", "lr: 0.5\nepochs: 9\n")
    write("hparams.yaml", "lr: 0.1\n")
    run = run_of(write("metrics.csv", "epoch,step,loss\n0,0,1\n1,1,1\n"))
    assert {path: entry.value for path, entry in run.config.items()} == {"lr": 0.1, "epochs": 9}
    (told,) = notes(run, NoteKind.CONFIG_DIFFERS)
    assert told.params == {"file": "config.yaml", "names": ("lr",)}


def test_a_config_beside_two_tables_is_neithers(write: Write, runs_of: RunsOf) -> None:
    write("config.yml", "lr: 0.1\n")
    write("a.csv", "epoch,loss\n0,1\n1,1\n")
    runs = runs_of(write("b.csv", "epoch,loss\n0,1\n1,1\n"))
    assert [(run.name, dict(run.config)) for run in runs] == [("a", {}), ("b", {})]


def test_a_table_that_vanished_is_unreadable(tmp_path: Path) -> None:
    claim = Claim("csv", "a", ("a.csv",), "", base=tmp_path)
    with pytest.raises(Unreadable, match=r"a\.csv"):
        list(CsvReader().read(claim))


def test_large_steps_keep_every_digit(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a.csv", f"step,loss\n{2**53 + 1},1\n{2**53 + 2},1\n"))
    assert run.series["loss"].steps.tolist() == [2**53 + 1, 2**53 + 2]


FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
WORDS = st.sampled_from(
    ["epoch", "step", "loss", "val_loss", "time", "run", "phase", "train", "val", "r", "l", "t",
     "nan", "NA", "1", "2", "0.5", "1e999", "99999999999999999999", "-3", '"', '"a', "#", "\0", "é",
     "[1", "2024-01-01", "0001-01-01", ""]
)  # fmt: skip
MESSY = st.lists(
    st.tuples(WORDS, st.sampled_from([",", ",", ",", "\n", "\n", "\r", "\t", ";", " "])),
    max_size=60,
).map(lambda pairs: "".join(word + mark for word, mark in pairs).encode())


@FUZZ
@given(name=st.sampled_from(["metrics.csv", "a.csv", "a.log"]), data=st.one_of(st.binary(), MESSY))
def test_no_bytes_raise_anything_but_unreadable(tmp_path: Path, name: str, data: bytes) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    (tmp_path / name).write_bytes(data)
    (tmp_path / "hparams.yaml").write_text("lr: 1\n")
    reader = CsvReader()
    list(reader.claim(walk(tmp_path)))
    config = "hparams.yaml"
    claim = Claim("csv", "a", (name, config), "", shared=(config,), base=tmp_path)
    with suppress(Unreadable):
        list(reader.read(claim))


@FUZZ
@given(st.lists(st.tuples(st.floats(), st.one_of(st.none(), st.floats())), min_size=1, max_size=40))
def test_a_written_table_reads_back_bit_for_bit(
    tmp_path: Path, values: list[tuple[float, float | None]]
) -> None:
    lines = [f"{n},{a!r},{'' if b is None else repr(b)}" for n, (a, b) in enumerate(values)]
    (tmp_path / "a.csv").write_text("\n".join(["step,loss,acc", *lines, ""]))
    claim = Claim("csv", "a", ("a.csv",), "", base=tmp_path)
    (run,) = CsvReader().read(claim)
    wanted = {
        "loss": [(n, bits(a)) for n, (a, _) in enumerate(values)],
        "acc": [(n, bits(b)) for n, (_, b) in enumerate(values) if b is not None],
    }
    assert {tag: [(n, bits(v)) for n, v in rows(run, tag)] for tag in run.series} == {
        tag: found for tag, found in wanted.items() if found
    }


def bits(value: float) -> bytes:
    """Return the bits of a number; a NaN has one spelling in text, so one pattern here."""
    return b"nan" if math.isnan(value) else struct.pack("d", value)


@pytest.mark.needs("polars")
@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([f"{n},{n % 9 / 9},{'' if n % 4 else n}" for n in range(90)], id="sparse"),
        pytest.param([f"{n % 70},{n},NA" for n in range(90)], id="a restart"),
        pytest.param([f"{n // 2},{n},nan" for n in range(90)], id="repeated steps"),
        pytest.param([f"{n},{'x' if n == 80 else n},n/a" for n in range(90)], id="a word"),
        pytest.param([f"{n},0.5" for n in range(90)] + ["90,0."], id="cut"),
        pytest.param([f"{n},0.5,1" for n in range(90)] + ["90,1,2,3"], id="a last row too long"),
        pytest.param([f"{n},0.5,1" for n in range(90)] + ["step,loss,val_loss"], id="header again"),
    ],
)
def test_a_table_read_by_polars_gives_the_same_run(
    write: Write, run_of: RunOf, monkeypatch: pytest.MonkeyPatch, rows: list[str]
) -> None:
    logs = write("metrics.csv", "step,loss,val_loss\n" + "\n".join(rows))
    plain = run_of(logs)
    monkeypatch.setattr(large, "LARGE", 0)
    fast = run_of(logs)
    assert fast.notes == plain.notes
    assert list(fast.series) == list(plain.series)
    for mine, other in zip(fast.series.values(), plain.series.values(), strict=True):
        np.testing.assert_array_equal(mine.values, other.values)
        np.testing.assert_array_equal(mine.steps, other.steps)
        np.testing.assert_array_equal(segments(mine), segments(other))
