from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.plain import NotPlain
from advisor_jsonl.pyconfig import from_python


def test_constants_and_calls_of_dict_are_taken_and_nothing_else() -> None:
    text = (
        "lr = 1e-3\nsteps = [8, 11]\nlow = -1\nimport os\n"
        "model = dict(type='A', head=dict(classes=80), norm=os.system('x'), depth={'a': 1})\n"
        "made = open('x')\n"
    )
    assert from_python(text) == {
        "lr": 1e-3,
        "steps": [8, 11],
        "low": -1,
        "model": {"type": "A", "head": {"classes": 80}, "depth": {"a": 1}},
    }


@pytest.mark.parametrize("text", ["a = (", "a = 1\0", "-" * 50_000 + "1", "x = " + "(" * 5_000])
def test_text_that_is_no_python_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotPlain):
        from_python(text)


@given(st.text())
def test_any_text_is_parsed_or_is_not_plain(text: str) -> None:
    with suppress(NotPlain):
        assert isinstance(from_python(text), dict)
