"""What the findings of other tools mean in terms of our faults, read generously.

A finding names a fault where its title, its causes or its fixes, as the tool's source has them,
would lead a person to that fault. It is true of a further fault where the symptom that it states
is one that the fault brings. A finding in neither is wrong. What a finding only states of the
setup or of the log, such as that the rate does not warm up, is right or wrong about nothing: it
is no false alarm, and counts for a tool where it names what was planted.
"""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """What one finding says."""

    names: tuple[str, ...]
    """Faults that the finding finds."""
    true_of: tuple[str, ...] = ()
    """Faults that show as the finding says, which it does not find."""
    states: bool = False
    """Whether it only states a fact that is no fault in itself."""
    as_rules: tuple[str, ...] = ()
    """Rules of ours that say the same: it is true of a log of which one of theirs is."""


_UNSTABLE = ("lr-too-high", "too-much-momentum", "no-warm-up", "no-decay", "exploding",
             "no-zero-grad", "out-of-scale", "huge-start", "bad-record",
             "batch-too-small")  # fmt: skip
_NOT_FINITE = (*_UNSTABLE, "log-of-zero")
_STUCK = ("dead-start", "vanishing", "lr-too-low", "too-small", "too-regularized", "lr-too-high",
          "too-much-momentum", "no-zero-grad", "out-of-scale", "huge-start")  # fmt: skip
_SLOW = ("lr-too-low", "decayed-too-early", "stopped-too-early", "batch-too-large", "dead-start",
         "vanishing")  # fmt: skip
_TOO_FAR = ("overfitting", "trained-too-long", "train-forgotten")
_WORSE_LATER = ("lr-too-high", "too-much-momentum", "no-decay", "no-warm-up", "no-zero-grad",
                "huge-start", "out-of-scale", "bad-record", "log-of-zero", "batch-too-small",
                "eval-forgotten")  # fmt: skip
"""Faults that raise the validation loss again, as overfitting does."""
_FLAT = ("no-decay", "softmax-first", "trained-too-long", "decayed-too-early", "batch-too-small")

_TOO_FAR_FOUND = Meaning(
    _TOO_FAR,
    _WORSE_LATER,
    as_rules=("overfitting", "past-best", "best-checkpoint-not-kept", "early-stopping-missing",
              "more-data-or-regularization", "val-loss-rises-metric-holds"),
)  # fmt: skip
_BLOWN_UP_FOUND = Meaning(_NOT_FINITE, _TOO_FAR, as_rules=("diverged", "loss-not-finite"))
_NOT_FINITE_FOUND = Meaning(_NOT_FINITE, as_rules=("loss-not-finite", "diverged"))
_SLOW_FOUND = Meaning(_SLOW, (*_STUCK, *_FLAT), as_rules=("still-improving", "lr-too-low"))
_NOTHING_OF_OURS = Meaning(())

RUNMEDIC = {
    "non_finite": _NOT_FINITE_FOUND,
    "divergence": _BLOWN_UP_FOUND,
    "loss_spikes": Meaning(_NOT_FINITE),
    "no_learning": Meaning(_STUCK, ("softmax-first", "no-warm-up", "exploding")),
    "overfitting": _TOO_FAR_FOUND,
    "val_below_train": Meaning(("too-regularized",), states=True),
    "grad_spikes": Meaning(_NOT_FINITE),
    "constant_lr_plateau": Meaning(("no-decay", "trained-too-long"), _STUCK, states=True),
    "input_bound": _NOTHING_OF_OURS,
    "slow_steps": _NOTHING_OF_OURS,
    "slowdown": _NOTHING_OF_OURS,
    "memory_growth": _NOTHING_OF_OURS,
    "log:cuda_oom": _NOTHING_OF_OURS,
    "log:dataloader_killed": _NOTHING_OF_OURS,
    "log:amp_overflow": Meaning(("lr-too-high", "no-warm-up", "exploding")),
    "log:anomaly_nan": _NOT_FINITE_FOUND,
    "log:nccl_timeout": _NOTHING_OF_OURS,
    "log:device_mismatch": _NOTHING_OF_OURS,
    "log:backward_twice": _NOTHING_OF_OURS,
    "log:inplace_grad": _NOTHING_OF_OURS,
    "log:unused_params": _NOTHING_OF_OURS,
}
"""By the name of the check."""

