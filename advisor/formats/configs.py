"""The settings that lie beside a log, in YAML or JSON, each with the place it was read from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from advisor.errors import system_reason
from advisor.formats import plain
from advisor.formats.spelled import exactness, same
from advisor.hyperparameters import Hyperparameters, canonical
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.run import ConfigValue
from advisor.text import told, valid
from advisor.walk import File

_YAML = (".yaml", ".yml")
_STEMS = (
    "hparams", "hyperparams", "hyperparameters", "config", "cfg", "params", "training_args",
    "args", "hyp", "opt",
)  # fmt: skip
"""What loggers and training scripts call the settings of a run. Lightning's loggers write the first
when the training begins, its command line ``config``, Ray Tune ``params``, Ultralytics and timm
``args``, YOLOv5 the last two. Words that name other things as well are none: editors have
``settings.json``, exported models ``configuration.json`` and ``options.json``."""
USUAL = tuple(f"{stem}{suffix}" for stem in _STEMS for suffix in (*_YAML, ".json"))
"""Names of files beside a log that hold the settings of its run: of two that set the same, the
first counts."""
_RANK = {name: rank for rank, name in enumerate(USUAL)}
_PRINTED = re.compile(r"<[^<>]+>")
"""A printed object as a name (``<…Logger object at 0x7f…>``, as Spinning Up writes them): what it
keeps for itself is no setting."""


class Configs:
    """The settings of one run; what was found first counts. What cannot be read is noted.

    A null says that nobody set it, so that a value found later takes its place. So does another
    spelling of the same value that keeps more: 9 for 9.0, and 9.0 for "9".
    """

    def __init__(self) -> None:
        self.values: dict[str, ConfigValue] = {}
        self.notes: list[Note] = []

    def add(self, found: Any, file: str, *, place: str = "", prefix: str = "") -> list[str]:
        """Add nested data that ``file`` holds, its names put behind ``prefix``, if any.

        Each origin is the file and the path in it, or the ``place`` in it that the caller names.
        Of two values under one name the first counts. Returns what ``merge`` does.
        """
        entries: dict[str, ConfigValue] = {}
        if not isinstance(found, dict):
            self.refuse(file, term("it holds no names"))
            return []
        try:
            for path, value in plain.flatten(found, prefix):
                name = valid(path)
                if name and not _PRINTED.search(name):
                    origin = f"{file}, {place}" if place else f"{file}:{name}"
                    text = valid(value) if isinstance(value, str) else value
                    entries.setdefault(name, ConfigValue(value=text, origin=origin))
        except plain.NotPlain as error:
            self.refuse(file, str(error))
        return self.merge(entries)

    def add_file(self, base: Path, file: str) -> list[str]:
        """Add the YAML or JSON in ``file``, relative to ``base``, as ``add`` does."""
        try:
            found = _load(base / file, partial(self.refuse, file))
        except (OSError, plain.NotPlain) as error:
            why = system_reason(error) if isinstance(error, OSError) else str(error)
            self.refuse(file, why)
            return []
        return [] if found is None else self.add(found, file)

    def merge(self, entries: Mapping[str, ConfigValue]) -> list[str]:
        """Add settings by name. Returns the names that have another value already."""
        others: list[str] = []
        for name, entry in entries.items():
            known = self.values.setdefault(name, entry)
            if not same(known.value, entry.value):
                others.append(name)
            elif exactness(entry.value) > exactness(known.value):
                self.values[name] = entry
        return others

    def refuse(self, file: str, why: str) -> None:
        """Note that ``file`` could not be read in full."""
        self.notes.append(note(NoteKind.CONFIG_UNREADABLE, file=file, why=why))


def usual(files: Iterable[File]) -> tuple[str, ...]:
    """Return the paths of those files that by their names hold the settings of a run."""
    return tuple(file.path for file in files if file.name in _RANK)


def add_beside(config: Configs, base: Path, files: Iterable[str]) -> None:
    """Add files of usual names, what counts first first, and note where a later one disagrees.

    It disagrees in a name, or gives another name to a setting that had one value before.
    """
    known = Hyperparameters(config.values)
    for file in sorted(files, key=lambda path: _RANK[path.rpartition("/")[2]]):
        others = config.add_file(base, file)
        now = Hyperparameters(config.values)
        unclear = _unclear(known, now)
        known = now
        if others:
            config.notes.append(note(NoteKind.CONFIG_DIFFERS, file=file, names=tuple(others)))
        if unclear:
            config.notes.append(note(NoteKind.CONFIG_UNCLEAR, file=file, names=tuple(unclear)))


def _unclear(before: Hyperparameters, after: Hyperparameters) -> list[str]:
    """Return the new names by which a hyperparameter that was known is so no more."""
    found: list[str] = []
    for name in after.recorded.keys() - before.recorded.keys():
        parameter = canonical(name)
        known = before.get(parameter) if parameter else None
        lost = known is not None and after.get(known.parameter) is None
        if known and lost and not same(known.value, after.recorded[name]):
            found.append(name)
    return sorted(found)


def _load(path: Path, left_out: Callable[[str], None]) -> Any:
    """Return the plain data in a file of YAML or, by its name, of JSON.

    ``left_out`` is told what of it has no plain form. Raises ``OSError`` if it cannot be read, and
    ``plain.NotPlain`` if it holds something else.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        text = stream.read(plain.LONGEST + 1)
    return plain.from_yaml(text, left_out) if path.suffix in _YAML else _json(text)


def _json(text: str) -> Any:
    if len(text) > plain.LONGEST:
        raise plain.NotPlain(plain.too_long())
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise plain.NotPlain(told("not JSON at line {line:step}", line=error.lineno)) from error
    except (ValueError, RecursionError) as error:
        why = told("not JSON ({why:given})", why=type(error).__name__)
        raise plain.NotPlain(why) from error
