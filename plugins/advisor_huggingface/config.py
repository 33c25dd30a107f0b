"""The settings of a run: which files beside a state hold some, and which of a state's own are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CONFIGS = (
    "training_args.json",
    "training_args.yaml",
    "llamaboard_config.yaml",
    "adapter_config.json",
    "config.json",
)
"""Files beside a state, those that say most about the training first. ``training_args.bin`` is a
pickle and is never opened."""

_PROGRESS = frozenset({
    "epoch", "global_step", "log_history", "total_flos", "num_input_tokens_seen",
    "is_hyper_param_search", "is_local_process_zero", "is_world_process_zero",
})  # fmt: skip
"""What a state says about where the run is, not how it was set up."""
_CALLBACKS, _CONTROL = "stateful_callbacks", "TrainerControl"
_ENDLESS = 2**31
"""The Trainer writes ``sys.maxsize`` epochs where only the steps are limited."""


def chosen(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a state somebody chose: a null means that nobody did."""
    found = {key: value for key, value in fields.items() if _is_chosen(key, value)}
    callbacks = found.get(_CALLBACKS)
    if isinstance(callbacks, dict):
        found[_CALLBACKS] = {key: value for key, value in callbacks.items() if key != _CONTROL}
    return found


def told_to_stop(fields: Mapping[str, Any]) -> bool:
    """Tell whether the Trainer was about to end when it saved its state."""
    value: Any = fields
    for key in (_CALLBACKS, _CONTROL, "args", "should_training_stop"):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value is True


def _is_chosen(key: str, value: Any) -> bool:
    endless = isinstance(value, int) and value > _ENDLESS
    return key not in _PROGRESS and value is not None and not endless
