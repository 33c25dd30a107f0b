"""The settings of a run: from its records, and where those lack one from ``config.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from advisor.formats import plain
from advisor.notes import Note, NoteKind, note
from advisor.run import ConfigValue
from advisor_wandb.records import Change

_OWN = ("_wandb", "wandb_version")
"""Settings of W&B itself."""


class Config:
    """The settings of one run. What is set later replaces what was set before."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}
        self._origins: dict[str, str] = {}
        self.notes: list[Note] = []

    def change(self, change: Change, file: str) -> None:
        """Apply what one record of ``file`` says."""
        for path, value in change.update:
            if path and path[0] not in _OWN:
                _set(self._tree, path, value)
                self._origins[path[0]] = f"{file}, config"
        for path in change.remove:
            _remove(self._tree, path)

    def fill(self, path: Path, file: str) -> None:
        """Add from a ``config.yaml`` at ``path`` what no record has set."""
        found = self._yaml(path, file)
        for name, entry in found.items():
            if name not in _OWN and name not in self._tree:
                # Each is written as {desc: …, value: …}.
                held = isinstance(entry, dict) and "value" in entry
                self._tree[str(name)] = entry["value"] if held else entry
                self._origins[str(name)] = file

    def values(self) -> dict[str, ConfigValue]:
        """Return the settings by dotted path."""
        made: dict[str, ConfigValue] = {}
        for name, value in self._tree.items():
            origin = self._origins[name]
            try:
                for path, setting in plain.flatten(value, name):
                    made[path] = ConfigValue(value=setting, origin=origin)
            except plain.NotPlain as error:
                self._refuse(origin.removesuffix(", config"), str(error))
        return made

    def _yaml(self, path: Path, file: str) -> Mapping[Any, Any]:
        try:
            with path.open(encoding="utf-8", errors="replace") as stream:
                text = stream.read(plain.LONGEST + 1)
            found = plain.from_yaml(text, partial(self._refuse, file))
        except (OSError, plain.NotPlain) as error:
            self._refuse(file, getattr(error, "strerror", None) or str(error))
            return {}
        return found if isinstance(found, dict) else {}

    def _refuse(self, file: str, why: str) -> None:
        self.notes.append(note(NoteKind.CONFIG_UNREADABLE, file=file, why=why))


def _set(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        inner = tree.get(name)
        if not isinstance(inner, dict):
            inner = tree[name] = {}
        tree = inner
    tree[path[-1]] = value


def _remove(tree: dict[str, Any], path: tuple[str, ...]) -> None:
    for name in path[:-1]:
        inner = tree.get(name)
        if not isinstance(inner, dict):
            return
        tree = inner
    if path:
        tree.pop(path[-1], None)
