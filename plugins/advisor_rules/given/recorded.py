"""What a run's config says, and does not say, about stopping early and keeping checkpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from advisor.curve import Curve
from advisor.hyperparameters import Hyperparameters, as_number
from advisor.model import Value

RICH = 8
"""Settings from which a config, with rate and length among them, counts as the whole of it."""
RICH_SOURCE = "chosen by eye: hand-made lists of a few hyperparameters leave most things out"

_STOPPING = re.compile(r"early_?stop|(^|_)es_patience$")
_SAVING = re.compile(
    r"save_best|best_only|keep_best|load_best|restore_best|best_model_checkpoint|save_top_k"
)
_SCHEDULE = re.compile(r"sched|plateau|(^|[_.])lr([_.]|$)|reduce")
_DETAIL = re.compile(r"(delta|mode|kwargs|monitor|metric|verbose|threshold|min_epochs?)$")
OFF = frozenset({"", "none", "null", "false", "no", "off"})
"""How a config writes that something is not on."""


class Recorded(Enum):
    """What a config says of something that can be on or off."""

    ON = "on"
    OFF = "off"
    ABSENT = "absent"
    """Not named, in a config that would name it."""
    UNKNOWN = "unknown"
    """Not named, in a config too poor to tell."""


class Said(NamedTuple):
    """What a config says of something, and under which of the run's own names."""

    state: Recorded
    path: str | None = None


def early_stopping(settings: Hyperparameters, rich: int = RICH) -> Said:
    """Tell whether a config stops a run that no longer improves.

    A patience that is not shorter than the run can never act, so it is off.
    """
    named = dict(_named(settings, _STOPPING))
    if not named:
        named = {path: value for path, value in settings.recorded.items() if _is_patience(path)}
    if not named:
        return _unnamed(settings, rich)
    epochs = settings.number("epochs")
    idle = [path for path, value in named.items() if not _acts(path, value, epochs)]
    return Said(Recorded.OFF, idle[0]) if idle else Said(Recorded.ON, next(iter(named)))


def patience(settings: Hyperparameters) -> tuple[str, float] | None:
    """Return the run's own name for its patience, and its value; ``None`` if none is recorded."""
    for path, value in settings.recorded.items():
        number = as_number(value)
        stops = _is_patience(path) or ("patience" in _flat(path) and _STOPPING.search(_flat(path)))
        if stops and number is not None and number > 0:
            return path, number
    return None


def ended_by_patience(settings: Hyperparameters, curve: Curve) -> bool:
    """Tell whether a run ended as many validations after its best one as its patience allows.

    The best one is the single value that early stopping sees, and not that of the trend.
    """
    found = patience(settings)
    if found is None or not len(curve):
        return False
    return abs(curve.after_best - found[1]) <= 1


def best_saving(settings: Hyperparameters, rich: int = RICH) -> Said:
    """Tell whether a config keeps the best checkpoint and not only the last."""
    named = dict(_named(settings, _SAVING))
    if not named:
        return _unnamed(settings, rich)
    keeping = [path for path, value in named.items() if _keeps(path, value)]
    return Said(Recorded.ON, keeping[0]) if keeping else Said(Recorded.OFF, next(iter(named)))


def is_rich(settings: Hyperparameters, rich: int = RICH) -> bool:
    """Tell whether a config looks like all of a run's settings: many, rate and length too."""
    length = settings.get("epochs") or settings.get("steps")
    rate = settings.get("learning_rate")
    return len(settings.recorded) >= rich and length is not None and rate is not None


def _unnamed(settings: Hyperparameters, rich: int) -> Said:
    return Said(Recorded.ABSENT if is_rich(settings, rich) else Recorded.UNKNOWN)


def _named(settings: Hyperparameters, pattern: re.Pattern[str]) -> Iterator[tuple[str, Value]]:
    """Yield what a config has under such a name, and callbacks of such a name."""
    for path, value in settings.recorded.items():
        words = value if isinstance(value, tuple) else (value,)
        if pattern.search(_flat(path)):
            yield path, value
        elif any(isinstance(word, str) and pattern.search(_flat(word)) for word in words):
            yield path, True


def _flat(name: str) -> str:
    """Return a name in one spelling: ``EarlyStopping`` and ``early-stopping`` become one."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9.]+", "_", spaced.lower())


def _is_patience(path: str) -> bool:
    """Tell whether a bare ``patience`` is that of the run, not of a schedule beside it."""
    flat = _flat(path)
    return flat.rpartition(".")[2] == "patience" and not _SCHEDULE.search(flat)


def _acts(path: str, value: Value, epochs: float | None) -> bool:
    """Tell whether a setting leaves stopping on; a patience as long as the run does not.

    Details such as the smallest improvement that counts turn nothing off.
    """
    number = as_number(value)
    if _DETAIL.search(_flat(path)):
        return True
    if "patience" in _flat(path) and number is not None and epochs is not None:
        return 0 < number < epochs
    return switched_on(value)


def _keeps(path: str, value: Value) -> bool:
    # Lightning's save_top_k = -1 keeps all checkpoints, the best among them.
    return switched_on(value) or ("top_k" in _flat(path) and as_number(value) == -1)


def switched_on(value: Value) -> bool:
    """Tell whether a config writes that something is on: a positive number, or no word for off."""
    number = as_number(value)
    if number is not None:
        return number > 0
    if isinstance(value, str):
        return value.strip().lower() not in OFF
    return bool(value)
