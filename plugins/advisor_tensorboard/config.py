"""The hyperparameters of a run, from every place where a logger leaves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from advisor.formats import plain
from advisor.formats.configs import load
from advisor.model import Value
from advisor.notes import Note, NoteKind, note
from advisor.run import ConfigValue
from advisor_tensorboard.held import EventFile
from advisor_tensorboard.hparams import session_values

BESIDE = ("hparams.yaml", "config.yaml", "config.yml", "config.json", "params.yaml", "params.json",
          "args.yaml", "args.json", "opt.yaml")  # fmt: skip
"""What lies beside event files: Lightning writes the first, its command line the second, people and
their scripts any; of two that set the same, the first counts."""
_TEXT_SUFFIX = "/text_summary"
_WHOLE_CONFIG = frozenset({
    "args", "arguments", "cfg", "config", "configuration", "hparams", "hyperparameters",
    "hyper_parameters", "options", "parameters", "params", "settings", "training_args",
})  # fmt: skip
"""Text tags that name the settings as a whole; under any other the tag becomes part of the path."""


class ConfigReader:
    """Collects settings; what was found first stays, so the exact sources come first.

    YAML and JSON keep integers, booleans and lists apart; the hparams plugin does not.
    """

    def __init__(self) -> None:
        self.values: dict[str, ConfigValue] = {}
        self.notes: list[Note] = []

    def read_file(self, path: Path, name: str) -> None:
        """Take in the YAML or JSON at ``path``, shown as ``name``."""
        try:
            found = load(path)
        except (OSError, plain.NotPlain) as error:
            self._refuse(name, getattr(error, "strerror", None) or str(error))
            return
        if found is not None:
            self._take(found, "", name, name)

    def read_texts(self, files: Iterable[tuple[str, EventFile]]) -> None:
        """Take in the settings that were logged as text; the latest file's come first."""
        for name, held in reversed(list(files)):
            for tag, text in held.texts.items():
                found = plain.from_text(text)
                if found:
                    label = tag.removesuffix(_TEXT_SUFFIX)
                    self._take(found, _prefix(label), name, f"{name}, text {label}")

    def read_hparams(self, files: Iterable[tuple[str, EventFile]]) -> None:
        """Take in what the hparams plugin stored; the latest file's come first."""
        for name, held in reversed(list(files)):
            for content in held.hparams.values():
                self._add(session_values(content).items(), f"{name}, hparams plugin")

    def _take(self, found: Any, prefix: str, name: str, origin: str) -> None:
        try:
            self._add(plain.flatten(found, prefix), origin)
        except plain.NotPlain as error:
            self._refuse(name, str(error))

    def _add(self, items: Iterable[tuple[str, Value]], origin: str) -> None:
        for path, value in items:
            self.values.setdefault(path, ConfigValue(value=value, origin=origin))

    def _refuse(self, name: str, why: str) -> None:
        self.notes.append(note(NoteKind.CONFIG_UNREADABLE, file=name, why=why))


def agreeing(configs: Iterable[dict[str, ConfigValue]]) -> tuple[dict[str, ConfigValue], list[str]]:
    """Return the settings on which all of ``configs`` agree, and the names of the others."""
    found: dict[str, ConfigValue] = {}
    differing: dict[str, None] = {}
    for path, entry in _entries(configs):
        if repr(found.setdefault(path, entry).value) != repr(entry.value):
            differing[path] = None
    return {path: entry for path, entry in found.items() if path not in differing}, list(differing)


def _entries(configs: Iterable[dict[str, ConfigValue]]) -> Iterator[tuple[str, ConfigValue]]:
    for config in configs:
        yield from config.items()


def _prefix(label: str) -> str:
    last = label.rpartition("/")[2].lower().replace("-", "_").replace(" ", "_")
    return "" if last in _WHOLE_CONFIG else label.replace("/", ".")
