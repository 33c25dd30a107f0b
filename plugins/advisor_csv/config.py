"""Hyperparameters from YAML or JSON, as plain data: no tag is ever constructed.

Lightning writes whole Python objects (``!!python/object:torch.nn…``). Their class names and
plain attributes are kept; nothing is imported or called.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from advisor.formats.plain import NotPlain, flatten
from advisor.language import term
from advisor.model import Value
from advisor.notes import Note, NoteKind, note
from advisor.run import ConfigValue
from advisor.text import told

_STANDARD = "tag:yaml.org,2002:"
_PYTHON = re.compile(r"tag:yaml\.org,2002:python/(?:object|name|module)(?:/\w+)?:(.+)")
_PLAIN = {f"{_STANDARD}{kind}" for kind in ("null", "bool", "int", "float", "str")}
_FLOAT = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+")

_LARGEST = 256 * 1024
"""Bytes of a file that are parsed: PyYAML takes a second for as many."""

_MOST = 5_000
"""Values taken from one file; aliases can make a small file hold billions."""

_DEEPEST = 20


@dataclass(slots=True)
class Config:
    """The hyperparameters of one or more files."""

    values: dict[str, ConfigValue] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def add(self, base: Path, file: str) -> None:
        """Add a file. A name that an earlier file gave another value is put under the file's."""
        try:
            data = (base / file).read_bytes()
            for path, value, line in _json(data) if file.endswith(".json") else _read(data):
                origin = f"{file}, line {line}" if line else file
                self._put(file, path, ConfigValue(value=value, origin=origin))
        except (OSError, yaml.YAMLError, ValueError, RecursionError, _TooMuch) as error:
            why = _why(error)
            self.notes.append(note(NoteKind.CONFIG_UNREADABLE, file=file, why=why))

    def _put(self, file: str, path: str, entry: ConfigValue) -> None:
        known = self.values.setdefault(path, entry)
        if known is not entry and repr(known.value) != repr(entry.value):
            stem = file.rpartition("/")[2].rpartition(".")[0]
            self.values.setdefault(f"{stem}.{path}", entry)


class _TooMuch(Exception):
    """A file with more values than a person would have set."""


def _read(data: bytes) -> Iterator[tuple[str, Value, int]]:
    if len(data) > _LARGEST:
        raise _TooMuch(told("it is larger than {size:step} KiB", size=_LARGEST // 1024))
    root = yaml.compose(data.decode("utf-8-sig"), yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for count, found in enumerate(_flat(root, "", 0)):
            if count == _MOST:
                raise _TooMuch(told("it holds more than {most:step} values", most=_MOST))
            yield found
    elif root is not None:
        raise _TooMuch(term("it holds no names"))


def _json(data: bytes) -> Iterator[tuple[str, Value, int]]:
    """Yield the values of a JSON object, without lines, which are not known (0).

    Spinning Up prints objects as keys (``<…Logger object at 0x7f…>``): what an object keeps for
    itself is no hyperparameter.
    """
    if len(data) > _LARGEST:
        raise _TooMuch(told("it is larger than {size:step} KiB", size=_LARGEST // 1024))
    for path, value in flatten(json.loads(data)):
        if path and "<" not in path:
            yield path, value, 0


def _flat(node: yaml.Node, path: str, depth: int) -> Iterator[tuple[str, Value, int]]:
    """Yield ``(dotted path, value, line)`` for every plain value below a node."""
    if depth > _DEEPEST:
        raise _TooMuch(told("it is nested more than {deepest:step} deep", deepest=_DEEPEST))
    line = node.start_mark.line + 1
    made = _PYTHON.fullmatch(node.tag)
    if isinstance(node, yaml.ScalarNode):
        yield path, made.group(1) if made else _scalar(node), line
        return
    if made and path:
        yield path, made.group(1), line
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            # What an object keeps for itself is no hyperparameter.
            if not (made and name.startswith("_")):
                yield from _flat(child, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(node, yaml.SequenceNode) and not made:
        yield from _sequence(node, path, depth, line)


def _sequence(
    node: yaml.SequenceNode, path: str, depth: int, line: int
) -> Iterator[tuple[str, Value, int]]:
    if all(isinstance(child, yaml.ScalarNode) for child in node.value):
        yield path, tuple(_scalar(child) for child in node.value), line
        return
    for index, child in enumerate(node.value):
        yield from _flat(child, f"{path}.{index}", depth + 1)


def _scalar(node: yaml.ScalarNode) -> bool | int | float | str | None:
    text: str = node.value
    if node.tag not in _PLAIN:
        return text
    if node.tag == f"{_STANDARD}str":
        # YAML 1.1 takes 1e-5 for text, because it has no point.
        return float(text) if node.style is None and _FLOAT.fullmatch(text) else text
    try:
        value = _constructor.construct_object(node)
    except (ValueError, KeyError, OverflowError):
        return text
    return value if isinstance(value, bool | int | float | str | None) else text


_constructor = yaml.SafeLoader("")
"""Makes null, bool, int, float and str of scalars whose tag was looked at before."""


def _why(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return told("line {line:step} is no YAML", line=mark.line + 1)
    if isinstance(error, json.JSONDecodeError):
        return told("line {line:step} is no JSON", line=error.lineno)
    if isinstance(error, _TooMuch | NotPlain):
        return str(error)
    if isinstance(error, OSError):
        return term("it cannot be opened")
    return term("it is neither YAML nor JSON")
