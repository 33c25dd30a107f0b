"""What the benchmark plants, in a few words, and the rule that is about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from advisor.language import term


class Cause(NamedTuple):
    """What can be wrong with a training."""

    text: str
    """Ends "the cause may be …"."""
    rule: str


CAUSES: Mapping[str, Cause] = {
    "lr-too-high": Cause(term("too high a learning rate"), "lr-too-high"),
    "lr-too-low": Cause(term("too low a learning rate"), "lr-too-low"),
    "too-much-momentum": Cause(term("too much momentum"), "momentum-range"),
    "decayed-too-early": Cause(term("a learning rate lowered too early"), "lr-decayed-too-early"),
    "no-decay": Cause(term("a learning rate that was never lowered"), "lr-decay-on-plateau"),
    "no-warm-up": Cause(term("no warm-up"), "lr-warmup"),
    "stopped-too-early": Cause(term("too few epochs"), "still-improving"),
    "trained-too-long": Cause(term("too many epochs"), "past-best"),
    "overfitting": Cause(term("too few data for the model"), "overfitting"),
    "too-small": Cause(term("too small a model"), "underfitting"),
    "too-regularized": Cause(term("too much dropout or weight decay"), "underfitting"),
    "no-zero-grad": Cause(term("gradients that are not cleared"), "zero-grad-forgotten"),
    "softmax-first": Cause(term("a softmax twice"), "logits-vs-softmax"),
    "eval-forgotten": Cause(term("validation in training mode"), "train-eval-toggle"),
    "train-forgotten": Cause(term("training in evaluation mode"), "train-eval-toggle"),
    "dead-start": Cause(term("units that are dead from the start"), "never-learned"),
    "vanishing": Cause(term("vanishing gradients"), "vanishing-gradients"),
    "huge-start": Cause(term("a last layer that starts too large"), "initial-loss"),
    "out-of-scale": Cause(term("inputs on very different scales"), "feature-scale"),
    "bad-record": Cause(term("a sample that is not a number"), "loss-not-finite"),
    "log-of-zero": Cause(term("a logarithm of zero"), "loss-not-finite"),
    "exploding": Cause(term("exploding gradients"), "exploding-gradients"),
    "batch-too-small": Cause(term("too small a batch"), "batch-too-small-noise"),
    "batch-too-large": Cause(term("too large a batch"), "batch-too-large"),
}
"""By the names that ``benchmarks/diagnosis`` gives to what it plants."""
