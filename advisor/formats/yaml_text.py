"""YAML as plain data: no tag constructs anything, and no merge key multiplies what was written."""

from __future__ import annotations

import re
from typing import Any

import yaml

from advisor.text import told


class NotYaml(ValueError):
    """A text that is no YAML; the message says where."""


def load(text: str) -> Any:
    """Load YAML. Raises ``NotYaml``."""
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506  # a SafeLoader without tags
    except yaml.MarkedYAMLError as error:
        raise NotYaml(said_of(error)) from error
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        raise NotYaml(told("not YAML ({why:given})", why=type(error).__name__)) from error


def said_of(error: yaml.MarkedYAMLError) -> str:
    """Say on which line a text is no YAML."""
    line = error.problem_mark.line + 1 if error.problem_mark else 0
    return told("not YAML at line {line:step} ({why:given})", line=line, why=error.problem or "")


class _PlainLoader(yaml.SafeLoader):
    """A ``SafeLoader`` that knows no tags and no merge keys."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave merge keys (``<<``) as they are: merging aliases grows without bound."""


def _untagged(loader: _PlainLoader, node: yaml.Node) -> Any:
    """Make the plain form of a node whose tag says that it is anything else."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    named = node.tag.rpartition("python/name:")[2] if "python/name:" in node.tag else ""
    return named or str(node.value)


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
