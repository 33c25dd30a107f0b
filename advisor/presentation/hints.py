"""What to log so that a rule can judge, with the line of code that logs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from advisor.formats.trainer import FILTER
from advisor.language import term
from advisor.roles import PROBE
from advisor.run import Run
from advisor.text import Message, message

_WHAT: Mapping[str, str] = {
    "train/loss": term("the training loss"),
    "val/loss": term("the loss on a validation set"),
    "val/metric": term("a metric on a validation set"),
    "train/metric": term("a metric on the training set"),
    "test/loss": term("the loss on a test set"),
    "test/metric": term("a metric on a test set"),
    "lr": term("the learning rate"),
    "grad_norm": term("the gradient norm"),
    "return": term("the return of an episode"),
    "epoch": term("the epoch"),
    "objective": term("a loss or a metric on a validation set"),
}

_BOTH = frozenset({"val/loss", "val/metric"})

_LINES: tuple[tuple[str, str, str], ...] = (
    ("Lightning", "lr", "Trainer(callbacks=[LearningRateMonitor()])"),
    ("Lightning", "grad_norm", "self.log_dict(grad_norm(self, norm_type=2))"),
    ("Lightning", "", 'self.log("{tag}", value)'),
    ("Keras", "val", "model.fit(..., validation_data=(x_val, y_val))"),
    ("Keras", "lr", "model.fit(..., callbacks=[LearningRateScheduler(schedule), logger])"),
    ("Keras", "grad_norm", ""),
    ("Keras", "train/metric", 'model.compile(..., metrics=["accuracy"])'),
    ("Keras", "", 'model.fit(..., callbacks=[CSVLogger("log.csv")])'),
    ("Ultralytics", "val", "yolo train ... val=True"),
    ("Hugging Face", "val", 'TrainingArguments(eval_strategy="epoch")'),
    ("Hugging Face", "train/metric", 'trainer.log({"{tag}": value})'),
    ("Hugging Face", "test", 'trainer.evaluate(test_set, metric_key_prefix="test")'),
    ("Hugging Face", "", "TrainingArguments(logging_steps=10)"),
    ("MLflow", "", 'mlflow.log_metric("{tag}", value, step=step)'),
    ("W&B", "", 'run.log({"{tag}": value})'),
    ("Text log", "", 'print(f"step:{step} {tag}:{value}")'),
    ("TensorBoard", "", 'writer.add_scalar("{tag}", value, step)'),
)
"""The beginning of a run's logger, the beginning of a role, and how that is logged there.

Without a line where no line alone does it: Keras shows a callback no gradient.
"""

_CALLBACKS: tuple[tuple[str, Callable[[Run], bool]], ...] = (
    ("Hugging Face", lambda run: FILTER in run.config),
    ("Lightning", lambda run: any("lightning_logs/" in file for file in run.files)),
    ("Lightning", lambda run: "hp_metric" in run.series),
    ("Keras", lambda run: "epoch_loss" in run.series),
)
"""By what the frameworks are known that log for the user, wherever to."""


def logger(run: Run) -> str:
    """Return who wrote a run's log: the framework, if it is known, or else the kind of log."""
    return next((name for name, known in _CALLBACKS if known(run)), run.source)


NEEDS_PROBE = "missing-input.no-probe"
"""The id of ``UNPROBED``, by which renderers say it once for all such rules."""
UNPROBED = message(NEEDS_PROBE, "Let `advisor probe` measure it")
"""What rules on measurements of a probe say of a training, whose log never holds any."""


def missing_input(key: str, source: str) -> Message:
    """Say what a run lacks for a role (alternatives as ``a|b``), and the line that logs it.

    ``source`` is the run's ``logger``.
    """
    first = key.partition("|")[0]
    if first.startswith(PROBE):
        text = "Let `advisor probe` measure it: {probe:name} did not run to its end"
        return message("missing-input.probe", text, probe=first.split("/")[1])
    tag = "val/loss" if first == "objective" else first
    line = next((t for s, k, t in _LINES if source.startswith(s) and tag.startswith(k)), None)
    if not line:
        text = "Log {what:sentence}, as the column {tag:name}"
        return message("missing-input.column", text, what=_what(key), tag=tag)
    text = "Log {what:sentence}: {line:name}"
    return message("missing-input", text, what=_what(key), line=line.replace("{tag}", tag))


def undirected(tag: str) -> Message:
    """Say of a validation metric that nobody knows which way is better, and who can say it."""
    text = "Say whether {series:name} should rise or fall: {rise:name} or {fall:name}"
    rise, fall = f"--objective {tag}:max", f"{tag}:min"
    return message("missing-input.direction", text, series=tag, rise=rise, fall=fall)


def _what(key: str) -> Message:
    roles = key.split("|")
    if set(roles) == _BOTH:
        roles = ["objective"]
    first, *others = (_named(role) for role in roles)
    return reduce(_or, others, first)


def _named(role: str) -> Message:
    return message("missing-input.role", "{what:text}", what=_WHAT.get(role, role))


def _or(one: Message, other: Message) -> Message:
    text = "{one:sentence} or {other:sentence}"
    return message("missing-input.either", text, one=one, other=other)


UNJUDGED = message("state.unjudged", "Could not be judged")
"""The state of a run of which no rule could say anything: no finding is no praise there."""
