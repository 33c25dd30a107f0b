"""What is wrong with a value that a user wrote, in words: the name, the value, what may stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from advisor.errors import known_names, nearest
from advisor.language import tell, term
from advisor.text import clean

LONGEST_VALUE = 60
"""Characters of a value that are repeated."""

_WANTED = {
    "tuple_type": term("must be a list: [{value:given}]"),
    "string_type": term("must be a text in quotes"),
    "int_type": term("must be a whole number"),
    "int_parsing": term("must be a whole number"),
    "int_from_float": term("must be a whole number"),
    "float_type": term("must be a number"),
    "float_parsing": term("must be a number"),
    "finite_number": term("must be a finite number"),
    "bool_type": term("must be true or false"),
    "bool_parsing": term("must be true or false"),
    "dict_type": term("must be a table"),
    "literal_error": term("must be {expected:given}"),
    "greater_than": term("must be greater than {gt:given}"),
    "greater_than_equal": term("must be greater than or equal to {ge:given}"),
    "less_than": term("must be less than {lt:given}"),
    "less_than_equal": term("must be less than or equal to {le:given}"),
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
            text = (
                "unknown key '{key:given}' in {table:given}{hint:sentence}" if table else _UNKNOWN
            )
            hint = nearest(key, names) or known_names(names)
            yield tell(text, key=key, table=table, hint=hint)
        elif problem["type"] == "value_error":
            what = problem["msg"].removeprefix("Value error, ")
            yield tell("{place:given}: {what:sentence}", place=place, what=what)
        else:
            text = "{place:given} = {value:given}: {what:sentence}"
            value = _written(problem["input"])
            yield tell(text, place=place, value=value, what=_wanted(problem))


_UNKNOWN = "unknown key '{key:given}'{hint:sentence}"


def _wanted(problem: ErrorDetails) -> str:
    words = problem["msg"].replace("Input should be", "must be")
    given = {name: str(value) for name, value in problem.get("ctx", {}).items()}
    return tell(_WANTED.get(problem["type"], words), **given, value=_written(problem["input"]))


def _written(value: Any) -> str:
    """Write a value much as TOML does; a table or a date only roughly."""
    if isinstance(value, float):
        return repr(value)
    return clean(json.dumps(value, ensure_ascii=False, default=str), LONGEST_VALUE)
