"""The lines of settings files on which values stand, in YAML, JSON, TOML and Python.

Nothing is constructed or run: of YAML and JSON only the nodes are composed, and a line of TOML
counts only where the whole file, parsed, holds the value that the line spells.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from advisor import config_python, plain
from advisor.errors import UsageError, system_reason
from advisor.finding import Place
from advisor.model import Value

SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".py")
DEEPEST = 16
"""Levels of nesting; settings that people write have five at most."""

_MERGED = "<<"
"""YAML's key for settings that are taken over from elsewhere: no level of its own."""


class Line(NamedTuple):
    """One value in a settings file."""

    path: str
    """Dotted, with the place in a list as a number."""
    value: Value
    place: Place


def read_lines(path: Path) -> tuple[Line, ...]:
    """Return every value in a settings file with its line. Raises ``UsageError``."""
    named = f"--config-file {path}"
    if path.suffix not in SUFFIXES:
        raise UsageError(f"{named}: only {', '.join(SUFFIXES)} files are read")
    file = _relative(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = list(_values(text, path.suffix))
    except OSError as error:
        raise UsageError(f"{named}: cannot be read: {system_reason(error)}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{named}: is not text in UTF-8 (byte {error.start:,})") from error
    except plain.NotPlain as error:
        raise UsageError(f"{named}: {error}") from error
    return tuple(Line(key, value, Place(file=file, line=line)) for key, value, line in found)


def _relative(path: Path) -> str:
    """Name a file as given; one that was given by its absolute path, from here."""
    if not path.is_absolute():
        return path.as_posix()
    here = Path.cwd()
    if not path.is_relative_to(here):
        raise UsageError(
            f"--config-file {path}: lies outside {here}; name it relative to where you are, "
            "as a report holds no absolute path"
        )
    return path.relative_to(here).as_posix()


_Found = Iterator[tuple[str, Value, int]]


def _values(text: str, suffix: str) -> _Found:
    if len(text) > plain.LONGEST:
        raise plain.NotPlain(f"it has more than {plain.LONGEST:,} characters")
    if suffix == ".toml":
        return _of_toml(text)
    if suffix == ".py":
        return config_python.values(text)
    return _of_yaml(_checked_json(text) if suffix == ".json" else text)


def _checked_json(text: str) -> str:
    """Return JSON in a form that is YAML as well: all its tabs stand between values."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise plain.NotPlain(f"not JSON at line {error.lineno} ({error.msg})") from error
    except (ValueError, RecursionError) as error:
        raise plain.NotPlain(f"not JSON ({type(error).__name__})") from error
    return text.replace("\t", " ")


def _of_yaml(text: str) -> _Found:
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise plain.NotPlain(f"not YAML at line {line} ({error.problem})") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise plain.NotPlain(f"not YAML ({type(error).__name__})") from error
    left = [plain.MOST_VALUES]
    for document in documents:
        if not isinstance(document, yaml.MappingNode):
            raise plain.NotPlain("it holds no names")
        yield from _of_node(document, (), left, 0)


def _of_node(node: yaml.Node, path: tuple[str, ...], left: list[int], line: int) -> _Found:
    """Yield what a node holds; ``line`` is that of its key. Aliases count each time."""
    left[0] -= 1
    if left[0] < 0:
        raise plain.NotPlain(f"it has more than {plain.MOST_VALUES:,} values")
    if len(path) > DEEPEST:
        raise plain.NotPlain(f"it nests deeper than {DEEPEST} levels")
    if isinstance(node, yaml.ScalarNode):
        yield _dotted(path), _scalar(node), line
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = (*path, str(key.value))
            yield from _of_node(value, below, left, key.start_mark.line + 1)
    elif isinstance(node, yaml.SequenceNode):
        yield from _of_sequence(node, path, left, line)


def _of_sequence(
    node: yaml.SequenceNode, path: tuple[str, ...], left: list[int], line: int
) -> _Found:
    if all(isinstance(item, yaml.ScalarNode) for item in node.value):
        yield _dotted(path), tuple(_scalar(item) for item in node.value), line
        return
    for index, item in enumerate(node.value):
        yield from _of_node(item, (*path, str(index)), left, item.start_mark.line + 1)


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(part for part in path if part != _MERGED)


def _scalar(node: yaml.ScalarNode) -> bool | float | str | None:
    """Return what a value means; text that spells a number is compared as one later."""
    kind = node.tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return str(node.value).lower() in ("true", "yes", "on")
    return str(node.value).replace("_", "") if kind in ("int", "float") else str(node.value)


_HEADING = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(#.*)?$")


def _of_toml(text: str) -> _Found:
    try:
        known = dict(plain.flatten(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise plain.NotPlain(f"not TOML: {error}") from error
    table, counts = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _HEADING.match(line):
            table = _table(heading[2], counts if heading[1] == "[[" else None)
            continue
        for key, value in _one_line(line):
            path = f"{table}.{key}" if table else key
            if path in known and known[path] == value:
                yield path, value, number


def _table(name: str, counts: dict[str, int] | None) -> str:
    """Return the path of a table; the tables of a list are counted."""
    path = ".".join(part.strip().strip("\"'") for part in name.split("."))
    if counts is None:
        return path
    counts[path] = counts.get(path, -1) + 1
    return f"{path}.{counts[path]}"


def _one_line(line: str) -> Iterator[tuple[str, Any]]:
    """Yield the values that a line spells by itself; none if it is a part of something."""
    try:
        yield from plain.flatten(tomllib.loads(line))
    except tomllib.TOMLDecodeError:
        return