TRAINING_DOCTOR = {
    "lr_too_high": _BLOWN_UP_FOUND,
    "lr_too_low": _SLOW_FOUND,
    "plateau": Meaning((*_STUCK, "no-decay", "batch-too-small"), _FLAT),
    "overfitting": _TOO_FAR_FOUND,
    "gradient_instability": Meaning(
        (*_NOT_FINITE, "vanishing", "dead-start"), as_rules=("diverged", "loss-not-finite")
    ),
    # Not among the detectors that run unless they are added.
    "early_plateau": Meaning((*_STUCK, "batch-too-small"), _FLAT),
    "train_eval_mismatch": Meaning(("too-regularized", "eval-forgotten")),
    "mixed_precision_instability": Meaning(_NOT_FINITE),
}
"""By the name of the detector."""

RUNWISE = {
    "nan": _NOT_FINITE_FOUND,
    "spike": Meaning(_NOT_FINITE),
    "overfit": _TOO_FAR_FOUND,
    "plateau": Meaning((*_STUCK, *_FLAT)),
    "vanishing gradients": Meaning(("vanishing", "dead-start")),
    "gradient explosion": Meaning(_NOT_FINITE),
    "system": _NOTHING_OF_OURS,
}
"""By type; the type ``gradient`` by what its message begins with."""

SK_AUTOD = {
    "Classic overfitting": _TOO_FAR_FOUND,
    "Exploding gradient": _BLOWN_UP_FOUND,
    "LR too high": _BLOWN_UP_FOUND,
    "LR too low": _SLOW_FOUND,
    "Underfitting": Meaning(
        (*_STUCK, *_SLOW),
        ("softmax-first", "no-warm-up", "exploding"),
        as_rules=("still-improving", "underfitting", "never-learned"),
    ),
    "Dying ReLU proxy": Meaning(_STUCK, ("softmax-first", "decayed-too-early", "exploding")),
    "Noisy training": Meaning(_UNSTABLE),
    "Data leakage": Meaning(("too-regularized",)),
    "Missed early stopping": _TOO_FAR_FOUND,
    "Label noise floor": Meaning(("softmax-first", "overfitting"), (*_STUCK, *_FLAT)),
}
"""By the name of the detector."""

TRAINSPOTTER = {
    "Loss spike": Meaning(_NOT_FINITE, _TOO_FAR),
    "Diverged (non-finite values)": _NOT_FINITE_FOUND,
    "Diverged (sustained growth)": _BLOWN_UP_FOUND,
    "Plateau": Meaning((*_STUCK, *_FLAT)),
    "Overfitting onset": _TOO_FAR_FOUND,
    "No LR warmup detected": Meaning(("no-warm-up",), states=True),
    "LR increased after its peak": Meaning((), states=True),
    "LR discontinuity": Meaning(("decayed-too-early",), states=True),
    "Gradient-norm explosion": Meaning(_NOT_FINITE),
    "Gradient clipping likely saturated": Meaning((), states=True),
    # The logs were written in one go: their times say nothing of the trainings.
    "Throughput regression": Meaning((), states=True),
    "Eval metric too noisy to rank checkpoints": Meaning(
        ("lr-too-high", "no-decay", "batch-too-small", "eval-forgotten"), _NOT_FINITE
    ),
    "Suspiciously low loss early (heuristic)": Meaning((), states=True),
}
"""By title."""

MEANINGS: dict[str, dict[str, Meaning]] = {
    "runmedic": RUNMEDIC,
    "training-doctor": TRAINING_DOCTOR,
    "runwise": RUNWISE,
    "sk-autod": SK_AUTOD,
    "trainspotter": TRAINSPOTTER,
}
"""By tool, every finding that its source can give."""

_NUMERICAL = ("bad-record", "log-of-zero")
CLAIMS: dict[str, tuple[str, ...]] = {
    "runmedic": (*_NUMERICAL, "lr-too-high", "exploding", "dead-start", "overfitting",
                 "trained-too-long", "no-decay"),
    "training-doctor": (*_NUMERICAL, "lr-too-high", "lr-too-low", "exploding", "vanishing",
                        "overfitting", "trained-too-long", "batch-too-small"),
    "runwise": (*_NUMERICAL, "lr-too-high", "exploding", "vanishing", "overfitting",
                "trained-too-long"),
    "sk-autod": ("lr-too-high", "lr-too-low", "exploding", "dead-start", "too-small",
                 "overfitting", "trained-too-long", "batch-too-small"),
    "trainspotter": (*_NUMERICAL, "lr-too-high", "no-warm-up", "exploding", "overfitting",
                     "trained-too-long"),
}  # fmt: skip
"""Faults that a tool's documentation says it detects; what it names besides is not held to it."""

QUIET = ("info", "INFO")
"""Severities that warn of nothing."""
