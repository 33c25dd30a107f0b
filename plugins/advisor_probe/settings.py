"""The settings of a target: nested mappings, of which plain values are known by their paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.model import Value


def flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Value]]:
    """Yield the plain values of nested settings, with dots between the levels."""
    for key, value in settings.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}.")
        elif value is None or isinstance(value, bool | int | float | str):
            yield path, value
        elif isinstance(value, list | tuple) and all(
            isinstance(item, bool | int | float | str) for item in value
        ):
            yield path, tuple(value)


def with_value(settings: Mapping[str, Any], path: str, value: Value) -> dict[str, Any]:
    """Return settings with the value at a path changed; a key that has dots itself goes first."""
    if path in settings:
        return {**settings, path: list(value) if isinstance(settings[path], list) else value}  # type: ignore[arg-type]
    key = next(k for k in settings if path.startswith(f"{k}.") and isinstance(settings[k], Mapping))
    return {**settings, key: with_value(settings[key], path[len(key) + 1 :], value)}
