"""Reports in the reader's language: by option, by environment, by setting."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from advisor.cli import main
from advisor.language import spoken
from tests.support import overfitted_run

Capture = pytest.CaptureFixture[str]

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where there are no settings of ours, and no language is chosen."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ADVISOR_LANGUAGE", raising=False)
    overfitted_run(tmp_path / "logs" / "a")


def report(capsys: Capture, *arguments: str) -> str:
    """Run on the logs and return what is printed."""
    assert main(["run", "logs", "--fail-on", "never", *arguments]) == 0
    return capsys.readouterr().out


def test_without_a_choice_the_report_is_in_english(capsys: Capture) -> None:
    assert not HAN.search(report(capsys))


def test_an_option_chooses_the_language(capsys: Capture) -> None:
    assert "验证损失从第" in report(capsys, "--language", "zh")
    assert spoken() == "zh-Hans"


def test_the_environment_chooses_the_language_and_an_option_goes_before_it(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_LANGUAGE", "zh")
    assert HAN.search(report(capsys))
    assert not HAN.search(report(capsys, "--language", "en"))


def test_a_setting_chooses_the_language_and_the_environment_goes_before_it(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("advisor.toml").write_text('language = "zh"\n')
    assert HAN.search(report(capsys))
    monkeypatch.setenv("ADVISOR_LANGUAGE", "en")
    assert not HAN.search(report(capsys))


def test_a_language_that_is_not_there_is_a_usage_error(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADVISOR_LANGUAGE", "xx")
    assert main(["run", "logs"]) == 2
    assert "known: en, zh" in capsys.readouterr().err


def test_a_rule_is_explained_in_the_readers_language_before_its_page(capsys: Capture) -> None:
    assert main(["explain", "past-best", "--language", "zh"]) == 0
    head, page = capsys.readouterr().out.split("# past-best")
    severity, stage, *parts = head.split("\n\n")[1].splitlines()
    assert (severity, stage) == ("严重程度：警告", "阶段：训练轮数")
    assert len(parts) == 4
    assert all(HAN.search(part) for part in parts)
    assert "{" not in head
    assert "以下文档页为英文" in head
    assert not HAN.search(page)


def test_the_english_page_of_a_rule_has_no_head(capsys: Capture) -> None:
    assert main(["explain", "past-best"]) == 0
    assert capsys.readouterr().out.startswith("# past-best")


def test_json_is_the_same_in_every_language(capsys: Capture) -> None:
    english = report(capsys, "--format", "json")
    assert report(capsys, "--format", "json", "--language", "zh") == english


@pytest.mark.parametrize("form", ["terminal", "html", "markdown", "bitbucket", "junit", "github"])
def test_a_saved_report_is_shown_in_either_language(capsys: Capture, form: str) -> None:
    report(capsys, "--language", "zh", "--format", "json", "-o", "report.json")
    for language in ("zh", "en"):
        choice = ("--format", form, "--language", language)
        now = report(capsys, *choice)
        assert main(["render", "report.json", *choice]) == 0
        assert capsys.readouterr().out == now
        assert bool(HAN.search(now)) == (language == "zh")


def test_the_page_says_which_language_it_is_in(capsys: Capture) -> None:
    page = report(capsys, "--format", "html", "--language", "zh")
    assert '<html lang="zh-Hans">' in page
    assert "已复制" in page
    assert '<html lang="en">' in report(capsys, "--format", "html")


def test_wide_characters_fit_the_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = report(capsys, "--language", "zh").splitlines()
    assert max(map(cell_len, lines)) <= 60
    assert any(cell_len(line) > len(line) for line in lines)


def test_the_findings_are_numbered_and_named_as_in_english(capsys: Capture) -> None:
    found = json.loads(report(capsys, "--format", "json"))
    page = report(capsys, "--format", "html", "--language", "zh")
    leading = {hypothesis["finding"] for d in found["diagnoses"] for hypothesis in d["hypotheses"]}
    assert all(f'id="{identifier}"' in page for identifier in leading)
