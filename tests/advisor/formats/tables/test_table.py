from __future__ import annotations

import codecs

import pytest

from advisor.formats.tables.table import Table, distinct, header, parse


def table(text: str | bytes) -> Table:
    found = parse(text.encode() if isinstance(text, str) else text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"epoch,loss\n0,1.5\n1,0.5\n", id="plain"),
        pytest.param(b"epoch,loss\r\n0,1.5\r\n1,0.5\r\n", id="CRLF"),
        pytest.param(b"epoch,loss\r0,1.5\r1,0.5\r", id="CR"),
        pytest.param(codecs.BOM_UTF8 + b"epoch,loss\n0,1.5\n1,0.5", id="BOM"),
        pytest.param("\ufeffepoch,loss\n0,1.5\n1,0.5\n".encode("utf-16-le"), id="UTF-16"),
        pytest.param(b'"epoch","loss"\n"0","1.5"\n"1","0.5"\n', id="quoted"),
        pytest.param(b'   epoch,   "loss"\n       0,    "1.5"\n   1,   0.5 \n', id="padded"),
        pytest.param(b"epoch\tloss\n0\t1.5\n1\t0.5\n", id="tabs"),
        pytest.param(b"epoch;loss\n0;1.5\n1;0.5\n", id="semicolons"),
        pytest.param(b"epoch;loss\n0;1,5\n1;0,5\n", id="decimal commas"),
        pytest.param(b"epoch\tloss\n0\t1,5\n1\t0,5\n", id="decimal commas between tabs"),
        pytest.param(b"\n\nepoch,loss\n\n0,1.5\n\n1,0.5\n\n", id="empty lines"),
        pytest.param(b"# made by hand\nepoch,loss\n0,1.5\n1,0.5\n", id="a remark in front"),
        pytest.param(b"# epoch,loss\n0,1.5\n1,0.5\n", id="a header behind #"),
        pytest.param(b"epoch,loss,\n0,1.5,\n1,0.5,\n", id="delimiter at the end"),
    ],
)
def test_one_table_is_read_in_every_spelling(data: bytes) -> None:
    found = table(data)
    assert found.header[:2] == ("epoch", "loss")
    assert found.columns[:2] == (["0", "1"], ["1.5", "0.5"])
    assert (found.lost, found.cut) == (None, None)


def test_a_short_row_lacks_cells() -> None:
    found = table("a,b,c\n1,2\n1,2,3\n")
    assert found.columns == (["1", "1"], ["2", "2"], ["", "3"])


def test_a_long_row_is_left_out_and_located() -> None:
    found = table("a,b\n1,2\n1,2,3\n4,5\n6,7,8\n")
    assert found.columns == (["1", "4"], ["2", "5"])
    assert found.lost is not None
    assert (found.lost.offset, found.lost.size) == (8, 10)


def test_a_block_of_zeros_that_a_crash_left_is_left_out() -> None:
    found = table(b"a,b\n1,2\n" + bytes(100))
    assert len(found) == 1
    assert found.lost is not None
    assert (found.lost.offset, found.lost.size) == (8, 100)


def test_the_last_cell_of_a_row_cut_short_is_not_trusted() -> None:
    found = table("a,b,c\n1,2,3\n4,0.12")
    assert found.columns == (["1", "4"], ["2", ""], ["3", ""])
    assert found.cut == 12


@pytest.mark.parametrize("end", ["4,5,6", "4,,\n", "4,5\n", "4,,"])
def test_a_last_row_that_may_be_whole_is_kept(end: str) -> None:
    assert table(f"a,b,c\n1,2,3\n{end}").cut is None


def test_a_last_row_of_quoted_cells_is_whole_where_its_last_cell_is_closed() -> None:
    found = table('"a","b","c"\n"1","2","3"\n"4","0.12",""')
    assert found.columns == (["1", "4"], ["2", "0.12"], ["3", ""])
    assert found.cut is None


@pytest.mark.parametrize("end", ['"4","0.12"', '"4","0.1'])
def test_a_last_row_of_quoted_cells_that_lacks_some_is_cut(end: str) -> None:
    assert table(f'"a","b","c"\n"1","2","3"\n{end}').cut == 24


def test_a_repeated_header_begins_a_new_part() -> None:
    found = table("a,b\n1,2\na,b\n3,4\n")
    assert (found.parts, found.numbers) == ([0, 1], [2, 4])


def test_another_header_further_down_renames_the_columns() -> None:
    found = table("epoch,loss\n0,1\nepoch,acc,loss\n1,0.5,2\n")
    assert found.header == ("epoch", "loss", "acc")
    assert found.columns == (["0", "1"], ["1", "2"], ["", "0.5"])


def test_columns_of_one_name_are_told_apart() -> None:
    assert distinct(["loss", "loss", "loss (2)", "loss"]) == [
        "loss",
        "loss (2)",
        "loss (2) (2)",
        "loss (3)",
    ]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\0\0\0\0", b"\x80\x03}q\0."])
def test_bytes_without_a_header_are_no_table(data: bytes) -> None:
    assert parse(data) is None


def test_the_last_line_of_a_head_is_not_read() -> None:
    found = parse(b"a,b\n1,2\n3,", whole=False)
    assert found is not None
    assert found.columns == (["1"], ["2"])


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param("1,5;2,25e-3;-,;NA", id="a comma that is no decimal one"),
        pytest.param("1,500;2,250;12;NA", id="all may be thousands"),
        pytest.param("1,5;2.25;12;NA", id="points beside commas"),
        pytest.param("1,5;2,250,000;12;NA", id="two commas in a number"),
        pytest.param("1,5;a, b;12;NA", id="a comma in a text"),
    ],
)
def test_commas_that_need_not_be_decimal_stay(cells: str) -> None:
    found = table(f"a;b;c;d\n{cells}\n")
    assert [column[0] for column in found.columns] == cells.split(";")


def test_a_decimal_comma_shows_that_the_others_are_decimal_too() -> None:
    found = table("step;loss;note\n1;1,500;v1.2 x\n2;0,25;\n")
    assert found.columns[1] == ["1.500", "0.25"]


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", "# of a run\na;b\n1;2\n", '"a","b"\n1,2\n', "a,b\n1,2", "a\n1\n", "\n", ""],
)
@pytest.mark.parametrize("whole", [True, False])
def test_the_header_alone_is_that_of_the_table(text: str, whole: bool) -> None:
    found = parse(text.encode(), whole=whole)
    assert header(text.encode(), whole=whole) == (() if found is None else found.header)


def test_what_is_no_text_has_no_header() -> None:
    assert header(b"\x00\xff\xfe\x01") == ()
