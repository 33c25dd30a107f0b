"""The report that a page holds is the JSON, byte for byte, and no name on a page forges it."""

from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.enclosed import LARGEST, enclosed, is_page, taken_out
from advisor.report import Report
from advisor_html import HtmlRenderer
from advisor_json import JsonRenderer
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report

TAG = '<script type="application/zlib" id="report">{}</script>'


def page(report: Report) -> bytes:
    return HtmlRenderer().render(report).encode()


def too_large() -> Report:
    chance = random.Random(0)
    accepted = {f"rule-{number}": str(chance.random()) for number in range(9_000)}
    return quiet_report().model_copy(update={"accepted": accepted})


@pytest.mark.parametrize(
    "report", [sample_report(), quiet_report(), hostile_report(), large_report(70)]
)
def test_the_bytes_taken_out_of_a_page_are_those_of_the_json(report: Report) -> None:
    assert taken_out(page(report)) == JsonRenderer().render(report).encode()


def test_the_same_report_is_packed_alike_each_time() -> None:
    assert enclosed(sample_report()) == enclosed(Report.from_json(sample_report().to_json()))


def test_a_report_that_is_too_large_is_left_out_and_the_page_says_so() -> None:
    assert enclosed(too_large()) is None
    source = page(too_large())
    assert b'id="report"' not in source
    assert b"would become too large with it" in source
    assert b'data-action="save"' not in source
    with pytest.raises(ValueError, match="holds no report"):
        taken_out(source)


def test_no_page_grows_by_more_than_the_limit() -> None:
    for report in (sample_report(), hostile_report(), large_report(300)):
        assert len(enclosed(report) or "") <= LARGEST


def test_what_a_name_of_a_run_says_is_not_taken_for_the_report() -> None:
    forged = TAG.format(enclosed(quiet_report()))
    report = sample_report().model_copy(update={"title": forged})
    assert Report.from_json(taken_out(page(report))).title == forged


@pytest.mark.parametrize("content", ["AAAA", "eJw=", "=", "A" * (LARGEST + 4)])
def test_what_is_damaged_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match=r"damaged|padding|no report|base64"):
        taken_out(f"<!doctype html>{TAG.format(content)}".encode())


@given(st.binary(max_size=60))
def test_any_content_is_refused_with_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # whichever part of it is found first
        taken_out(TAG.format(base64.b64encode(content).decode()).encode())


@pytest.mark.parametrize(
    ("head", "wanted"), [(b"\n<!DOCTYPE html>", True), (b"<!doctype html>\n<", True), (b"{", False)]
)
def test_a_page_is_known_by_its_beginning(head: bytes, wanted: bool) -> None:
    assert is_page(head) is wanted
