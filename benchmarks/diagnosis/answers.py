"""Which rules name a fault, and which only say what is true of a run that has it.

A rule names a fault where its explanation is the fault, or where doing what it says would undo
the fault. A rule that is only true of such runs does not count as finding the fault; its finding
is no false alarm. What is true of a run whatever was planted is not listed here: ``facts``
measures it.
"""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.diagnosis.damage import DAMAGES


class Answer(NamedTuple):
    """The first of ``names`` is the fault's own rule: its recall is measured by this fault."""

    names: tuple[str, ...]
    follows: tuple[str, ...] = ()


_LOWER_THE_RATE = ("lr-too-high", "diverged", "loss-not-finite", "first-steps-too-large")
"""Rules that say to train with a third or a tenth of the rate."""
_TOO_FAR = ("past-best", "overfitting", "early-stopping-missing", "best-checkpoint-not-kept")
"""Rules that say to keep an earlier state of the model."""
_REGULARIZE = ("more-data-or-regularization", "oversized-then-shrunk", "dropout-missing")
_UNSTEADY = ("exploding-gradients", "clip-by-norm", "never-learned", "batch-too-small-noise")
"""What also shows where steps are too long."""

ANSWERS: dict[str, Answer] = {
    "lr-too-high": Answer(
        (*_LOWER_THE_RATE, "lr-range"),
        # Its first average holds the steps that were thrown up, as if the loss had begun there.
        (
            *_UNSTEADY,
            "lr-warmup",
            "lr-decay-on-plateau",
            "underfitting",
            "adam-is-forgiving",
            "initial-loss",
        ),
    ),
    "lr-too-low": Answer(
        ("lr-too-low", "lr-range"), ("still-improving", "underfitting", "never-learned")
    ),
    "too-much-momentum": Answer(
        ("momentum-range", *_LOWER_THE_RATE), (*_UNSTEADY, "adam-is-forgiving", "underfitting")
    ),
    "decayed-too-early": Answer(("lr-decayed-too-early",), ("lr-too-low", "underfitting")),
    # Where a constant rate ten times the best one does clear harm (tones, docstrings), the best
    # one, as constant, ends better than the twin with its decay: what lr-range says undoes it.
    "no-decay": Answer(
        ("lr-decay-on-plateau", *_LOWER_THE_RATE, "lr-range"),
        (*_UNSTEADY, "weight-averaging", "underfitting"),
    ),
    "no-warm-up": Answer(("lr-warmup", *_LOWER_THE_RATE), _UNSTEADY),
    "stopped-too-early": Answer(("still-improving",), ("lr-too-low",)),
    "trained-too-long": Answer(_TOO_FAR, (*_REGULARIZE, "lr-decay-on-plateau")),
    "overfitting": Answer((*_TOO_FAR, *_REGULARIZE), ("val-loss-rises-metric-holds",)),
    "too-small": Answer(("underfitting", "hidden-size"), ("never-learned",)),
    "too-regularized": Answer(
        ("underfitting", "dropout-range", "weight-decay-with-lr"), ("never-learned",)
    ),
    # Only the gradient norm tells a gradient that adds up from a rate that is too high, and a third
    # or a tenth of the rate undoes two thirds of the harm and more (digits, waves, clusters,
    # diabetes).
    "no-zero-grad": Answer(
        ("stale-gradients", *_LOWER_THE_RATE, "exploding-gradients", "never-learned"), _UNSTEADY
    ),
    "softmax-first": Answer(("logits-vs-softmax",)),
    "eval-forgotten": Answer(("train-eval-toggle", "unrepeatable-validation")),
    "train-forgotten": Answer((*_TOO_FAR, *_REGULARIZE)),
    # What answers the same to everything is as far from good on training as on validation data.
    "dead-start": Answer(("never-learned", "vanishing-gradients"), ("underfitting",)),
    "vanishing": Answer(
        ("vanishing-gradients", "activation-choice", "never-learned"),
        ("lr-too-low", "still-improving", "underfitting"),
    ),
    "huge-start": Answer(("initial-loss", "hockey-stick"), ("exploding-gradients",)),
    "out-of-scale": Answer(
        ("initial-loss", "hockey-stick", "never-learned", "loss-not-finite"),
        (*_LOWER_THE_RATE, *_UNSTEADY, "underfitting"),
    ),
    "bad-record": Answer(("loss-not-finite",)),
    "log-of-zero": Answer(("loss-not-finite",)),
    "exploding": Answer(
        ("exploding-gradients", "clip-by-norm", "loss-not-finite"), ("diverged", "lr-too-high")
    ),
    # A third of the rate gains nothing there (digits, clusters, cancer).
    "batch-too-small": Answer(
        ("batch-too-small-noise", "batch-start", "batch-sqrt-data"),
        ("lr-too-high", "first-steps-too-large", "lr-decay-on-plateau", "weight-averaging"),
    ),
    "batch-too-large": Answer(
        ("batch-start", "batch-sqrt-data", "batch-too-large", "lr-too-low", "still-improving"),
        ("underfitting",),
    ),
    "log-without-validation": Answer(("no-validation",)),
    "log-without-metric": Answer(("metric-not-logged",)),
    "log-rounded": Answer(("telemetry-rounded",)),
    "log-few-points": Answer(("telemetry-too-few-points",)),
    "log-restarted": Answer(("telemetry-restarted",)),
}
"""By the names of faults, and of damages of logs."""
ONLY_PROBED = {"out-of-scale"}
"""Faults that only a probe is there for: it sees the inputs (``feature-scale``), and no log does.

A log that shows one all the same, by a first loss far too high, has it named, and that is right.
"""
OF_LOGS = {f"log-{damage}" for damage in DAMAGES}
"""What is no fault of the training."""
_ABOUT_LOGS = {rule for damage in OF_LOGS & ANSWERS.keys() for rule in ANSWERS[damage].names}


def is_about_logs(rule: str) -> bool:
    """Tell whether a rule is about what a log lacks, and not about the training."""
    return rule in _ABOUT_LOGS or rule.startswith("telemetry-")
