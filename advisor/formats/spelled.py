"""Whether two spellings of a setting, in two files, are one value, and which of them keeps more."""

from __future__ import annotations

import re

from advisor.hyperparameters import as_flag, as_numbers
from advisor.model import Value

_PYTHON = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\.([A-Za-z_]\w*)")
"""A class, function or module of Python as YAML names it; its own name is the last."""
_PRINTED = re.compile(r"<.*>|\w*\(.*\)", re.DOTALL)
"""What Python prints of a function or an object; of many it is another text in each process."""
_WORD = re.compile(r"\w+")
_AROUND = re.compile(r"[\s\[\](){}'\",]+")


def same(one: Value, other: Value) -> bool:
    """Tell whether two values mean the same, or nothing else can be told of them.

    A null says nothing. A number or a switch may be spelled as text, a list and an object as
    Python prints them: ``CrossEntropyLoss()`` for ``torch.nn.CrossEntropyLoss``.
    """
    if one is None or other is None or _meant(one) == _meant(other):
        return True
    if isinstance(one, str) and isinstance(other, str):
        return _prints(one, other) or _prints(other, one)
    listed = isinstance(one, tuple) and isinstance(other, str)
    printed = isinstance(one, str) and isinstance(other, tuple)
    # An enumeration or a path is, in YAML, what it is made from: its text says it in another way.
    return (listed or printed) and not (as_numbers(one) and as_numbers(other))


def exactness(value: Value) -> int:
    """Return how much a spelling keeps, 0 to 4: of a null nothing, of text and floats no type."""
    if value is None:
        return 0
    if isinstance(value, str):
        return 1 if _PRINTED.fullmatch(value) else 2
    return 3 if isinstance(value, float) else 4


def _meant(value: Value) -> object:
    """Return what is equal for two spellings of one value: ``0.1`` and ``"1e-1"``, 1 and yes."""
    flag = as_flag(value)
    if flag is not None:
        return (float(flag),)
    return as_numbers(value) or _AROUND.sub(" ", str(value)).strip().lower()


def _prints(text: str, name: str) -> bool:
    """Tell whether ``text`` may be printed of what ``name`` names in Python."""
    named = _PYTHON.fullmatch(name)
    if named is None or not (_PRINTED.fullmatch(text) or _WORD.fullmatch(text)):
        return False
    return named[1] in _WORD.findall(text)
