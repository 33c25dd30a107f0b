"""Which rules name a fault, and which only say what is true of a run that has it."""

from __future__ import annotations

from typing import NamedTuple


class Answer(NamedTuple):
    """The first of ``names`` is the fault's own rule: its recall is measured by this fault."""

    names: tuple[str, ...]
    follows: tuple[str, ...] = ()


_SLOW = ("lr-too-low", "still-improving")
_TOO_FAR = ("past-best", "overfitting", "early-stopping-missing", "more-data-or-regularization",
            "val-loss-rises-metric-holds", "best-checkpoint-not-kept")  # fmt: skip
_BLOWN_UP = ("diverged", "lr-too-high", "loss-not-finite", "exploding-gradients", "lr-warmup")
_STUCK = ("never-learned", "underfitting", "lr-decay-on-plateau")

ANSWERS: dict[str, Answer] = {
    "lr-too-high": Answer(
        ("lr-too-high", "diverged", "loss-not-finite", "exploding-gradients", "never-learned",
         "lr-range", "lr-decay-on-plateau"),
        (*_TOO_FAR, "lr-warmup", "underfitting", "clip-by-norm", "batch-too-small-noise"),
    ),
    "lr-too-low": Answer(("lr-too-low", "still-improving", "lr-range"), _STUCK),
    "decayed-too-early": Answer(("lr-decayed-too-early",), (*_SLOW, "underfitting")),
    "no-decay": Answer(
        ("lr-decay-on-plateau", "lr-too-high"), (*_TOO_FAR, *_BLOWN_UP, "batch-too-small-noise")
    ),
    "no-warm-up": Answer(("lr-warmup", *_BLOWN_UP), ("never-learned", "clip-by-norm")),
    "stopped-too-early": Answer(("still-improving", "lr-too-low"), ()),
    "trained-too-long": Answer(("past-best", *_TOO_FAR), ("lr-too-high", "lr-decay-on-plateau")),
    "overfitting": Answer(("overfitting", *_TOO_FAR), ("oversized-then-shrunk",)),
    "too-small": Answer(("underfitting", "hidden-size", "never-learned"), _STUCK),
    "too-regularized": Answer(("underfitting", "never-learned", "dropout-range"), _STUCK),
    "no-zero-grad": Answer(
        (*_BLOWN_UP, "never-learned", "zero-grad-forgotten"), (*_TOO_FAR, "clip-by-norm")
    ),
    "softmax-first": Answer(("logits-vs-softmax",), ("lr-decay-on-plateau",)),
    "eval-forgotten": Answer(("train-eval-toggle",), ()),
    "train-forgotten": Answer(_TOO_FAR, ()),
    "dead-start": Answer(("never-learned",), ()),
    "vanishing": Answer(("vanishing-gradients", "never-learned"), (*_SLOW, *_STUCK)),
    "huge-start": Answer(("initial-loss", "hockey-stick"), (*_TOO_FAR, "exploding-gradients")),
    "out-of-scale": Answer(
        ("feature-scale", "initial-loss", "hockey-stick", *_BLOWN_UP), (*_TOO_FAR, *_STUCK)
    ),
    "bad-record": Answer(("loss-not-finite",), ("telemetry-filtered", *_TOO_FAR)),
    "log-of-zero": Answer(("loss-not-finite",), ("telemetry-filtered", *_TOO_FAR)),
    "exploding": Answer(("exploding-gradients", *_BLOWN_UP, "clip-by-norm"), _STUCK),
    "batch-too-small": Answer(
        ("batch-too-small-noise", "lr-too-high", "batch-start", "batch-sqrt-data"), _TOO_FAR
    ),
    "log-without-validation": Answer(("no-validation",)),
    "log-without-metric": Answer(("metric-not-logged",)),
    "log-sampled": Answer(("telemetry-sampled", "telemetry-too-few-points")),
    "log-rounded": Answer(("telemetry-rounded",)),
    "log-few-points": Answer(("telemetry-too-few-points",)),
    "log-filtered": Answer(("telemetry-filtered",)),
}  # fmt: skip
"""By the names of faults."""
