"""The report that a page holds is the report, and no name on a page forges it."""

from __future__ import annotations

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.report import Report
from advisor.report.enclosed import enclosed, is_page, taken_out
from advisor_html import HtmlRenderer
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report

_MOVES = re.compile(rb' d="[^"]*"|id="report">[^<]*')
TAG = '<script type="application/zlib" id="report">{}</script>'


def page(report: Report) -> bytes:
    return HtmlRenderer().render(report).encode()


@pytest.mark.parametrize(
    "report", [sample_report(), quiet_report(), hostile_report(), large_report(70)]
)
def test_what_is_taken_out_is_what_was_put_in(report: Report) -> None:
    source = f"<!doctype html>{TAG.format(enclosed(report))}".encode()
    assert Report.from_json(taken_out(source)) == Report.from_json(report.to_json())


@pytest.mark.parametrize("report", [sample_report(), quiet_report(), large_report(12)])
def test_a_page_made_of_what_a_page_holds_is_that_page(report: Report) -> None:
    made = page(report)
    again = page(Report.from_json(taken_out(made)))
    # The moves of a small curve that is drawn larger elsewhere may differ by a hair.
    assert _MOVES.sub(b"", again) == _MOVES.sub(b"", made)


@pytest.mark.parametrize("report", [sample_report(), hostile_report(), large_report(300)])
def test_a_page_holds_all_but_curves_and_sources_that_it_does_not_show(report: Report) -> None:
    held = json.loads(Report.from_json(taken_out(page(report))).to_json())
    whole = json.loads(Report.from_json(report.to_json()).to_json())
    for run in (*held["runs"], *whole["runs"]):
        del run["curves"], run["windows"]
    for rule in (*held["rules"], *whole["rules"]):
        del rule["citations"], rule["separated_by"]
    assert held == whole


def test_the_same_report_is_packed_alike_each_time() -> None:
    assert enclosed(sample_report()) == enclosed(Report.from_json(sample_report().to_json()))


def test_what_a_name_of_a_run_says_is_not_taken_for_the_report() -> None:
    forged = TAG.format(enclosed(quiet_report()))
    report = sample_report().model_copy(update={"title": forged})
    assert Report.from_json(taken_out(page(report))).title == forged


@pytest.mark.parametrize("content", ["AAAA", "eJw=", "=", "A" * 70_000])
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
