"""Trainings with nothing the matter: a good one for each problem, and awkward ways to train it.

That a way is good is not taken on trust: ``truth`` counts it as healthy only where none of its
``checks`` is better. Ways that train the same model on the same data share theirs: the plain
training, one twice as long, and those at a third and three times its rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.diagnosis.setup import Setup

TEXTS = ("docstrings", "source", "reference", "names", "messages", "descriptions",
         "examples", "headers", "comments", "stubs", "formulas")  # fmt: skip
COSTLY = ("gru", "lstm", "transformer", "encoder", "gru-lm", "bi-gru",
          "attention-pooling", "conv-lm", "perceiver", "minimal-gated",
          "state-space-lm", "graph-attention", "conv-lstm", "recurrent-highway",
          "fourier-mixer", "multiplicative-lstm", "clockwork-gated", "delayed-gated",
          "fast-weights-gated", "bistable-gated")  # fmt: skip
"""Architectures of which every step takes long: fewer ways and faults."""
NUMBERS = ("diabetes", "waves", "patches", "friedman", "pendulum", "peaks", "hills", "colours",
           "pipes", "arms", "pistons", "processors", "sums", "wells", "molecules",
           "harvests", "panes", "throws", "bicycles", "auctions")  # fmt: skip

Changes = dict[str, Any]
Way = Callable[[Setup], Changes | None]
"""What is changed of the plain training; ``None`` where the way makes no sense for it."""


def _base(
    problem: str, model: str, *numbers: float, depth: int = 2, activation: str = "relu"
) -> Setup:
    epochs, batch, hidden, rate, decay = numbers
    return Setup(
        problem=problem,
        model=model,
        seed=0,
        epochs=int(epochs),
        batch_size=int(batch),
        learning_rate=rate,
        weight_decay=decay,
        hidden=int(hidden),
        depth=depth,
        activation=activation,
    )


# Epochs, batch, width, rate, decay: the rate of the best validation loss at the end of rates
# from 1e-3 to 3e-2, with epochs beyond which twice as many gained nothing (two seeds).
DEVELOPMENT = (
    _base("digits", "mlp", 30, 64, 64, 3e-3, 1e-2),
    _base("digits", "cnn", 20, 64, 32, 1e-2, 1e-2),
    _base("cancer", "mlp", 25, 32, 16, 6e-3, 3e-2),
    _base("clusters", "mlp", 20, 32, 32, 1e-3, 1e-2),
    _base("diabetes", "mlp", 25, 32, 8, 3e-3, 3e-2),
    _base("waves", "mlp", 40, 32, 32, 1e-2, 1e-2),
    _base("tones", "gru", 20, 64, 32, 2e-2, 1e-2),
    _base("docstrings", "transformer", 24, 32, 16, 2e-2, 1e-2, depth=1),
    # The first held-out draw, development data since it was opened.
    _base("wine", "norm-mlp", 20, 16, 16, 1e-2, 1e-2),
    _base("patches", "autoencoder", 30, 32, 64, 1e-2, 3e-3),
    _base("shapes", "resnet", 15, 32, 48, 1e-2, 1e-2),
    _base("friedman", "residual-mlp", 30, 32, 32, 3e-3, 1e-2),
    _base("spirals", "mlp", 30, 32, 32, 1e-2, 3e-3),
    _base("rings", "norm-mlp", 30, 32, 24, 1e-2, 1e-2),
    _base("counts", "lstm", 20, 64, 32, 1e-2, 1e-2),
    _base("motifs", "encoder", 20, 64, 16, 1e-2, 1e-1, depth=1),
    _base("source", "gru-lm", 12, 32, 24, 1e-2, 1e-2),
    # The second held-out draw, opened after one look.
    _base("links", "tapered-mlp", 20, 32, 24, 1e-2, 1e-1, depth=3, activation="gelu"),
    _base("forks", "gated-mlp", 24, 32, 16, 3e-2, 1e-1),
    _base("pendulum", "dense-mlp", 30, 32, 16, 2e-2, 1e-2, activation="tanh"),
    _base("blots", "separable-cnn", 24, 64, 32, 3e-2, 1e-2, depth=3),
    _base("orders", "bi-gru", 20, 64, 24, 3e-2, 1e-2),
    _base("peaks", "attention-pooling", 20, 64, 16, 1e-2, 1e-2),
    _base("rhythms", "inception", 12, 64, 8, 1e-2, 1e-2),
    _base("reference", "conv-lm", 12, 32, 16, 2e-2, 1e-2),
    # The third held-out draw, opened after one look.
    _base("hills", "fourier-mlp", 20, 32, 32, 1e-2, 1e-2),
    _base("choices", "maxout-mlp", 14, 32, 8, 1e-2, 1e-1),
    _base("colours", "experts", 24, 32, 16, 5e-2, 1e-2),
    _base("gratings", "squeeze-cnn", 12, 64, 16, 1e-2, 1e-2),
    _base("constellations", "perceiver", 24, 32, 16, 6e-3, 1e-2),
    _base("chains", "minimal-gated", 16, 64, 24, 2e-2, 1e-2),
    _base("changes", "dilated-cnn", 28, 64, 16, 2e-2, 1e-2),
    _base("names", "state-space-lm", 18, 32, 32, 4e-2, 1e-2, depth=1),
    # The fourth held-out draw, opened after one look.
    _base("pipes", "cross-mlp", 20, 32, 16, 2e-2, 1e-2),
    _base("arms", "highway-mlp", 20, 32, 24, 1e-2, 1e-2),
    _base("iris", "prototypes", 30, 16, 16, 2e-2, 1e-2),
    _base("matches", "siamese", 18, 32, 16, 3e-2, 1e-1),
    _base("overlaps", "dense-cnn", 14, 64, 16, 3e-2, 1e-2),
    _base("graphs", "graph-attention", 20, 64, 16, 1e-2, 1e-2, depth=1),
    _base("morse", "conv-lstm", 16, 64, 16, 2e-2, 1e-2),
    _base("messages", "window-lm", 12, 32, 48, 3e-2, 1e-2, depth=1),
    # The fifth held-out draw, opened after one look.
    _base("pistons", "spline-mlp", 12, 32, 8, 2e-2, 1e-1),
    _base("functions", "soft-trees", 24, 32, 8, 2e-2, 1e-2),
    _base("loans", "additive-mlp", 10, 32, 8, 3e-2, 1e-1),
    _base("displays", "inverted-cnn", 12, 64, 16, 2e-2, 1e-1),
    _base("lookups", "memory-hops", 20, 64, 24, 1e-2, 1e-2),
    _base("stores", "recurrent-highway", 12, 64, 24, 3e-2, 1e-2),
    _base("machines", "fourier-mixer", 16, 64, 16, 2e-2, 1e-2),
    _base("descriptions", "spatial-lm", 14, 32, 24, 3e-2, 1e-2, depth=1),
    # The sixth held-out draw, opened after one look.
    _base("processors", "ensemble-mlp", 15, 16, 8, 1e-2, 1e-2),
    _base("passengers", "binned-mlp", 16, 32, 16, 6e-3, 3e-2),
    _base("stars", "factor-mlp", 10, 32, 16, 3e-2, 1e-2),
    _base("charts", "patch-mixer", 12, 64, 16, 3e-2, 1e-1),
    _base("sums", "multiplicative-lstm", 12, 64, 24, 2e-2, 1e-2),
    _base("heartbeats", "multi-scale-cnn", 14, 64, 12, 1e-2, 1e-2),
    _base("flocks", "pair-attention", 20, 64, 16, 2e-2, 1e-2),
    _base("examples", "linear-attention-lm", 14, 32, 24, 2e-2, 1e-2, depth=1),
    # The seventh held-out draw, opened after one look.
    _base("penguins", "sparse-mlp", 24, 16, 16, 2e-2, 1e-2),
    _base("wells", "polynomial-mlp", 10, 32, 16, 1e-2, 1e-2),
    _base("symptoms", "column-attention", 16, 64, 16, 1e-2, 1e-2, depth=1),
    _base("cultures", "shuffle-cnn", 10, 64, 8, 1e-2, 1e-1, depth=1),
    _base("switches", "clockwork-gated", 14, 64, 24, 3e-2, 1e-1),
    _base("gaits", "shapelets", 14, 64, 24, 1e-2, 1e-2),
    _base("molecules", "message-passing", 20, 64, 16, 1e-2, 1e-2),
    _base("headers", "synthesizer-lm", 12, 32, 24, 3e-2, 1e-2, depth=1),
    # The eighth held-out draw, opened after one look.
    _base("endgames", "selective-mlp", 8, 32, 16, 1e-2, 3e-1),
    _base("harvests", "flow-mlp", 20, 32, 32, 1e-2, 1e-2),
    _base("vowels", "low-rank-mlp", 16, 32, 24, 2e-2, 1e-2),
    _base("galaxies", "turned-cnn", 20, 64, 8, 2e-2, 1e-2),
    _base("storms", "delayed-gated", 12, 64, 24, 3e-2, 1e-1),
    _base("calls", "wavelets", 24, 64, 24, 2e-2, 1e-2),
    _base("hands", "slot-attention", 20, 64, 24, 1e-2, 1e-2),
    _base("comments", "long-conv-lm", 12, 32, 24, 2e-2, 1e-2, depth=1),
    # The ninth held-out draw, opened after two looks.
    _base("panes", "winner-mlp", 32, 16, 12, 3e-2, 1e-1),
    _base("throws", "reversible-mlp", 12, 32, 16, 2e-2, 1e-2),
    _base("noses", "cosine-mlp", 10, 32, 24, 2e-2, 1e-1),
    _base("junctions", "involution-cnn", 16, 64, 8, 3e-2, 3e-1),
    _base("contests", "fast-weights-gated", 12, 64, 16, 3e-2, 1e-2),
    _base("appliances", "hourglass", 20, 64, 12, 1e-2, 1e-2),
    _base("timetables", "relation-network", 16, 32, 24, 1e-2, 1e-2, activation="gelu"),
    _base("stubs", "attention-free-lm", 10, 32, 24, 3e-2, 1e-1, depth=1),
)
HELD_OUT = (
    _base("animals", "hyper-mlp", 20, 16, 8, 3e-2, 3e-1),
    _base("bicycles", "settling-mlp", 24, 32, 24, 2e-2, 1e-2),
    _base("coats", "circulant-mlp", 8, 32, 24, 3e-2, 1e-1),
    _base("phases", "octave-cnn", 12, 64, 8, 3e-3, 3e-1),
    _base("doses", "bistable-gated", 14, 64, 16, 3e-2, 1e-1),
    _base("plastics", "conditional-cnn", 8, 64, 8, 1e-2, 1e-1),
    _base("auctions", "deep-sets", 16, 32, 24, 2e-2, 1e-2),
    _base("formulas", "differential-lm", 32, 32, 24, 2e-2, 1e-2, depth=1),
)


def by_momentum(base: Setup) -> Changes:
    """Return what makes of a training with AdamW one with SGD."""
    return {
        "optimizer": "sgd",
        "learning_rate": base.learning_rate * 5,
        "weight_decay": base.weight_decay / 10,
    }


def _small_batches(base: Setup) -> Changes:
    rate = base.learning_rate * (8 / base.batch_size) ** 0.5
    return {"batch_size": 8, "learning_rate": rate, "epochs": max(5, base.epochs // 2)}


def _large_batches(base: Setup) -> Changes:
    rate = base.learning_rate * 2
    return {"batch_size": base.batch_size * 8, "learning_rate": rate, "epochs": base.epochs * 4}


def _few_epochs(base: Setup) -> Changes:
    return {"epochs": max(5, base.epochs // 3), "batch_size": max(8, base.batch_size // 3)}


def _dropout(base: Setup) -> Changes:
    return {"dropout": 0.3, "hidden": base.hidden * 2, "epochs": base.epochs * 3 // 2}


def _fine_tuned(base: Setup) -> Changes:
    return {
        "pretrained": base.epochs,
        "learning_rate": base.learning_rate / 10,
        "epochs": max(5, base.epochs // 2),
    }


def _stopped(noise: float) -> Way:
    def way(base: Setup) -> Changes | None:
        if noise and base.problem in TEXTS:
            return None
        rate = base.learning_rate / 3
        return {
            "schedule": "constant",
            "learning_rate": rate,
            "epochs": base.epochs * 4,
            "patience": 5,
            "label_noise": noise,
        }

    return way


def _only(unless: tuple[str, ...], **changes: Any) -> Way:
    return lambda base: None if base.problem in unless else changes


WAYS: dict[str, Way] = {
    "plain": lambda _: {},
    "small-batches": _small_batches,
    "large-batches": _large_batches,
    "few-epochs": _few_epochs,
    "dropout": _dropout,
    "noisy-inputs": _only(TEXTS, input_noise=0.2),
    "imbalanced": _only((*TEXTS, *NUMBERS), rare=0.15),
    "likelihood": lambda base: {"likelihood": True} if base.problem in NUMBERS else None,
    "fine-tuned": _fine_tuned,
    "warm-up": lambda _: {"warmup": 0.1},
    "linear": lambda _: {"schedule": "linear", "warmup": 0.05},
    "steps": lambda _: {"schedule": "steps"},
    "exponential": lambda _: {"schedule": "exponential"},
    "onecycle": lambda base: {"schedule": "onecycle", "learning_rate": base.learning_rate * 2},
    "restarts": lambda base: {"schedule": "restarts", "epochs": base.epochs * 3 // 2},
    "inverse-root": lambda _: {"schedule": "inverse-root", "warmup": 0.05},
    "stopped": _stopped(0.0),
    "noisy-labels-stopped": _stopped(0.15),
    "clipped": lambda _: {"clip": 0.5, "warmup": 0.05},
    "decayed": lambda base: {"weight_decay": base.weight_decay * 10},
    "averaged": lambda _: {"average": 0.97, "schedule": "constant"},
    "smoothed": _only(NUMBERS, label_smoothing=0.1),
    "sgd": by_momentum,
    "rmsprop": lambda base: {"optimizer": "rmsprop", "weight_decay": 0.0,
                             "learning_rate": base.learning_rate / 3},
}  # fmt: skip
"""Ways to train that need no advice."""

FEWER = ("plain", "few-epochs", "imbalanced", "fine-tuned", "warm-up", "linear", "steps",
         "onecycle", "stopped", "clipped")  # fmt: skip
"""The ways that are trained of costly architectures."""


def ways(base: Setup) -> dict[str, Setup]:
    """Return the ways to train a base, by name."""
    found = {
        name: way(base) for name, way in WAYS.items() if name in FEWER or base.model not in COSTLY
    }
    return {name: base.changed(**changes) for name, changes in found.items() if changes is not None}


DATA = ("model", "samples", "label_noise", "rare", "likelihood")
"""What must be equal for two results to be of the same task."""
CAPACITY = ("hidden", "depth", "dropout")
"""What must be equal, too, for one training to show how long another one needs."""


def checks(base: Setup, setup: Setup) -> dict[str, Setup]:
    """Return what must not be better than ``setup``, if that is to count as healthy."""
    longer = setup.changed(epochs=setup.epochs * 2)
    faster = setup.changed(learning_rate=setup.learning_rate * 3)
    own = {"faster": faster} if setup.patience else {"longer": longer}
    if not _equal(base, setup, DATA):
        return own
    shared = {
        "plain": base,
        "plain longer": base.changed(epochs=base.epochs * 2),
        "plain slower": base.changed(learning_rate=base.learning_rate / 3),
        "plain faster": base.changed(learning_rate=base.learning_rate * 3),
    }
    return shared if _equal(base, setup, CAPACITY) else shared | own


def _equal(one: Setup, other: Setup, names: Iterable[str]) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)
