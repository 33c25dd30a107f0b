"""YAML as plain data: no tag constructs anything, and no merge key multiplies what was written.

Lightning writes whole Python objects (``!!python/object:torch.nn…``). The names of their classes
and their plain attributes are kept; nothing is imported or called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from advisor.formats.yaml_numpy import number
from advisor.text import told

_MOST_NODES = 50_000
"""Names, values and items in one text, aliases too: more than the settings that are taken of it
need, and some seconds of the parser's time."""


class NotYaml(ValueError):
    """A text that is no YAML; the message says where."""


def load(text: str, left_out: Callable[[str], object]) -> Any:
    """Load YAML, and say to ``left_out`` what no dictionary can hold. Raises ``NotYaml``."""
    try:
        loader = _PlainLoader(text)
        found = loader.get_single_data()
    except NotYaml:
        raise
    except yaml.MarkedYAMLError as error:
        raise NotYaml(said_of(error)) from error
    except (yaml.YAMLError, ValueError, LookupError, RecursionError, OverflowError) as error:
        raise NotYaml(told("not YAML ({why:given})", why=type(error).__name__)) from error
    if loader.refused:
        text = (
            "{count:count name is a list or a mapping|names are lists or mappings}, the first at "
            "line {line:step}; what stands under such a name was left out"
        )
        left_out(told(text, count=len(loader.refused), line=min(loader.refused)))
    return found


def said_of(error: yaml.MarkedYAMLError) -> str:
    """Say on which line a text is no YAML."""
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    return told("not YAML at line {line:step} ({why:given})", line=line, why=error.problem or "")


class _PlainLoader(yaml.SafeLoader):
    """A ``SafeLoader`` that knows no tags and no merge keys."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._nodes = 0
        self.refused: list[int] = []
        """The lines of keys that no dictionary can hold, each left out with its value."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node of the text, unless it has too many. Raises ``NotYaml``."""
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise NotYaml(told("it has more than {n:step} values", n=_MOST_NODES))
        return super().compose_node(parent, index)

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave merge keys (``<<``) as they are: merging aliases grows without bound."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a dictionary of what stands under words, numbers and the like."""
        if isinstance(node, yaml.MappingNode):
            keys = [key for key, _ in node.value]
            lines = [k.start_mark.line + 1 for k in keys if not isinstance(k, yaml.ScalarNode)]
            self.refused += lines
            node.value = [pair for pair in node.value if isinstance(pair[0], yaml.ScalarNode)]
        return super().construct_mapping(node, deep=deep)


_MADE = re.compile(r"tag:yaml\.org,2002:python/(?:object|name|module)(?:/\w+)?:(.+)")
"""The tag of what Python would make of a node, and the name of its class, function or module."""


def _untagged(loader: _PlainLoader, node: yaml.Node) -> Iterator[Any]:
    """Make the plain form of a node whose tag says that it is anything else.

    An object is its attributes, and under an empty key its class; what it keeps for itself
    (``_hooks``) is left out. What a call makes is the plain values that it is called with, as of
    an enumeration or a path, or else the name of what is called; a number of numpy is that number.
    What may hold itself is yielded before it is filled.
    """
    made = _MADE.fullmatch(node.tag)
    if isinstance(node, yaml.MappingNode):
        named: dict[Any, Any] = {"": made[1]} if made else {}
        yield named
        if made:
            node.value = [pair for pair in node.value if not _is_kept_for_itself(pair[0])]
        named.update(loader.construct_mapping(node))
    elif isinstance(node, yaml.SequenceNode) and (made_number := number(node)) is not None:
        yield made_number
    elif isinstance(node, yaml.SequenceNode) and (not made or _of_scalars(node)):
        listed: list[Any] = []
        yield listed
        listed += loader.construct_sequence(node)
    else:
        yield made[1] if made else str(node.value)


def _is_kept_for_itself(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and str(key.value).startswith("_")


def _of_scalars(node: yaml.SequenceNode) -> bool:
    return all(isinstance(item, yaml.ScalarNode) for item in node.value)


_KEPT = frozenset({"null", "bool", "int", "float", "str", "seq", "map"})
_PlainLoader.yaml_constructors = {
    tag: constructor
    for tag, constructor in yaml.SafeLoader.yaml_constructors.items()
    if tag is not None and tag.rpartition(":")[2] in _KEPT
}
_PlainLoader.add_constructor(None, _untagged)
# YAML 1.1 takes 1e-5 for text, because it has no point.
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+\Z"), list("+-0123456789")
)
