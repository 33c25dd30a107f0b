"""Settings that a Python file spells as constants, with their lines. Nothing in it is run.

Read are assignments at the top level and in classes, nested ``dict`` and ``{}`` in them, and the
defaults of ``add_argument``; what a program computes is not known before it runs.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

from advisor.formats import plain
from advisor.model import Scalar, Value
from advisor.text import told

Found = Iterator[tuple[str, Value, int]]

_NOT_PYTHON = "not Python ({why:given})"


def values(text: str) -> Found:
    """Yield each value with its path and line. Raises ``plain.NotPlain``."""
    try:
        with warnings.catch_warnings():
            # What Python thinks of somebody's backslashes is not for us to say.
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError as error:
        text = "not Python at line {line:step} ({why:given})" if error.lineno else _NOT_PYTHON
        raise plain.NotPlain(told(text, line=error.lineno, why=error.msg)) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise plain.NotPlain(told(_NOT_PYTHON, why=type(error).__name__)) from error
    yield from _of_body(tree.body, ())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "add_argument":
            yield from _of_argument(node)


def _of_body(body: Sequence[ast.stmt], path: tuple[str, ...]) -> Found:
    for statement in body:
        match statement:
            case ast.ClassDef(name=name, body=inner):
                yield from _of_body(inner, (*path, name))
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                yield from _of_value(value, (*path, name), statement.lineno)


def _of_value(node: ast.expr, path: tuple[str, ...], line: int) -> Found:
    match node:
        case ast.Dict(keys=keys, values=items):
            for key, item in zip(keys, items, strict=True):
                if isinstance(key, ast.Constant):
                    yield from _of_value(item, (*path, str(key.value)), key.lineno)
        case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
            for keyword in keywords:
                if keyword.arg is not None:
                    yield from _of_value(keyword.value, (*path, keyword.arg), keyword.lineno)
        case _ if (found := _constant(node)) is not None:
            yield ".".join(path), found, line


def _of_argument(call: ast.Call) -> Found:
    names = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    default = next((k for k in call.keywords if k.arg == "default"), None)
    value = _constant(default.value) if default else None
    if names and default and value is not None:
        yield max(names, key=len).lstrip("-"), value, default.lineno


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _constant(node: ast.expr) -> Value:
    """Return a constant, or a flat list of some; ``None`` for anything else."""
    if isinstance(node, ast.List | ast.Tuple):
        items = [_scalar(item) for item in node.elts]
        return None if None in items else tuple(items)
    return _scalar(node)


def _scalar(node: ast.expr) -> Scalar:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.Constant(value=bool() | int() | float() | str() as value):
            return value
    return None
