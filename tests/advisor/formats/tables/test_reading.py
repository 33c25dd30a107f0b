from __future__ import annotations

from pathlib import Path

import pytest

from advisor.formats.tables.reading import head, losses, refused, table_of
from advisor.notes import NoteKind
from advisor.reader import Unreadable
from advisor.walk import HEAD, walk


def test_a_head_holds_a_header_that_is_longer_than_the_usual_head(tmp_path: Path) -> None:
    header = ",".join(f"column {place}" for place in range(HEAD))
    (tmp_path / "a.csv").write_text(f"{header}\n1,2\n")
    (file,) = walk(tmp_path).files
    assert head(file).startswith(f"{header}\n1".encode())


def test_a_head_of_short_lines_is_the_usual_one(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1,2\n" * HEAD)
    (file,) = walk(tmp_path).files
    assert len(head(file)) == HEAD


@pytest.mark.parametrize("data", [b"\x00\xff\xfe\x00", b"step,loss\n"])
def test_what_is_no_table_with_rows_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        table_of(tmp_path, "a.csv")
    assert caught.value.file == "a.csv"


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        table_of(tmp_path, "a.csv")


def test_what_does_not_fit_is_noted_by_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("step,loss\n1,2\n2,3,4\n3,x\n4,")
    table = table_of(tmp_path, "a.csv")
    (damaged,) = losses("a.csv", table)
    assert (damaged.kind, damaged.params["offset"]) == (NoteKind.DAMAGED, 14)
    noted = refused("a.csv", table, table.column("loss"), (1,), "loss")
    assert (noted.params["line"], noted.params["count"], noted.series) == (4, 1, ("loss",))


def test_a_last_row_that_is_cut_is_noted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("step,loss,acc\n1,2,3\n2,0.1")
    (cut,) = losses("a.csv", table_of(tmp_path, "a.csv"))
    assert (cut.kind, cut.params["offset"]) == (NoteKind.TRUNCATED, 20)
