"""The hyperparameters of a run, from every place where a logger leaves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.formats import plain
from advisor.formats.configs import Configs
from advisor.run import ConfigValue
from advisor_tensorboard.held import EventFile
from advisor_tensorboard.hparams import session_values

_TEXT_SUFFIX = "/text_summary"
_WHOLE_CONFIG = frozenset({
    "args", "arguments", "cfg", "config", "configuration", "hparams", "hyperparameters",
    "hyper_parameters", "options", "parameters", "params", "settings", "training_args",
})  # fmt: skip
"""Text tags that name the settings as a whole; under any other the tag becomes part of the path."""


def add_texts(config: Configs, files: Iterable[tuple[str, EventFile]]) -> None:
    """Add the settings that were logged as text; the latest file's come first."""
    for name, held in reversed(list(files)):
        for tag, text in held.texts.items():
            found = plain.from_text(text)
            if found:
                label = tag.removesuffix(_TEXT_SUFFIX)
                config.add(found, name, place=f"text {label}", prefix=_prefix(label))


def add_hparams(config: Configs, files: Iterable[tuple[str, EventFile]]) -> None:
    """Add what the hparams plugin stored; the latest file's come first.

    It makes floats of integers and booleans; where another place has the same value, with its
    type, ``Configs`` takes that.
    """
    for name, held in reversed(list(files)):
        for content in held.hparams.values():
            config.add(session_values(content), name, place="hparams plugin")


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
