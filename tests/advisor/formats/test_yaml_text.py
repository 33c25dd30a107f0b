from __future__ import annotations

from typing import Any

import pytest

from advisor.formats import yaml_text
from advisor.formats.yaml_text import NotYaml


def load(text: str) -> Any:
    """Load what is kept whole."""
    return yaml_text.load(text, pytest.fail)


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


@pytest.mark.parametrize(
    ("text", "line", "count"),
    [
        ("a: 1\n? [x]\n: 2\nb: {c: 3}\n", 2, "1 name is a list or a mapping"),
        ("a: 1\nb:\n  ? {x: 1}\n  : 2\n  ? [y]\n  : 3\n  c: 3\n", 3, "2 names are lists"),
        ("a: 1\nb: {!!python/tuple [0, 1]: 2, c: 3}\n", 2, "1 name is a list or a mapping"),
    ],
)
def test_a_name_that_is_none_costs_what_stands_under_it(text: str, line: int, count: str) -> None:
    said: list[str] = []
    assert yaml_text.load(text, said.append) == {"a": 1, "b": {"c": 3}}
    (why,) = said
    assert count in why
    assert f"at line {line};" in why


def test_an_object_keeps_the_attributes_beside_a_name_that_is_none() -> None:
    said: list[str] = []
    found = yaml_text.load("!!python/object:m.C\n? [x]\n: 1\nlr: 0.1\n", said.append)
    assert found == {"": "m.C", "lr": 0.1}
    assert len(said) == 1


def test_a_mapping_that_is_a_word_says_where() -> None:
    with pytest.raises(NotYaml, match="at line 2"):
        load("a: 1\nb: !!map x\n")
