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

from advisor.errors import UsageError, system_reason
from advisor.finding import Place
from advisor.formats import plain
from advisor.lines import python_constants as config_python
from advisor.model import Value
from advisor.text import told

SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".py")


class Line(NamedTuple):
    """One value in a settings file."""

    path: str
    """Dotted, with the place in a list as a number."""
    value: Value
    place: Place


def read_lines(path: Path) -> tuple[Line, ...]:
    """Return every value in a settings file with its line. Raises ``UsageError``."""
    if path.suffix not in SUFFIXES:
        text = "--config-file {path:given}: only {known:given} files are read"
        raise UsageError(text, path=path, known=", ".join(SUFFIXES))
    file = _relative(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = list(_values(text, path.suffix))
    except OSError as error:
        what = "--config-file {path:given}: cannot be read: {why:given}"
        raise UsageError(what, path=path, why=system_reason(error)) from error
    except UnicodeDecodeError as error:
        what = "--config-file {path:given}: is not text in UTF-8 (byte {place:step})"
        raise UsageError(what, path=path, place=error.start) from error
    except plain.NotPlain as error:
        what = "--config-file {path:given}: {why:text}"
        raise UsageError(what, path=path, why=str(error)) from error
    return tuple(Line(key, value, Place(file=file, line=line)) for key, value, line in found)


def _relative(path: Path) -> str:
    """Name a file as given; one that was given by its absolute path, from here."""
    if not path.is_absolute():
        return path.as_posix()
    here = Path.cwd()
    if not path.is_relative_to(here):
        raise UsageError(
            "--config-file {path:given}: lies outside {here:given}; name it relative to where you "
            "are, as a report holds no absolute path",
            path=path,
            here=here,
        )
    return path.relative_to(here).as_posix()


_Found = Iterator[tuple[str, Value, int]]


def _values(text: str, suffix: str) -> _Found:
    if len(text) > plain.LONGEST:
        raise plain.NotPlain(plain.too_long())
    if suffix == ".toml":
        return _of_toml(text)
    if suffix == ".py":
        return config_python.values(text)
    # Importing the parser takes as long as judging a small log.
    from advisor.lines import yaml_nodes as config_yaml

    return config_yaml.values(_checked_json(text) if suffix == ".json" else text)


def _checked_json(text: str) -> str:
    """Return JSON in a form that is YAML as well: all its tabs stand between values."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        what = "not JSON at line {line:step} ({why:given})"
        raise plain.NotPlain(told(what, line=error.lineno, why=error.msg)) from error
    except (ValueError, RecursionError) as error:
        why = told("not JSON ({why:given})", why=type(error).__name__)
        raise plain.NotPlain(why) from error
    return text.replace("\t", " ")


_HEADING = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*(#.*)?$")


def _of_toml(text: str) -> _Found:
    try:
        known = dict(plain.flatten(tomllib.loads(text)))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise plain.NotPlain(told("not TOML: {why:given}", why=str(error))) from error
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
