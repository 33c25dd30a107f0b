"""The English that source files say: the texts given to a few functions, found without running.

A text may be written where it is said, or come by a name: of a constant, of a mapping of
constants, or of a variable that is set in the same function.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from advisor.language import TOLD

_BY_NAME = 99
"""The place of an argument that is given by its name only."""

SAYING: Mapping[str, int] = {
    "tell": 0,
    "word": 0,
    "term": 0,
    "NotApplicable": 0,
    "UsageError": 0,
    "TargetError": 0,
    "NotProbed": 0,
    "told": 0,
    "kept": 0,
    "message": 1,
    "note": _BY_NAME,
}
"""Functions that say something, and which of their arguments is the English for it."""

MEASURED, WHY = "measured", "why"
"""The parameters by which functions pass on the words for what was measured, and for a reason."""

NOT_APPLICABLE = "not-applicable"
"""The section of the reasons that rules give."""

_LEFT_OUT = frozenset({"testing", "translations"})

Found = tuple[str, str]
"""A section, empty for words and what else has no id; and a template."""


def said_in(package: Path) -> Iterator[Found]:
    """Yield what the modules and the page templates of a package say."""
    modules = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(package.rglob("*.py"))
        if not _LEFT_OUT & set(path.relative_to(package).parts)
    }
    shared = {n: p for tree in modules.values() for n, p in _measuring(tree) if n[0] != "_"}
    for tree in modules.values():
        yield from _Module(tree, {**SAYING, **shared, **dict(_measuring(tree))}).said()
    for path in sorted(package.rglob("*.j2")):
        yield from _on_page(path)


def _measuring(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield what takes the words for what was measured, and at which place.

    That are functions, and named tuples that keep them for one.
    """
    yield "Evidence", _BY_NAME
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [a.arg for a in node.args.args if a.arg != "self"]
        elif isinstance(node, ast.ClassDef) and "NamedTuple" in map(_name, node.bases):
            names = [_name(a.target) for a in node.body if isinstance(a, ast.AnnAssign)]
        else:
            continue
        if MEASURED in names:
            yield node.name, names.index(MEASURED)


def _on_page(path: Path) -> Iterator[Found]:
    from jinja2 import Environment
    from jinja2.ext import extract_from_ast

    parsed = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for _, _, said in extract_from_ast(parsed, ("tell", "word")):
        # With parameters, a call is listed as a tuple.
        first = said[0] if isinstance(said, tuple) else said
        if first is not None:
            yield "", first


class _Module:
    """One source file."""

    def __init__(self, tree: ast.Module, saying: Mapping[str, int]) -> None:
        self._tree = tree
        self._saying = saying

    def said(self) -> Iterator[Found]:
        """Yield what is said anywhere in the file."""
        yield from self._within(self._tree, (self._tree,))

    def _within(self, node: ast.AST, scopes: tuple[ast.AST, ...]) -> Iterator[Found]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield from self._call(child, scopes)
            inner = (child, *scopes) if isinstance(child, ast.FunctionDef) else scopes
            yield from self._within(child, inner)

    def _call(self, call: ast.Call, scopes: tuple[ast.AST, ...]) -> Iterator[Found]:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else _name(call.func)
        if name not in self._saying:
            return
        place = self._saying[name]
        named = (MEASURED, WHY) if place == _BY_NAME else (MEASURED,)
        given: Sequence[ast.expr] = [k.value for k in call.keywords if k.arg in named]
        if not given:
            spread = any(isinstance(argument, ast.Starred) for argument in call.args[: place + 1])
            given = call.args if spread else call.args[place:][:1]
        for text in (text for one in given for text in _constants(one, scopes)):
            yield _section(name, call, scopes), text


def _section(name: str, call: ast.Call, scopes: tuple[ast.AST, ...]) -> str:
    if name == "NotApplicable":
        return NOT_APPLICABLE
    if name in ("told", "kept"):
        return TOLD
    if name != "message":
        return ""
    identifier: ast.expr = call.args[0]
    start = identifier.values[0] if isinstance(identifier, ast.JoinedStr) else identifier
    return next(_constants(start, scopes), "").partition(".")[0]


def _constants(node: ast.AST, scopes: tuple[ast.AST, ...]) -> Iterator[str]:
    """Yield the texts that an expression can be, as far as they are constants."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _constants(one, scopes)
            yield from _constants(other, scopes)
        case ast.Call(func=ast.Name(id="term"), args=[text]):
            yield from _constants(text, scopes)
        case ast.Subscript(value=ast.Name(id=name)):
            for mapping in _assigned(name, scopes):
                if isinstance(mapping, ast.Dict):
                    for value in mapping.values:
                        yield from _constants(value, scopes)
        case ast.Name(id=name):
            for setting in _assigned(name, scopes):
                yield from _constants(setting, scopes[1:])


def _assigned(name: str, scopes: tuple[ast.AST, ...]) -> Iterator[ast.AST]:
    """Yield what a name is set to in the innermost scope that sets it."""
    for scope in scopes:
        values = [
            value
            for node in _of_scope(scope)
            for target, value in _set_in(node)
            if _name(target) == name
        ]
        if values:
            yield from values
            return


def _of_scope(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes of a module or a function, but not those of functions in it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from _of_scope(child)


def _set_in(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what an assignment sets, and to what; several names at once one by one."""
    match node:
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield target, value
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            yield from zip(names, values, strict=False)
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""
