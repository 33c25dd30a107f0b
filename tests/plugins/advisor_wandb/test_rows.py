from __future__ import annotations

from pathlib import Path

import pytest

from advisor.reader import Unreadable
from advisor_wandb.rows import read


def test_cells_are_numbers_or_texts_and_empty_ones_are_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("_step,loss,note\n1,nan,x\n9007199254740993,,1_0\n")
    first, second = read(tmp_path, "a.csv").rows
    assert repr(first) == "{'_step': 1.0, 'loss': nan, 'note': 'x'}"
    assert second == {"_step": 2**53 + 1, "note": "1_0"}


@pytest.mark.parametrize("line", ["oops", "[1]", "1", "[" * 100_000, '{"a":'])
def test_a_line_that_is_no_object_is_lost(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"a": 1}}\n\n{line}\n')
    taken = read(tmp_path, "a.jsonl")
    assert list(taken.rows) == [{"a": 1}]
    (noted,) = taken.notes
    assert noted.params == {"file": "a.jsonl", "offset": 10, "lost": len(line) + 1}


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_that_is_gone_is_unreadable(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        read(tmp_path, name)


@pytest.mark.needs("polars")
@pytest.mark.parametrize("data", [None, b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1"])
def test_a_parquet_file_that_is_none_is_unreadable(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(Unreadable, match="cannot be read as Parquet"):
        read(tmp_path, "a.parquet")


@pytest.mark.needs("polars")
def test_a_null_is_nothing_and_a_nan_is_a_value(tmp_path: Path) -> None:
    import polars as pl

    table = pl.DataFrame({"a": [1.5, None, float("nan")], "b": [{"c": 1}, None, None]})
    table.write_parquet(tmp_path / "a.parquet")
    rows = list(read(tmp_path, "a.parquet").rows)
    assert repr(rows) == "[{'a': 1.5, 'b': {'c': 1}}, {}, {'a': nan}]"
