from __future__ import annotations

from typing import Any

import pytest

from advisor.formats import yaml_text
from advisor.formats.yaml_text import NotYaml, load


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e-5", 1e-5),
        ("-3E+7", -3e7),
        ("2.e3", 2000.0),
        ("'1e-5'", "1e-5"),
        ("1e5x", "1e5x"),
        ("1.5", 1.5),
        ("1_000", 1000),
        ("e5", "e5"),
    ],
)
def test_powers_of_ten_are_numbers_with_a_point_or_without(text: str, expected: Any) -> None:
    found = load(f"lr: {text}\n")["lr"]
    assert (found, type(found)) == (expected, type(expected))


def test_what_is_no_yaml_says_where() -> None:
    with pytest.raises(NotYaml, match="at line 2"):
        load("a: 1\n]\n")


def test_the_parser_ends_where_there_are_too_many_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "_MOST_NODES", 100)
    assert len(load("[" + "1, " * 99 + "]")) == 99
    with pytest.raises(NotYaml, match="more than 100 values"):
        load("[" + "1, " * 100 + "]")
