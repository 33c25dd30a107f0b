from __future__ import annotations

import math
from pathlib import Path

import pytest

from advisor.formats.tables.json_lines import JsonLines, json_object
from advisor.notes import NoteKind
from advisor.reader import Unreadable


def test_a_bare_nan_and_a_byte_order_mark_are_read() -> None:
    found = json_object(b'\xef\xbb\xbf{"a": NaN, "b": -Infinity}')
    assert found is not None
    assert math.isnan(found["a"])
    assert found["b"] == -math.inf


@pytest.mark.parametrize("line", [b"[1]", b"1", b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_object_is_none(line: bytes) -> None:
    assert json_object(line) is None


def test_what_is_lost_is_told_by_offset_and_size(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{"a": 1}\nbad\n\n{"a": 2}\nworse\n{"a": ')
    lines = JsonLines(tmp_path, "x")
    assert [row["a"] for row in lines] == [1, 2]
    damaged, cut = lines.notes()
    assert (damaged.kind, damaged.params["offset"], damaged.params["lost"]) == (
        NoteKind.DAMAGED,
        9,
        10,
    )
    assert (cut.kind, cut.params["offset"]) == (NoteKind.TRUNCATED, 29)


def test_a_last_line_without_its_end_is_read_if_it_is_whole(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{"a": 1}')
    lines = JsonLines(tmp_path, "x")
    assert len(list(lines)) == 1
    assert not list(lines.notes())


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        list(JsonLines(tmp_path, "gone"))
