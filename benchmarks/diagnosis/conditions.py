"""Whether an option was offered where its condition held: known from the setup alone."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.diagnosis.setup import Setup

NOT_LOWERED = ("constant", "inverse-root", "restarts")
"""Schedules that do not end near a rate of 0."""

CONDITIONS: dict[str, Callable[[Setup, int, int], bool]] = {
    "lr-decay-on-plateau": lambda setup, _p, _n: setup.schedule in NOT_LOWERED,
    "lr-warmup": lambda setup, _p, _n: setup.warmup == 0 and setup.schedule != "onecycle",
    "clip-by-norm": lambda setup, _p, _n: setup.clip == 0,
    "oversized-then-shrunk": lambda s, parameters, samples: parameters > samples and not s.dropout,
    "early-stopping-missing": lambda setup, _p, _n: setup.patience == 0,
    "hockey-stick": lambda setup, _p, _n: setup.init == "huge" or setup.input_scale > 1,
}
"""By rule: the setup, its parameters and its samples, to whether the condition holds."""
