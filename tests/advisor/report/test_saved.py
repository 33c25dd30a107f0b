"""Saved reports are known by how they begin, and what is wrong with one is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.errors import UsageError
from advisor.report.saved import is_report, load
from advisor_html import HtmlRenderer
from tests.sample_report import sample_report


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (sample_report().to_json(), True),
        (HtmlRenderer().render(sample_report()), True),
        ('{"loss": 0.5}\n', False),
        ("epoch,loss\n1,0.5\n", False),
        ("", False),
    ],
)
def test_a_report_is_told_from_a_log(tmp_path: Path, content: str, wanted: bool) -> None:
    path = tmp_path / "given"
    path.write_text(content, encoding="utf-8")
    assert is_report(path) is wanted


def test_a_folder_is_no_report(tmp_path: Path) -> None:
    assert not is_report(tmp_path)


def test_a_report_is_read_from_its_json_and_from_its_page(tmp_path: Path) -> None:
    report, path = sample_report(), tmp_path / "given"
    for content in (report.to_json(), HtmlRenderer().render(report)):
        path.write_text(content, encoding="utf-8")
        assert load(path).findings == report.findings


@pytest.mark.parametrize(
    ("content", "said"), [("<!doctype html>", "holds no report"), ("{}", "no schema_version")]
)
def test_what_is_no_report_is_named_with_the_cure(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "given").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=f"{said}.*advisor run --format json"):
        load(tmp_path / "given")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "none")
