from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.reader import Claim
from advisor.run import Axis, Run

Write = Callable[..., Path]
RunOf = Callable[[Path], Run]


def test_training_and_validation_rows_of_one_step_are_series_of_their_own(
    write: Write, run_of: RunOf
) -> None:
    text = (
        "epoch,step,train_loss,val_loss\n0,49,0.9,\n0,99,0.8,\n0,99,,0.85\n1,149,0.7,\n1,199,,0.8\n"
    )
    run = run_of(write("version_3/metrics.csv", text))
    assert (run.source, run.name) == ("Lightning CSVLogger", "version_3")
    assert run.series["train_loss"].steps.tolist() == [49, 99, 149]
    assert run.series["val_loss"].steps.tolist() == [99, 199]
    assert run.series["epoch"].values.tolist() == [0, 0, 0, 1, 1]
    assert {series.axis for series in run.series.values()} == {Axis.STEP}
    assert run.notes == ()


def test_a_log_cut_after_its_first_row_is_read(write: Write, run_of: RunOf) -> None:
    run = run_of(write("metrics.csv", "epoch,step,train_loss\n0,49,0.9\n"))
    assert (run.source, run.points) == ("Lightning CSVLogger", 2)


def test_another_table_by_the_same_name_is_not_lightnings(write: Write, run_of: RunOf) -> None:
    assert run_of(write("metrics.csv", "epoch,accuracy,loss\n0,1,1\n1,1,1\n")).source != (
        "Lightning CSVLogger"
    )


@pytest.mark.needs("lightning", "torch")
@pytest.mark.filterwarnings("ignore")
def test_what_lightning_writes_is_read(
    tmp_path: Path, run_of: RunOf, claims_of: Callable[[Path], list[Claim]]
) -> None:
    from lightning.pytorch.loggers import CSVLogger

    logger = CSVLogger(tmp_path, name="logs")
    logger.log_hyperparams({"lr": 1e-3, "betas": (0.9, 0.999), "bias": True})
    for step in range(6):
        logger.log_metrics({"epoch": step // 3, "train_loss": 1 / (step + 1)}, step=step)
    logger.log_metrics({"epoch": 1, "val_loss": float("nan")}, step=5)
    logger.finalize("success")

    (claim,) = claims_of(tmp_path)
    assert claim.certainty >= 90
    run = run_of(tmp_path)
    assert (run.name, run.source) == ("logs/version_0", "Lightning CSVLogger")
    assert run.series["train_loss"].values.tolist() == [1 / (step + 1) for step in range(6)]
    assert run.series["val_loss"].steps.tolist() == [5]
    assert {path: entry.value for path, entry in run.config.items()} == {
        "lr": 1e-3,
        "betas": (0.9, 0.999),
        "bias": True,
    }
