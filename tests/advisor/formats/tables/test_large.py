from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from advisor.formats.tables import large
from advisor.formats.tables.cells import filled, integers, numbers
from advisor.formats.tables.parsed import Numbers
from advisor.formats.tables.reading import table_of
from advisor.formats.tables.table import Table, parse

pytestmark = pytest.mark.needs("polars")

PLAIN = b"".join(b"%d,%.3f,%s\n" % (n, n / 7, b"" if n % 3 else b"0.5") for n in range(80))
HEADER = b"step,loss,val_loss\n"

CELLS = st.sampled_from([
    "", " ", "0", "1.5", " 2", "3 ", "nan", "NaN", "-nan", "inf", "-Infinity", "NA", "n/a", "null",
    "None", "<NA>", "1_000", "1e5", "1E400", "+4", ".5", "5.", "0x10", "1d5", "true", "abc", "95%",
    "9007199254740993", "-9007199254740995", "9" * 30, "4.9e-324", "0.1" + "0" * 40 + "1", "١٢",
    "\t7", "tensor(1.0)", "[1", "é", "\u00a08", "step", "loss", "2024-01-01T00:00:00", '"1"', '"',
    '"a,b"', "a\0b", "#", "--1", "1.2.3", "e5", "infinity", "\ufeff1",
])  # fmt: skip
ROWS = st.lists(CELLS, min_size=0, max_size=5).map(",".join)
BREAKS = st.sampled_from(["\n", "\n", "\n", "\n", "\n", "\n", "\r\n", "\n\n", "\r", "\n \n"])


@st.composite
def tails(draw: st.DrawFn) -> bytes:
    rows = draw(st.lists(st.tuples(st.lists(CELLS, min_size=3, max_size=3), BREAKS), max_size=4))
    body = "".join(",".join(cells) + ending for cells, ending in rows)
    return (body + draw(ROWS)).encode() + draw(st.sampled_from([b"", b"", b"\n", b"\xff", b"\xc3"]))


@pytest.fixture(autouse=True)
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE", 0)


def both(folder: Path, data: bytes) -> tuple[Table | None, Table | None]:
    path = folder / "log.csv"
    path.write_bytes(data)
    return large.read(path), parse(data)


def same(fast: Table | None, plain: Table | None) -> None:
    assert fast is not None
    assert plain is not None
    assert (fast.header, fast.preamble) == (plain.header, plain.preamble)
    assert (fast.lost, fast.cut) == (plain.lost, plain.cut)
    assert list(fast.numbers) == list(plain.numbers)
    assert list(fast.parts) == list(plain.parts)
    for mine, text in zip(fast.columns, plain.columns, strict=True):
        same_cells(numbers(mine), numbers(text))
        assert (filled(mine) == filled(text)).all()
        assert list(mine) == list(text)
        one, two = integers(mine), integers(text)
        assert (one is None) == (two is None)
        if one and two:
            assert (one[0] == two[0]).all()
            assert (one[1] == two[1]).all()


def same_cells(mine: Numbers, text: Numbers) -> None:
    assert (mine.present == text.present).all()
    assert mine.refused == text.refused
    np.testing.assert_array_equal(mine.values, text.values)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tails(), st.sampled_from([b"", b"\xef\xbb\xbf", b"# a remark\n", b'#{"t_start": 1}\n']))
