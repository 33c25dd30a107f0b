"""Faults as changes of a training that is good without them. Nothing here knows any rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.diagnosis.healthy import COSTLY, NUMBERS, TEXTS, by_momentum
from benchmarks.diagnosis.setup import Setup

EXPLODING = {"tones": "rnn", "counts": "rnn", "orders": "rnn", "chains": "deep-rnn",
             "morse": "conv-rnn", "stores": "transition-rnn",
             "sums": "multiplicative-rnn", "switches": "clockwork-rnn",
             "storms": "delayed-rnn", "contests": "fast-weights-rnn",
             "doses": "bistable-rnn"}  # fmt: skip
"""By data set: the recurrent network without gates whose gradients may explode."""
IMAGES = ("cnn", "resnet", "separable-cnn", "squeeze-cnn", "dense-cnn", "inverted-cnn",
          "patch-mixer", "shuffle-cnn", "turned-cnn",
          "involution-cnn", "octave-cnn")  # fmt: skip
ATTENTION = ("transformer", "encoder", "attention-pooling", "perceiver", "graph-attention",
             "memory-hops", "pair-attention", "linear-attention-lm",
             "column-attention", "synthesizer-lm", "slot-attention",
             "attention-free-lm", "differential-lm")  # fmt: skip
DEEP = ("mlp", "tapered-mlp", "fourier-mlp", "siamese", "additive-mlp", "binned-mlp",
        "sparse-mlp", "low-rank-mlp", "cosine-mlp",
        "circulant-mlp")  # fmt: skip
LAZY = ("resnet",)
"""Architectures of which a layer has no weights yet when they are initialized."""
DROPPABLE = 0.4


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in one strength: its twin differs from the base, and it from the twin."""

    name: str
    strength: str
    twin: Setup
    planted: Setup


def faults(base: Setup) -> Iterator[Fault]:
    """Yield every fault that makes sense for a base; of a costly one, fewer strengths."""
    for source in (_rates, _schedules, _epochs, _fits, _programs, _starts, _numerics, _batches):
        yield from source(base)


def _fault(name: str, strength: str, twin: Setup, **changes: Any) -> Fault:
    return Fault(name, strength, twin, twin.changed(**changes))


def _rates(base: Setup) -> Iterator[Fault]:
    for factor in (3, 10, 30, 100, 300):
        high, low = base.learning_rate * factor, base.learning_rate / factor
        yield _fault("lr-too-high", f"{factor}", base, learning_rate=high)
        yield _fault("lr-too-low", f"{factor}", base, learning_rate=low)
    constant = base.changed(schedule="constant")
    for factor in (10, 30):
        low = base.learning_rate / factor
        yield _fault("lr-too-low", f"constant-{factor}", constant, learning_rate=low)
    if base.model in COSTLY:
        return
    momentum = base.changed(**by_momentum(base))
    for factor in (10, 30):
        high = momentum.learning_rate * factor
        yield _fault("lr-too-high", f"sgd-{factor}", momentum, learning_rate=high)
    yield _fault("too-much-momentum", "0.995", momentum, momentum=0.995)


def _schedules(base: Setup) -> Iterator[Fault]:
    yield _fault("decayed-too-early", "tenth", base, schedule="early")
    yield _fault("decayed-too-early", "quarter", base, schedule="steps-early")
    for factor in (1, 3, 10):
        fast = base.changed(learning_rate=base.learning_rate * factor)
        yield _fault("no-decay", f"{factor}", fast, schedule="constant")
    if base.model in ATTENTION:
        for factor in (3, 10):
            fast = base.changed(learning_rate=base.learning_rate * factor, warmup=0.15)
            yield _fault("no-warm-up", f"{factor}", fast, warmup=0.0)


def _epochs(base: Setup) -> Iterator[Fault]:
    for part in (0.5, 0.25, 0.12):
        yield _fault("stopped-too-early", f"cut-{part}", base, cut=part)
    slow = base.changed(schedule="constant", learning_rate=base.learning_rate / 3)
    for divisor in (3, 6):
        few = max(4, base.epochs // divisor)
        yield _fault("stopped-too-early", f"constant-{divisor}", slow, epochs=few)
    if base.model not in COSTLY:
        yield _fault(
            "trained-too-long",
            "6",
            base,
            schedule="constant",
            weight_decay=0.0,
            epochs=base.epochs * 6,
        )


def _fits(base: Setup) -> Iterator[Fault]:
    free = {"weight_decay": 0.0, "patience": 0, "schedule": "constant"}
    for samples in (60, 200):
        small = base.changed(samples=samples, epochs=base.epochs * 6, patience=10)
        yield _fault("overfitting", f"samples-{samples}", small, **free, hidden=base.hidden * 4)
    if base.problem not in TEXTS:
        noisy = base.changed(label_noise=0.4, patience=5, epochs=base.epochs * 3)
        yield _fault("overfitting", "labels-0.4", noisy, **free, hidden=base.hidden * 4)
    for hidden in (1, 2, 4):
        if base.model not in (*IMAGES, *ATTENTION):
            yield _fault("too-small", f"{hidden}", base, hidden=hidden)
    yield _fault("too-regularized", "dropout-0.8", base, dropout=0.8)
    yield _fault("too-regularized", "decay-3", base, weight_decay=3 / base.learning_rate / 100)


def _programs(base: Setup) -> Iterator[Fault]:
    yield _fault("no-zero-grad", "always", base, bugs=("no-zero-grad",))
    if base.problem not in NUMBERS:
        yield _fault("softmax-first", "always", base, bugs=("softmax-first",))
    if base.model in COSTLY:
        return
    dropped = base.changed(dropout=DROPPABLE)
    yield _fault("eval-forgotten", "dropout", dropped, bugs=("eval-forgotten",))
    yield _fault("train-forgotten", "dropout", dropped, bugs=("train-forgotten",))


def _starts(base: Setup) -> Iterator[Fault]:
    if base.model not in LAZY:
        yield _fault("dead-start", "zero", base, init="zero")
        yield _fault("huge-start", "30", base, init="huge")
    if base.model in DEEP:
        yield _fault("dead-start", "dead", base, init="dead")
        for depth in (4, 8):
            deep = base.changed(depth=depth)
            yield _fault("vanishing", f"{depth}", deep, activation="sigmoid")
    if base.problem not in TEXTS:
        for scale in (100, 10_000):
            yield _fault("out-of-scale", f"{scale}", base, input_scale=float(scale))


def _numerics(base: Setup) -> Iterator[Fault]:
    if base.problem not in TEXTS:
        yield _fault("bad-record", "one", base, bugs=("bad-record",))
    if base.problem not in NUMBERS:
        yield _fault("log-of-zero", "unguarded", base, bugs=("log-of-zero",))
    if model := EXPLODING.get(base.problem):
        for factor in (3, 10):
            rate = base.learning_rate * factor / 30
            clipped = base.changed(model=model, clip=0.5, learning_rate=rate)
            yield _fault("exploding", f"{factor}", clipped, clip=0.0)


def _batches(base: Setup) -> Iterator[Fault]:
    if base.model not in COSTLY:
        epochs = max(2, base.epochs // 5)
        yield _fault("batch-too-small", "2", base, batch_size=2, epochs=epochs)
    large = base.batch_size * 16
    yield _fault("batch-too-large", "16", base, batch_size=large)
