from __future__ import annotations

import math

import pytest

from advisor.notes import NoteKind
from advisor_mlflow.params import Params, scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("-3", -3), ("1e-5", 1e-5), (".5", 0.5), ("True", True), ("None", None),
     ("sgd", "sgd"), ("", ""), ("1_000", "1_000"), ("0x10", "0x10"), ("1.2.3", "1.2.3"),
     ("12345678901234567890", 12345678901234567890.0), ("[1, 2]", "[1, 2]")],
)  # fmt: skip
def test_text_becomes_what_it_spells(text: str, value: object) -> None:
    assert scalar(text) == value


def test_nan_is_a_number() -> None:
    found = scalar("nan")
    assert isinstance(found, float)
    assert math.isnan(found)


def test_a_printed_dictionary_gives_a_value_for_each_entry() -> None:
    params = Params()
    params.add("model", "{'width': 64, 'act': {'name': 'gelu'}}", "model", "params/model")
    found = {path: entry.value for path, entry in params.values.items()}
    assert found == {"model.width": 64, "model.act.name": "gelu"}


def test_code_is_text() -> None:
    params = Params()
    params.add("x", "{'a': __import__('os').getcwd()}", "x", "params/x")
    assert params.values["x"].value == "{'a': __import__('os').getcwd()}"


def test_a_dictionary_without_end_is_cut_and_noted() -> None:
    params = Params()
    params.add("x", str({str(i): i for i in range(1800)}), "x", "params/x")
    params.add("y", '{"a": ' * 40 + "1" + "}" * 40, "y", "params/y")
    assert [each.kind for each in params.notes] == [NoteKind.CONFIG_UNREADABLE]
