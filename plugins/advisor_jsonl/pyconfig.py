"""OpenMMLab's settings are Python text. They are parsed, and never run.

``optimizer = dict(type='SGD', lr=0.02)`` gives ``optimizer.type`` and ``optimizer.lr``: constants,
lists, tuples, displays of dictionaries and calls of ``dict`` are taken, anything else is left out.
"""

from __future__ import annotations

import ast
from typing import Any

from advisor.formats import plain
from advisor.text import told

_LEFT_OUT = object()


def from_python(text: str) -> dict[str, Any]:
    """Return the settings that ``text`` assigns. Raises ``plain.NotPlain``."""
    if len(text) > plain.LONGEST:
        raise plain.NotPlain(plain.too_long())
    try:
        found = ast.parse(text)
        return {
            target.id: value
            for line in found.body
            if isinstance(line, ast.Assign)
            for target in line.targets
            if isinstance(target, ast.Name) and (value := _value(line.value)) is not _LEFT_OUT
        }
    except SyntaxError as error:
        line = error.lineno or 0
        raise plain.NotPlain(told("line {line:step} is not Python", line=line)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        why = told("not Python ({why:given})", why=type(error).__name__)
        raise plain.NotPlain(why) from error


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Constant):
        known = node.value is None or isinstance(node.value, bool | int | float | str)
        return node.value if known else _LEFT_OUT
    if isinstance(node, ast.List | ast.Tuple):
        return [value for item in node.elts if (value := _value(item)) is not _LEFT_OUT]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _value(node.operand)
        return -value if isinstance(value, int | float) else _LEFT_OUT
    pairs = _pairs(node)
    if pairs is None:
        return _LEFT_OUT
    found = ((key, _value(item)) for key, item in pairs)
    return {key: value for key, value in found if value is not _LEFT_OUT}


def _pairs(node: ast.expr) -> list[tuple[str, ast.expr]] | None:
    """Return the keys and values of a dictionary that is written out; ``None`` if it is none."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [(str(key.value), item) for key, item in pairs if isinstance(key, ast.Constant)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return [(word.arg, word.value) for word in node.keywords if word.arg is not None]
    return None
