from __future__ import annotations

import pytest

from advisor.formats.tables.table import parse
from advisor.run import Axis
from advisor_csv.axis import Placing, place


def placed(text: str) -> Placing:
    table = parse(text.encode())
    assert table is not None
    return place(table)


@pytest.mark.parametrize(
    ("header", "column", "axis"),
    [
        ("epoch,loss", "epoch", Axis.EPOCH),
        ("Epoch #,loss", "Epoch #", Axis.EPOCH),
        ("epoch,step", "step", Axis.STEP),
        ("Iteration,loss", "Iteration", Axis.STEP),
        ("trainer/global_step,loss", "trainer/global_step", Axis.STEP),
        ("_step,loss", "_step", Axis.STEP),
        ("time/iterations,time/total_timesteps", "time/total_timesteps", Axis.ENV_STEP),
        ("Epoch,TotalEnvInteracts", "TotalEnvInteracts", Axis.ENV_STEP),
    ],
)
def test_the_step_column_is_found_by_its_name(header: str, column: str, axis: Axis) -> None:
    found = placed(f"{header}\n1,10\n2,20\n3,30\n")
    assert (found.column, found.axis, found.guessed) == (column, axis, None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("epoch,loss\n0.5,3\n1.0,2\n1.5,1\n", id="fractional epochs"),
        pytest.param("step,loss\n0,3\n0,2\n0,1\n", id="a step that never moves"),
        pytest.param("epoch,loss\n0,3\n0,2\n0,2\n1,1\n1,1\n1,1\n", id="many rows an epoch"),
        pytest.param("epoch,batch,loss\n0,0,4\n0,1,3\n1,0,2\n1,1,1\n", id="batches of an epoch"),
        pytest.param("epoch,loss\n12,3\n7,2\n33,1\n4,1\n", id="epochs in no order"),
        pytest.param("loss,val_loss\n3,3\n2,2\n1,1\n", id="no step column"),
    ],
)
def test_rows_are_numbered_where_no_column_tells_them_apart(text: str) -> None:
    found = placed(text)
    assert (found.axis, found.column) == (Axis.ROW, None)
    assert found.guessed
    assert found.steps.tolist() == list(range(len(text.splitlines()) - 1))


def test_an_index_without_a_name_is_the_row() -> None:
    found = placed(",loss\n1,3\n2,2\n3,1\n")
    assert (found.axis, found.steps.tolist(), found.column) == (Axis.ROW, [1, 2, 3], "")


def test_sparse_rows_of_one_epoch_do_not_hide_the_epoch() -> None:
    assert placed("epoch,loss,val_loss\n0,3,\n0,,3\n1,2,\n1,,2\n").column == "epoch"


def test_appended_folds_do_not_hide_the_epoch() -> None:
    fold = "".join(f"{epoch},1\n" for epoch in range(5))
    assert placed("epoch,loss\n" + 3 * fold).column == "epoch"
