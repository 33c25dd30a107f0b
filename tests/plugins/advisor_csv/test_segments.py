from __future__ import annotations

import pytest

from advisor.formats.tables.table import parse
from advisor_csv.axis import place
from advisor_csv.segments import segments


def found(text: str) -> list[int]:
    table = parse(text.encode())
    assert table is not None
    return [int(segment) for segment in segments(table, place(table))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("step,a\n0,1\n1,1\n2,1\n3,1\n", [0, 0, 0, 0], id="one writer"),
        pytest.param(
            "step,a\n0,1\n1,1\n2,1\n3,1\n2,1\n3,1\n", [0, 0, 0, 0, 1, 1], id="a resume that rewinds"
        ),
        pytest.param(
            "epoch,a\n0,1\n1,1\n2,1\nepoch,a\n0,1\n1,1\n2,1\n", [0, 0, 0, 1, 1, 1], id="two headers"
        ),
        pytest.param(
            "epoch,a\n0,1\n1,1\nepoch,a\n2,1\n3,1\n", [0, 0, 1, 1], id="a header, and on it goes"
        ),
        pytest.param(
            "step,a,b\n0,1,\n1,1,\n2,1,\n1,,1\n3,1,\n4,1,\n3,,1\n",
            [0, 0, 0, 0, 0, 0, 0],
            id="rows of two columns that pass each other",
        ),
    ],
)
def test_a_new_writer_begins_where_a_column_goes_back(text: str, expected: list[int]) -> None:
    assert found(text) == expected
