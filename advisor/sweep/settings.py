"""The settings of a run as they are compared: by one name, and by what a value means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from advisor.hyperparameters import as_number, canonical
from advisor.model import Value
from advisor.report.redact import is_secret
from advisor.run import ConfigValue
from advisor.sweep.names import is_bookkeeping, is_problem, is_seed

Key = float | str
"""What makes two spellings of one value equal: ``0.1`` and ``"1e-1"``."""

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


class Chosen(NamedTuple):
    """One setting of one run."""

    path: str
    """The run's own name for it."""
    value: Value
    key: Key


class Settings(NamedTuple):
    """The settings of one run, sorted by what they are for."""

    tuned: dict[str, Chosen]
    """By canonical name, where there is one; else by path."""
    seed: str
    """All seeds, as text; empty where none is recorded."""
    problem: tuple[tuple[str, str], ...]
    """What says which data are learned from: names and values, by name."""


def settings_of(configs: Iterable[Mapping[str, ConfigValue]]) -> list[Settings]:
    """Sort the settings of several runs, under the same names in all of them."""
    listed = list(configs)
    disputed = {name for config in listed for name in _disputed(config)}
    return [_sorted(config, disputed) for config in listed]


def key_of(value: Value) -> Key:
    """Return what a value is compared by; the address of an object is not part of it."""
    number = as_number(value)
    return _ADDRESS.sub("", f"{value}") if number is None else number


def _disputed(config: Mapping[str, ConfigValue]) -> set[str]:
    """Return the canonical names that stand for several settings of one run."""
    seen: dict[str, Key] = {}
    disputed = set()
    for path, entry in config.items():
        name = canonical(path)
        if name is not None and not is_bookkeeping(path):
            key = key_of(entry.value)
            if seen.setdefault(name, key) != key:
                disputed.add(name)
    return disputed


def _sorted(config: Mapping[str, ConfigValue], disputed: set[str]) -> Settings:
    tuned: dict[str, Chosen] = {}
    seeds, problem = [], []
    for path in sorted(config, key=lambda path: (path.count("."), path)):
        value = config[path].value
        if is_seed(path):
            seeds.append(f"{path}={key_of(value)}")
        elif is_problem(path):
            problem.append((path, str(value).rstrip("/\\").replace("\\", "/").split("/")[-1]))
        elif not is_bookkeeping(path) and not is_secret(path, value):
            name = canonical(path)
            name = path if name is None or name in disputed else name
            tuned.setdefault(name, Chosen(path, value, key_of(value)))
    return Settings(tuned, " ".join(seeds), tuple(problem))
