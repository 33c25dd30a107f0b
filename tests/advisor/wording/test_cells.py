"""Columns of text in a terminal."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from advisor.wording.cells import padded


@pytest.mark.parametrize("text", ["", "note", "提示", "val/loss 虚线"])
@pytest.mark.parametrize("width", [14, -14])
def test_a_text_takes_as_many_columns_in_any_script(text: str, width: int) -> None:
    assert cell_len(padded(text, width)) == 14
    assert padded(text, width).strip() == text


def test_a_negative_width_puts_the_blanks_before() -> None:
    assert (padded("提示", 6), padded("提示", -6)) == ("提示  ", "  提示")


def test_what_is_too_wide_stays_whole() -> None:
    assert padded("日志是如何理解的", 4) == "日志是如何理解的"
