"""Hyperparameters by their canonical names, whatever the log calls them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from advisor.model import Value
from advisor.run import ConfigValue

ALIASES: Mapping[str, tuple[str, ...]] = {
    "learning_rate": ("lr", "lr0", "base_lr", "init_lr", "initial_lr", "max_lr", "peak_lr",
                      "step_size", "initial_learning_rate", "learning_rate_init", "eta"),
    "batch_size": ("bs", "batch", "train_batch_size", "per_device_train_batch_size",
                   "samples_per_gpu", "minibatch_size", "batchsize"),
    "epochs": ("num_epochs", "max_epochs", "n_epochs", "num_train_epochs", "nb_epochs",
               "total_epochs", "train_epochs"),
    "steps": ("max_steps", "num_steps", "total_steps", "max_iters", "num_iterations",
              "train_steps", "n_steps", "iterations"),
    "patience": ("early_stopping_patience", "es_patience", "early_stop_patience"),
    "weight_decay": ("wd", "l2", "l2_reg", "weight_decay_rate", "l2_regularization"),
    "dropout": ("dropout_rate", "drop_rate", "p_dropout", "dropout_p", "drop_prob"),
    "optimizer": ("optim", "optimizer_name", "optimizer_type", "opt"),
    "warmup": ("warmup_steps", "warmup_iters", "warmup_epochs", "num_warmup_steps",
               "warmup_ratio"),
    "lr_schedule": ("lr_scheduler", "lr_scheduler_type", "lr_scheduler_name", "scheduler",
                    "scheduler_type", "scheduler_name", "lr_policy", "lr_decay_style"),
    "gradient_clip": ("grad_clip", "clip_grad_norm", "max_grad_norm", "gradient_clip_val",
                      "clipnorm", "grad_clip_norm", "clip_grad"),
    "classes": ("num_classes", "n_classes", "nb_classes", "num_labels", "n_labels", "class_num",
                "class_names"),
    "vocab_size": ("n_vocab", "vocabulary_size"),
    "loss_function": ("loss", "criterion", "loss_fn", "loss_func", "loss_name", "loss_type"),
    "task": ("problem_type", "task_type"),
    "model_size": ("num_params", "n_params", "num_parameters", "n_parameters", "total_params",
                   "total_parameters", "trainable_params", "param_count"),
    "samples": ("num_samples", "n_samples", "num_train_samples", "n_train", "num_train_examples",
                "train_samples", "dataset_size", "num_examples"),
}  # fmt: skip
"""Canonical name to the names that frameworks and people use for the same thing."""

_CANONICAL = {alias: name for name, aliases in ALIASES.items() for alias in (name, *aliases)}


class Setting(NamedTuple):
    """A hyperparameter found in a run's config."""

    parameter: str
    """Canonical name."""
    path: str
    """The run's own name for it."""
    value: Value


class Hyperparameters:
    """The hyperparameters of one run, looked up by canonical name."""

    def __init__(self, config: Mapping[str, ConfigValue]) -> None:
        self.recorded = {path: entry.value for path, entry in config.items()}
        """Everything that the log recorded, by the run's own names; ``None`` for a null."""
        self._found: dict[str, list[Setting]] = {}
        for setting in _recognize(config):
            self._found.setdefault(setting.parameter, []).append(setting)

    def get(self, parameter: str) -> Setting | None:
        """Return the setting, or ``None`` if the log has none or several that disagree.

        Of several with one value the shortest path stands for all.
        """
        found = self._found.get(parameter, [])
        if len({_compared(setting.value) for setting in found}) != 1:
            return None
        return min(found, key=lambda setting: (setting.path.count("."), setting.path))

    def number(self, parameter: str) -> float | None:
        """Return the setting's value if it is one number (or text that spells one)."""
        setting = self.get(parameter)
        return None if setting is None else as_number(setting.value)

    def path(self, parameter: str) -> str | None:
        """Return the run's own name for a parameter."""
        setting = self.get(parameter)
        return setting.path if setting else None


def as_number(value: Value) -> float | None:
    """Return a config value as a finite number; ``None`` if it is none. ``True`` is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _compared(value: Value) -> float | str:
    """Return what makes two spellings of one value equal: ``0.1`` and ``"1e-1"``."""
    number = as_number(value)
    return repr(value) if number is None else number


def canonical(path: str) -> str | None:
    """Return the canonical name of a config path, by its last part; ``None`` if unknown."""
    return _CANONICAL.get(re.sub(r"[^a-z0-9]+", "_", _last(path)).strip("_"))


def _last(path: str) -> str:
    part = re.split(r"[./]", path)[-1].lstrip("-")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part).lower()


def _recognize(config: Mapping[str, ConfigValue]) -> Iterator[Setting]:
    for path, entry in config.items():
        parameter = canonical(path)
        if parameter is not None and entry.value is not None:
            yield Setting(parameter, path, entry.value)


def known() -> Iterable[str]:
    """Return the canonical names."""
    return ALIASES.keys()
