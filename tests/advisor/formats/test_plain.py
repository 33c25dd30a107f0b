"""Settings from logs: plain values come out, and nothing is constructed, run or multiplied."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.plain import (
    MOST_CHARACTERS,
    MOST_VALUES,
    NotPlain,
    flatten,
    from_text,
    from_yaml,
)
from advisor.model import Value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("lr: 0.1\nepochs: 3\n", {"lr": 0.1, "epochs": 3}, id="plain"),
        pytest.param("a: !!python/tuple\n- 1\n- 2\n", {"a": [1, 2]}, id="a tuple"),
        pytest.param("a: !!python/name:torch.nn.ReLU ''\n", {"a": "torch.nn.ReLU"}, id="a name"),
        pytest.param(
            "a: !!python/object:m.C\n  x: 1\n", {"a": {"": "m.C", "x": 1}}, id="an object"
        ),
        pytest.param("a: !!python/object:m.C\n  _x: 1\n", {"a": {"": "m.C"}}, id="its own"),
        pytest.param("a: !!python/object/apply:m.E [v]\n", {"a": ["v"]}, id="a call"),
        pytest.param("a: !!python/object/apply:m.E [[v]]\n", {"a": "m.E"}, id="a call with more"),
        pytest.param("a: 1e-5\nb: '1e-5'\n", {"a": 1e-5, "b": "1e-5"}, id="a power of ten"),
        pytest.param("a: !mine 5\n", {"a": "5"}, id="a tag of one's own"),
        pytest.param("a: 2024-01-31\n", {"a": "2024-01-31"}, id="a date"),
        pytest.param("<<: {x: 1}\n", {"<<": {"x": 1}}, id="a merge key"),
        pytest.param("a: &b [1]\nc: *b\n", {"a": [1], "c": [1]}, id="an alias"),
        pytest.param("{}\n", {}, id="nothing"),
        pytest.param("", None, id="an empty file"),
    ],
)
def test_yaml_gives_plain_data(text: str, expected: Any) -> None:
    assert from_yaml(text) == expected


def test_yaml_that_calls_code_calls_nothing(tmp_path: Path) -> None:
    target = tmp_path / "made"
    for tag in ("python/object/apply:os.system", "python/object/new:os.system", "python/module:os"):
        with suppress(NotPlain):
            from_yaml(f"a: !!{tag} ['touch {target}']")
    assert not target.exists()


LEVELS = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: [1, 2\nb: 3", id="an open bracket"),
        pytest.param("a: b: c", id="two colons"),
        pytest.param("[" * 5000, id="deep nesting"),
        pytest.param("\x00", id="a control character"),
        pytest.param("a" * 2_000_000, id="megabytes"),
        pytest.param("a: &x [*x]\n", id="a list in itself"),
        pytest.param("a0: &a0 [1]\n" + LEVELS, id="aliases that multiply"),
    ],
)
def test_yaml_that_is_none_or_too_much_says_so(text: str) -> None:
    with pytest.raises(NotPlain):
        list(flatten(from_yaml(text)))


TABLE = "|param|value|\n|-|-|\n|lr|0.1|\n|a|x|y|\n|b|True|"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"lr": 1e-3}', {"lr": 1e-3}, id="JSON"),
        pytest.param('  ```json\n{"lr": 1}\n```\n', {"lr": 1}, id="JSON in a fence"),
        pytest.param("{'lr': 0.1, 'betas': (1, 2)}", {"lr": 0.1, "betas": (1, 2)}, id="a dict"),
        pytest.param(TABLE, {"lr": 0.1, "a": "x|y", "b": True}, id="a table"),
        pytest.param("[1, 2]", None, id="a list"),
        pytest.param("hello", None, id="words"),
        pytest.param("", None, id="nothing"),
        pytest.param("{broken", None, id="an open brace"),
        pytest.param("{'a': __import__('os').getcwd()}", None, id="a call"),
        pytest.param("{'a': " + "[" * 300 + "]" * 300 + "}", None, id="deep brackets"),
        pytest.param("{'a': " + "-" * 15_000 + "1}", None, id="many signs"),
        pytest.param("{" + "1+" * 7_000 + "1: 2}", None, id="a long sum"),
        pytest.param('{"a":' * 3_000, None, id="deep JSON"),
        pytest.param("|one|\n|-|\n|two|", None, id="a table of one column"),
    ],
)  # fmt: skip
def test_a_text_that_spells_settings_is_read(text: str, expected: dict[str, Any] | None) -> None:
    assert from_text(text) == expected


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    for start in ("", "{", "|", "{'a': "):
        from_text(start + text)
    with suppress(NotPlain):
        list(flatten(from_yaml(text)))


def test_nested_settings_get_dotted_paths() -> None:
    found = {"optimizer": {"lr": 0.1, "betas": [0.9, 0.99]}, "layers": [{"width": 8}], 3: None}
    assert list(flatten(found, "model")) == [
        ("model.optimizer.lr", 0.1),
        ("model.optimizer.betas", (0.9, 0.99)),
        ("model.layers.0.width", 8),
        ("model.3", None),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(math.inf, math.inf, id="infinity"),
        pytest.param(2**64 - 1, 2**64 - 1, id="a seed of 64 bits"),
        pytest.param(1 << 200_000, "an integer of 200,001 bits", id="an integer beyond all"),
        pytest.param([1, None, "a"], (1, None, "a"), id="a list"),
        pytest.param(b"x", "b'x'", id="bytes"),
    ],
)
def test_values_are_plain(value: Any, expected: Value) -> None:
    assert list(flatten({"a": value})) == [("a", expected)]


def test_what_came_before_the_limit_is_kept() -> None:
    items = flatten({str(place): place for place in range(MOST_VALUES + 10)})
    found = list(islice(items, MOST_VALUES - 1))
    assert found[-1] == (str(MOST_VALUES - 2), MOST_VALUES - 2)
    with pytest.raises(NotPlain, match="5,000"):
        next(items)


LISTED = "a: &a [" + "1, " * 4_000 + "]\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LISTED + "b: [" + "*a, " * 300 + "]\n", id="lists in a list"),
        pytest.param(LISTED + "".join(f"b{n}: *a\n" for n in range(300)), id="lists"),
        pytest.param(
            "a: &a " + "x" * 100_000 + "".join(f"\nb{n}: *a" for n in range(300)), id="texts"
        ),
        pytest.param("a: &a " + "x" * 100_000 + "\nb: [" + "*a, " * 300 + "]", id="a list"),
        pytest.param(f"? {'x' * 100_000}\n: {dict.fromkeys(range(300), 1)}", id="a long name"),
    ],
)
def test_what_aliases_and_names_repeat_is_taken_up_to_a_limit(text: str) -> None:
    found: list[tuple[str, Value]] = []
    with pytest.raises(NotPlain, match="characters; the rest was left out"):
        found.extend(flatten(from_yaml(text)))
    assert sum(len(path) + len(repr(value)) for path, value in found) < 2 * MOST_CHARACTERS


def test_lists_as_long_as_a_text_can_spell_are_taken_whole() -> None:
    found = json.loads("{" + ", ".join(f'"{n}": [{"1," * 4_000}1]' for n in range(130)) + "}")
    assert len(dict(flatten(found))) == 130
