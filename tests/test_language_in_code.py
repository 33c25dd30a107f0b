"""What people read is written as templates, which catalogues find in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

SAYING = {"UsageError", "TargetError", "NotProbed", "tell", "told", "kept", "term"}
"""What makes a sentence of its first argument."""
LINES = {"say", "_say", "_say_once"}
"""What writes a line for a person."""
NAMES = ("advisor:", "--exec:")
"""What such a line may begin with in any language."""

OWN_PROGRAM = ROOT / "reports" / "advisor_ci" / "comment.py"
"""Speaks to the log of a workflow, in English."""


def calls(names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls of some functions in all packages, each with its place."""
    for folder in ("advisor", "plugins", "reports"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path == OWN_PROGRAM or "testing" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in names:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_no_sentence_is_put_together_before_it_is_said() -> None:
    found = [(place, call.args[0]) for place, call in calls(SAYING) if call.args]
    assert len(found) > 500
    assert not [p for p, text in found if isinstance(text, ast.JoinedStr | ast.BinOp)]


def test_a_line_for_the_terminal_holds_no_english_of_its_own() -> None:
    lines = [
        (place, text)
        for place, call in calls(LINES)
        for text in ast.walk(call)
        if isinstance(text, ast.JoinedStr)
    ]
    assert lines
    for place, line in lines:
        own = "".join(str(p.value) for p in line.values if isinstance(p, ast.Constant))
        for name in NAMES:
            own = own.replace(name, "")
        assert not any(character.isalpha() for character in own), (place, own)
