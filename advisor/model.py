"""Base classes of everything that is serialized or written by users.

Arrays never live in these models (see ``advisor.run``): numpy inside pydantic breaks
equality, hashing, JSON and the read-only flag.
"""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def _revive(value: object) -> object:
    """Turn the JSON spelling of a non-finite number back into the number."""
    return _NON_FINITE.get(value, value) if isinstance(value, str) else value


Scalar = Annotated[bool | int | float | str | None, BeforeValidator(_revive)]
"""One plain value: what a hyperparameter or a message parameter may hold."""

Value = Annotated[
    bool | int | float | str | tuple[Scalar, ...] | None,
    BeforeValidator(_revive),
]
"""A plain value or a flat list of plain values."""


class Document(BaseModel):
    """Something advisor writes: immutable, and tolerant of unknown keys when read back.

    Non-finite numbers are written as the strings ``NaN``, ``Infinity`` and ``-Infinity``,
    because JSON has no spelling for them.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", ser_json_inf_nan="strings", populate_by_name=True
    )


class UserInput(BaseModel):
    """Something users write: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
