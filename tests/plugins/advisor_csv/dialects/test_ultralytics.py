from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from advisor.run import Axis, Run

Write = Callable[..., Path]
RunOf = Callable[[Path], Run]


def padded(*rows: str) -> str:
    """Pad cells to 20 characters and the header to 23, as old releases do."""
    return "".join(",".join(cell.rjust(20) for cell in row.split(",")) + "\n" for row in rows)


def test_a_new_table_is_read_with_its_arguments(write: Write, run_of: RunOf) -> None:
    write("train7/args.yaml", "task: detect\nlr0: 0.01\nbatch: 16\n")
    header = "epoch,time,train/box_loss,metrics/mAP50(B),val/box_loss,lr/pg0\n"
    rows = "1,18.1,3.2,0,nan,0.0006\n2,36.2,2.6,0.004,inf,0.0013\n3,54.1,2.1,0.1,2.2,0.002\n"
    run = run_of(write("train7/results.csv", header + rows))
    assert (run.name, run.source) == ("train7", "Ultralytics results.csv")
    assert run.series["val/box_loss"].steps.tolist() == [1, 2, 3]
    assert run.series["lr/pg0"].axis is Axis.EPOCH
    assert run.config["lr0"].origin == "train7/args.yaml:lr0"
    times = run.series["train/box_loss"].wall_times
    assert times is not None
    assert times.tolist() == [18.1, 36.2, 54.1]
    assert "time" not in run.series


def test_an_old_padded_table_counts_from_zero(write: Write, run_of: RunOf) -> None:
    text = padded("epoch,train/box_loss,metrics/mAP50(B),lr/pg0", "0,3,0.1,0.1", "1,2,0.2,0.1")
    run = run_of(write("results.csv", text))
    assert run.source == "Ultralytics results.csv"
    assert list(run.series) == ["train/box_loss", "metrics/mAP50(B)", "lr/pg0"]
    assert run.series["train/box_loss"].steps.tolist() == [0, 1]


def test_a_resume_that_rewinds_is_a_segment(write: Write, run_of: RunOf) -> None:
    header = "epoch,time,train/loss,metrics/accuracy_top1,lr/pg0\n"
    rows = [f"{epoch},{epoch * 9},1,0.5,0.1\n" for epoch in range(1, 11)]
    again = [f"{epoch},{epoch * 9 - 60},2,0.5,0.1\n" for epoch in (8, 9)]
    run = run_of(write("results.csv", header + "".join(rows + again)))
    assert run.series["train/loss"].segments is not None
    assert run.series["train/loss"].effective().values.tolist() == [1.0] * 7 + [2.0] * 2


def test_yolov5_has_options_and_hyperparameters_in_two_files(write: Write, run_of: RunOf) -> None:
    write("exp/opt.yaml", "epochs: 20\nhyp:\n  lr0: 0.01\n")
    write("exp/hyp.yaml", "lr0: 0.01\n")
    text = padded("epoch,train/obj_loss,metrics/mAP_0.5,x/lr0", "0,3,0.1,0.1", "1,2,0.2,0.1")
    run = run_of(write("exp/results.csv", text))
    assert (run.name, run.source) == ("exp", "YOLOv5 results.csv")
    assert {path: entry.value for path, entry in run.config.items()} == {
        "epochs": 20,
        "hyp.lr0": 0.01,
        "lr0": 0.01,
    }