@example(b"", b"")
@example(b"1,2,3", b"")
@example(b"1,2,3,4\n", b"")
@example(b"1,0.", b"")
@example(b"1,2,\xe9\n", b"")
@example(b"\xef\xbb\xbf1,2,3\n", b"")
def test_a_large_table_is_read_exactly_as_a_small_one(
    tmp_path: Path, tail: bytes, before: bytes
) -> None:
    fast, plain = both(tmp_path, before + HEADER + PLAIN + tail)
    if fast is not None:
        same(fast, plain)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(CELLS, min_size=1, max_size=8), st.integers(0, 79), st.sampled_from([",", "\t", ";"])
)
def test_one_odd_column_is_read_exactly_as_in_a_small_table(
    tmp_path: Path, cells: list[str], first: int, mark: str
) -> None:
    rows = [f"{n},{cells[(n + first) % len(cells)]},{n / 3}\n" for n in range(80)]
    data = "step,x,loss\n" + "".join(rows)
    fast, plain = both(tmp_path, data.replace(",", mark).encode())
    if fast is not None:
        same(fast, plain)


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(b"", id="as it is"),
        pytest.param(b"80,NA,n/a\n81,abc,95%\n", id="words"),
        pytest.param(b"80, 1.5 ,2\n", id="padding"),
        pytest.param(b"80,nan,-inf\n", id="values that are not finite"),
        pytest.param(b"80,0.5\n", id="a short row"),
        pytest.param(b"80,0.5,0.1\r\n", id="another line break"),
        pytest.param(b"80,0.", id="a cut last row"),
        pytest.param(b"80,0.5,0.25,7", id="a last row that is too long"),
        pytest.param(b"9007199254740993,1,2\n", id="more digits than a float has"),
        pytest.param("80,é,2\n".encode(), id="letters that are not ASCII"),
    ],
)
def test_regular_tables_do_take_the_fast_way(tmp_path: Path, tail: bytes) -> None:
    fast, plain = both(tmp_path, HEADER + PLAIN + tail)
    same(fast, plain)


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(b"80,1,2,3\n", id="a row that is too long"),
        pytest.param(b"\n80,1,2\n", id="a blank line"),
        pytest.param(b",,\n", id="a row without a cell"),
        pytest.param(HEADER + b"0,1,2\n", id="a header again"),
        pytest.param(b'80,"a,b",2\n', id="quotes"),
        pytest.param(b"80,a\0b,2\n", id="a NUL"),
        pytest.param(b"80,\xff,2\n", id="no UTF-8"),
        pytest.param(b"80,a\rb,2\n", id="a carriage return"),
    ],
)
def test_what_is_irregular_is_left_to_the_exact_parser(tmp_path: Path, tail: bytes) -> None:
    fast, _ = both(tmp_path, HEADER + PLAIN + tail)
    assert fast is None


@pytest.mark.parametrize("mark", [b";", b"\t"])
def test_decimal_commas_are_left_to_the_exact_parser(tmp_path: Path, mark: bytes) -> None:
    rows = (HEADER + PLAIN).replace(b",", mark).replace(b".", b",")
    fast, exact = both(tmp_path, rows)
    assert fast is None
    assert exact is not None
    assert numbers(exact.columns[1]).values[:2].tolist() == [0.0, 0.143]


def test_some_rows_of_a_large_table_are_those_of_a_small_one(tmp_path: Path) -> None:
    fast, plain = both(tmp_path, HEADER + PLAIN + b"80,abc,2\n81,1,x\n")
    assert fast is not None
    assert plain is not None
    same(fast.take([0, 5, 80, 81]), plain.take([0, 5, 80, 81]))
    same(fast.take([1, 2]), plain.take([1, 2]))


def test_text_is_read_only_when_it_is_asked_for(tmp_path: Path) -> None:
    fast, _ = both(tmp_path, HEADER + PLAIN)
    assert fast is not None
    assert "text" not in vars(fast.columns[1])
    assert fast.columns[1][0] == "0.000"


def test_without_polars_the_exact_parser_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log.csv").write_bytes(HEADER + PLAIN)
    monkeypatch.setitem(sys.modules, "polars", None)
    assert large.read(tmp_path / "log.csv") is None
    assert len(table_of(tmp_path, "log.csv")) == 80


def test_a_small_table_does_not_import_polars(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(HEADER + PLAIN)
    code = (
        "import sys; from pathlib import Path; from advisor.formats.tables.reading import table_of;"
        f"table_of(Path({str(tmp_path)!r}), 'log.csv'); print('polars' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
