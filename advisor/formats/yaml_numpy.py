"""Numbers of numpy in YAML, read from their bytes: nothing is imported or called for them.

``yaml.dump(numpy.float64(0.1))``, and so Lightning's ``hparams.yaml``, writes a call of
``numpy._core.multiarray.scalar`` (``numpy.core`` before numpy 2) with a ``dtype`` and the bytes.
"""

from __future__ import annotations

import binascii
import re
import struct

import yaml

_SCALAR = re.compile(r".*:numpy\._?core\.multiarray\.scalar")
_FORMATS = {
    "b1": "?", "i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "i8": "q",
    "u8": "Q", "f2": "e", "f4": "f", "f8": "d",
}  # fmt: skip
"""The kinds of numbers by numpy's name, and what ``struct`` calls them: kind and bytes."""
_ORDERS = {"<": "<", ">": ">", "|": "<"}
"""How a state spells the order of bytes; a number of one byte has none."""


def number(node: yaml.SequenceNode) -> bool | int | float | None:
    """Return the number that a node makes; ``None`` if it makes anything else."""
    if not _SCALAR.fullmatch(node.tag) or len(node.value) != 2:
        return None
    form = _form(node.value[0])
    data = _bytes(node.value[1])
    if form is None or len(data) != struct.calcsize(form):
        return None
    found: bool | int | float = struct.unpack(form, data)[0]
    return found


def _form(node: yaml.Node) -> str | None:
    """Return the form of a ``dtype`` for ``struct``: its kind, and the order in its state."""
    if not isinstance(node, yaml.MappingNode):
        return None
    held = {str(key.value): value for key, value in node.value}
    kind, order = _item(held.get("args"), 0), _item(held.get("state"), 1)
    known = kind in _FORMATS and order in _ORDERS
    return _ORDERS[order] + _FORMATS[kind] if known else None


def _item(node: yaml.Node | None, place: int) -> str:
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    item = items[place] if place < len(items) else None
    return str(item.value) if isinstance(item, yaml.ScalarNode) else ""


def _bytes(node: yaml.Node) -> bytes:
    if not isinstance(node, yaml.ScalarNode) or not node.tag.endswith(":binary"):
        return b""
    try:
        return binascii.a2b_base64(str(node.value))
    except ValueError:
        return b""
