"""What to log is said in the terms of the logger in use."""

from __future__ import annotations

import pytest

from advisor.hints import missing_input


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
    ],
)
def test_the_line_is_one_of_the_logger_in_use(key: str, source: str, line: str) -> None:
    assert line in missing_input(key, source).text


def test_a_logger_without_such_a_line_is_told_the_column() -> None:
    text = missing_input("grad_norm", "Ultralytics results.csv").text
    assert text == "Log the gradient norm, as the column `grad_norm`"


def test_a_loss_or_a_metric_is_named_as_one_thing() -> None:
    text = missing_input("val/metric|val/loss", "CSV table").text
    assert text.startswith("Log a loss or a metric on a validation set")
