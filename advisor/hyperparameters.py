"""Hyperparameters by their canonical names, whatever the log calls them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from advisor.choices import choice
from advisor.model import Value
from advisor.run import ConfigValue
from advisor.vocabulary.hyperparameter_names import canonical

__all__ = ["Hyperparameters", "Setting", "as_flag", "as_number", "as_numbers", "canonical"]

_FLAGS = {"true": True, "yes": True, "on": True, "1": True,
          "false": False, "no": False, "off": False, "0": False}  # fmt: skip
_LONGEST = 2000


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
        found = self._found.get(parameter)
        if found is None or len({_compared(setting) for setting in found}) != 1:
            return None
        return min(found, key=lambda setting: (setting.path.count("."), setting.path))

    def number(self, parameter: str) -> float | None:
        """Return the setting's value if it is one number (or text that spells one)."""
        setting = self.get(parameter)
        return None if setting is None else as_number(setting.value)

    def numbers(self, parameter: str) -> tuple[float, ...]:
        """Return the setting's value as numbers, one or several; empty if it is none."""
        setting = self.get(parameter)
        return () if setting is None else as_numbers(setting.value)

    def choice(self, parameter: str) -> str | None:
        """Return which known thing a setting names (see ``advisor.choices``): ``adamw``."""
        setting = self.get(parameter)
        return None if setting is None else choice(parameter, setting.value)

    def flag(self, parameter: str) -> bool | None:
        """Return whether a setting is on; ``None`` if the log does not say."""
        setting = self.get(parameter)
        return None if setting is None else as_flag(setting.value)

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


def as_flag(value: Value) -> bool | None:
    """Return a config value as a switch: a bool, or text or 0 and 1 that mean one."""
    if isinstance(value, bool):
        return value
    return _FLAGS.get(str(value).strip().lower())


def as_numbers(value: Value) -> tuple[float, ...]:
    """Return the numbers of a config value: of a list, a single one, or text such as ``64,32``.

    Empty where anything in it is no number.
    """
    parts: tuple[Value, ...]
    if isinstance(value, str):
        parts = tuple(part for part in re.split(r"[\s,;x\[\]()]+", value[:_LONGEST]) if part)
    else:
        parts = value if isinstance(value, tuple) else (value,)
    numbers = [as_number(part) for part in parts]
    return () if None in numbers else tuple(n for n in numbers if n is not None)


def _compared(setting: Setting) -> float | str:
    """Return what makes two spellings of one value equal: ``0.1`` and ``"1e-1"``."""
    number = as_number(setting.value)
    if number is not None:
        return number
    return choice(setting.parameter, setting.value) or repr(setting.value).lower()


def _recognize(config: Mapping[str, ConfigValue]) -> Iterator[Setting]:
    for path, entry in config.items():
        parameter = canonical(path)
        if parameter is not None and entry.value is not None:
            yield Setting(parameter, path, entry.value)
