"""What to log is said in the terms of the logger in use."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from advisor.presentation.hints import logger, missing_input, undirected
from advisor.run import ConfigValue, Run, Series

VALUES = np.array([1.0, 0.5])


def run_with(*tags: str, files: tuple[str, ...] = (), config: dict[str, Any] | None = None) -> Run:
    """A run in an event file that holds these series, settings and files."""
    return Run(
        name="run",
        series={tag: Series(tag=tag, steps=np.array([1, 2]), values=VALUES) for tag in tags},
        config={k: ConfigValue(value=v, origin="hparams") for k, v in (config or {}).items()},
        source="TensorBoard event file",
        files=files,
    )


@pytest.mark.parametrize(
    ("key", "source", "line"),
    [
        ("val/loss", "Lightning CSVLogger", 'self.log("val/loss", value)'),
        ("lr", "Lightning CSVLogger", "LearningRateMonitor"),
        ("val/loss", "Keras CSVLogger", "validation_data="),
        ("val/metric|val/loss", "Ultralytics results.csv", "val=True"),
        ("val/loss", "Hugging Face trainer state", 'eval_strategy="epoch"'),
        ("grad_norm", "TensorBoard event file", 'writer.add_scalar("grad_norm", value, step)'),
        ("objective", "W&B run", 'run.log({"val/loss": value})'),
        ("train/metric", "Keras CSVLogger", "metrics="),
        ("lr", "Keras CSVLogger", "LearningRateScheduler"),
        ("grad_norm", "Hugging Face trainer state", "logging_steps=10"),
    ],
)
def test_the_line_is_one_of_the_logger_in_use(key: str, source: str, line: str) -> None:
    assert line in missing_input(key, source).text


def test_a_logger_without_such_a_line_is_told_the_column() -> None:
    text = missing_input("grad_norm", "Ultralytics results.csv").text
    assert text == "Log the gradient norm, as the column `grad_norm`"


def test_no_line_is_given_that_does_not_log_it() -> None:
    text = missing_input("grad_norm", "Keras CSVLogger").text
    assert text == "Log the gradient norm, as the column `grad_norm`"


@pytest.mark.parametrize(
    ("run", "name"),
    [
        (run_with("loss", config={"logging_nan_inf_filter": True}), "Hugging Face"),
        (run_with("loss", "hp_metric"), "Lightning"),
        (run_with("loss", files=("lightning_logs/version_0/events.1",)), "Lightning"),
        (run_with("epoch_loss"), "Keras"),
        (run_with("train/loss"), "TensorBoard event file"),
        (run_with("loss", "epoch", config={"lr": 0.1}), "TensorBoard event file"),
    ],
)
def test_a_framework_that_logs_for_the_user_is_known(run: Run, name: str) -> None:
    assert logger(run) == name


def test_a_loss_or_a_metric_is_named_as_one_thing() -> None:
    text = missing_input("val/metric|val/loss", "CSV table").text
    assert text.startswith("Log a loss or a metric on a validation set")


def test_of_a_metric_without_a_direction_the_option_is_named() -> None:
    text = undirected("val/zorb").text
    assert text == (
        "Say whether `val/zorb` should rise or fall: `--objective val/zorb:max` or `val/zorb:min`"
    )
