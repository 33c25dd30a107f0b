"""What to log so that a rule can judge, with the line of code that logs it."""

from __future__ import annotations

from collections.abc import Mapping

from advisor.text import Message, message

_WHAT: Mapping[str, str] = {
    "train/loss": "the training loss",
    "val/loss": "the loss on a validation set",
    "val/metric": "a metric on a validation set",
    "train/metric": "a metric on the training set",
    "test/loss": "the loss on a test set",
    "test/metric": "a metric on a test set",
    "lr": "the learning rate",
    "grad_norm": "the gradient norm",
    "return": "the return of an episode",
    "epoch": "the epoch",
    "objective": "a loss or a metric on a validation set",
}

_LINE: tuple[tuple[str, str], ...] = (
    ("Lightning", 'self.log("{tag}", value)'),
    ("Keras", 'model.fit(..., validation_data=(x, y), callbacks=[CSVLogger("log.csv")])'),
    ("Ultralytics", "yolo train ... val=True"),
    ("Hugging Face", 'TrainingArguments(eval_strategy="epoch", logging_steps=10)'),
    ("W&B", 'run.log({"{tag}": value})'),
    ("TensorBoard", 'writer.add_scalar("{tag}", value, step)'),
    ("", 'a column "{tag}", one row a step or epoch'),
)
"""The beginning of a run's source, and how such a run logs a value."""


def missing_input(key: str, source: str) -> Message:
    """Say what a run lacks for a role (alternatives as ``a|b``), and the line that logs it."""
    first = key.split("|", maxsplit=1)[0]
    line = next(line for start, line in _LINE if source.startswith(start))
    what = " or ".join(_WHAT.get(role, role) for role in key.split("|"))
    tag = "val/loss" if first == "objective" else first
    return message(
        "missing-input",
        "Log {what:text}: {line:name}",
        what=what,
        line=line.replace("{tag}", tag),
    )
