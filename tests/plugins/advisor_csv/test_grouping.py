from __future__ import annotations

import pytest

from advisor.formats.tables.table import Table, parse
from advisor_csv.grouping import runs, widen


def table(text: str) -> Table:
    found = parse(text.encode())
    assert found is not None
    return found


@pytest.mark.parametrize("column", ["run", "run_name", "fold", "seed", "Experiment"])
def test_a_table_of_several_runs_is_taken_apart(column: str) -> None:
    rows = "".join(f"{run},{epoch},1\n" for run in "ab" for epoch in range(3))
    found = runs(table(f"{column},epoch,loss\n{rows}"))
    assert [(label, rows.column("epoch")) for label, rows in found] == [
        ("a", ["0", "1", "2"]),
        ("b", ["0", "1", "2"]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("run,epoch,loss\na,0,1\na,1,1\na,2,1\n", id="one run"),
        pytest.param("run,epoch,loss\na,0,1\nb,1,1\nc,2,1\n", id="a name for each row"),
        pytest.param("epoch,loss\n0,1\n1,1\n", id="no such column"),
    ],
)
def test_any_other_table_stays_whole(text: str) -> None:
    ((label, _),) = runs(table(text))
    assert label == ""


def test_training_and_validation_rows_get_columns_of_their_own() -> None:
    found = widen(table("epoch,phase,loss\n0,train,3\n0,val,4\n1,train,1\n1,val,2\n"))
    assert found.header == ("epoch", "train/loss", "val/loss")
    assert found.columns[1:] == (["3", "", "1", ""], ["", "4", "", "2"])


@pytest.mark.parametrize("cells", [("train", "train"), ("a", "b"), ("train", "")])
def test_other_words_are_no_phases(cells: tuple[str, str]) -> None:
    before = table(f"epoch,phase,loss\n0,{cells[0]},3\n1,{cells[1]},4\n")
    assert widen(before) is before
