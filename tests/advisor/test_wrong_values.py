"""Mistakes in settings are said with the name, the value and what may stand."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from advisor.wrong_values import LONGEST_VALUE, wrong_values


class Table(BaseModel):
    """A table of settings with one key of each kind."""

    model_config = ConfigDict(extra="forbid", strict=True)
    names: tuple[str, ...] = ()
    patience: int = Field(default=3, ge=1)
    fall: float = Field(default=0.1, allow_inf_nan=False)
    quiet: bool = False

    @field_validator("names")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "nobody" in value:
            raise ValueError("names: no rule is called 'nobody'")
        return value


def said(values: dict[str, Any], table: str = "") -> list[str]:
    """What is said of a table of settings."""
    with pytest.raises(ValidationError) as raised:
        Table.model_validate(values)
    return list(wrong_values(raised.value, Table.model_fields, table=table))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"names": "one"}, 'names = "one": must be a list: ["one"]'),
        ({"patience": "3"}, 'patience = "3": must be a whole number'),
        ({"patience": 0}, "patience = 0: must be greater than or equal to 1"),
        ({"fall": float("inf")}, "fall = inf: must be a finite number"),
        ({"fall": "much"}, 'fall = "much": must be a number'),
        ({"quiet": 1}, "quiet = 1: must be true or false"),
        ({"names": ("nobody",)}, "names: names: no rule is called 'nobody'"),
    ],
)
def test_a_wrong_value_is_repeated_with_what_may_stand(
    values: dict[str, Any], sentence: str
) -> None:
    assert said(values) == [sentence]


def test_an_unknown_key_gets_the_nearest_or_else_all_that_are_known() -> None:
    assert said({"patiense": 1}) == ["unknown key 'patiense'; did you mean 'patience'?"]
    (sentence,) = said({"xyzzy": 1})
    assert sentence.endswith("known: names, patience, fall, quiet")


def test_a_mistake_in_a_rules_table_names_the_table() -> None:
    assert said({"patience": 0}, "rules.past-best")[0].startswith("rules.past-best.patience = 0: ")
    assert said({"patiense": 1}, "rules.past-best")[0].startswith(
        "unknown key 'patiense' in rules.past-best"
    )


def test_every_mistake_is_said() -> None:
    assert len(said({"patience": 0, "fall": "much", "xyzzy": 1})) == 3


def test_a_long_value_is_cut() -> None:
    (sentence,) = said({"patience": "x" * 1_000})
    assert len(sentence) < LONGEST_VALUE + 60
