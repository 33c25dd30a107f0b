"""Settings in YAML with their lines: nodes are composed, and nothing is constructed of them."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from advisor.formats import plain, yaml_text
from advisor.language import term
from advisor.model import Value
from advisor.text import told

DEEPEST = 16
"""Levels of nesting; settings that people write have five at most."""

_MERGED = "<<"
"""The key of settings that are taken over from elsewhere: no level of its own."""

Found = Iterator[tuple[str, Value, int]]


def values(text: str) -> Found:
    """Yield each value with its path and the line of its key. Raises ``plain.NotPlain``."""
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise plain.NotPlain(yaml_text.said_of(error)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = told("not YAML ({why:given})", why=type(error).__name__)
        raise plain.NotPlain(why) from error
    left = [plain.MOST_VALUES]
    for document in documents:
        if not isinstance(document, yaml.MappingNode):
            raise plain.NotPlain(term("it holds no names"))
        yield from _of_node(document, (), left, 0)


def _of_node(node: yaml.Node, path: tuple[str, ...], left: list[int], line: int) -> Found:
    """Yield what a node holds; ``line`` is that of its key. Aliases count each time."""
    left[0] -= 1
    if left[0] < 0:
        raise plain.NotPlain(told("it has more than {n:step} values", n=plain.MOST_VALUES))
    if len(path) > DEEPEST:
        raise plain.NotPlain(told("it nests deeper than {n:step} levels", n=DEEPEST))
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
) -> Found:
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
