"""What is wrong with a value that a user wrote, in words: the name, the value, what may stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from advisor.errors import nearest
from advisor.text import clean

LONGEST_VALUE = 60
"""Characters of a value that are repeated."""

_WANTED = {
    "tuple_type": "must be a list: [{value}]",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "dict_type": "must be a table",
}
"""By pydantic's name for a mistake, what to write instead; the rest is said in its own words."""


def wrong_values(error: ValidationError, known: Iterable[str], *, table: str = "") -> Iterator[str]:
    """Yield a sentence for each mistake in a table of settings.

    ``known`` are the keys that may stand in it; ``table`` is its own name, ``rules.past-best``.
    """
    names = [name.replace("_", "-") for name in known]
    for problem in error.errors():
        key = ".".join(str(part) for part in problem["loc"])
        if table:
            key = key.replace("_", "-")
        place = f"{table}.{key}" if table else key
        if problem["type"] == "extra_forbidden":
            where = f" in {table}" if table else ""
            hint = nearest(key, names) or f"; known are {', '.join(names)}"
            yield f"unknown key {key!r}{where}{hint}"
        elif problem["type"] == "value_error":
            yield f"{place}: {problem['msg'].removeprefix('Value error, ')}"
        else:
            yield f"{place} = {_written(problem['input'])}: {_wanted(problem)}"


def _wanted(problem: ErrorDetails) -> str:
    words = problem["msg"].replace("Input should be", "must be")
    return _WANTED.get(problem["type"], words).format(value=_written(problem["input"]))


def _written(value: Any) -> str:
    """Write a value much as TOML does; a table or a date only roughly."""
    if isinstance(value, float):
        return repr(value)
    return clean(json.dumps(value, ensure_ascii=False, default=str), LONGEST_VALUE)
