from __future__ import annotations

import pytest

from advisor.formats.tables import lines


@pytest.mark.parametrize("mark", lines.DELIMITERS)
def test_each_delimiter_is_found(mark: str) -> None:
    text = [mark.join(row) for row in (["epoch", "loss", "acc"], ["0", "1.5", "0.1"])]
    assert lines.delimiter(text) == mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        pytest.param(["epoch;loss", "0;1,5", "1;1,25"], ";", id="decimal commas"),
        pytest.param(["epoch\ta, b\tloss", "0\tx\t1"], "\t", id="a comma in a name"),
        pytest.param(["epoch,loss (a|b)", "0,1"], ",", id="a bar in a name"),
        pytest.param(["epoch,note,loss", '0,"a;b",1', '1,"c;d",2'], ",", id="quoted semicolons"),
        pytest.param([], ",", id="nothing"),
    ],
)
def test_the_delimiter_is_the_one_that_rows_agree_on(text: list[str], mark: str) -> None:
    assert lines.delimiter(text) == mark


def test_a_quoted_cell_may_span_lines() -> None:
    found = list(lines.rows(["a,b", '"x', 'y",1', "z,2"], ","))
    assert [(row.number, row.cells[-1]) for row in found] == [(1, "b"), (3, "1"), (4, "2")]


def test_a_quote_that_is_never_closed_spoils_only_its_own_line() -> None:
    found = list(lines.rows(["a,b", '"0,1', "1,2", "2,3"], ","))
    assert [row.cells for row in found][2:] == [["1", "2"], ["2", "3"]]


def test_a_cell_of_any_length_is_read() -> None:
    (row,) = lines.rows(['"' + "x" * 200_000 + '",1'], ",")
    assert row.cells[-1] == "1"


def test_a_line_starts_after_any_line_break() -> None:
    assert [lines.start("a\r\nb\rc\nd", number) for number in (1, 2, 3, 4)] == [0, 3, 5, 7]
