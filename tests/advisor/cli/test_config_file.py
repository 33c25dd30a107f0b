from __future__ import annotations

from pathlib import Path

import pytest

from advisor.cli import main
from advisor.report import Report
from tests.support import ROOT

DIVERGED = str(ROOT / "examples" / "recorded" / "digits-mlp-diverged")
SETTINGS = "# of the digits\ndata: digits\noptimizer:\n  name: sgd\n  learning_rate: 0.6\n"
WHERE = "train.yaml:5"

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "train.yaml").write_text(SETTINGS, encoding="utf-8")


def _run(*more: str) -> int:
    return main(["run", DIVERGED, "--config-file", "train.yaml", *more])


@pytest.mark.parametrize("form", ["terminal", "markdown", "gitlab", "bitbucket", "html"])
def test_the_line_to_edit_stands_at_the_head_of_the_change(form: str, capsys: Capture) -> None:
    assert _run("--format", form) == 1
    assert f"@@ {WHERE} @@" in capsys.readouterr().out


def test_the_line_to_edit_is_in_the_report_and_stays_in_what_is_made_of_it(capsys: Capture) -> None:
    _run("--format", "json", "-o", "report.json")
    report = Report.from_json(Path("report.json").read_bytes())
    places = {c.place.text for f in report.findings for c in f.changes if c.place}
    assert places == {WHERE, "train.yaml:4"}
    capsys.readouterr()
    main(["render", "report.json", "--format", "markdown"])
    assert WHERE in capsys.readouterr().out


def test_several_files_are_looked_through(capsys: Capture) -> None:
    Path("data.json").write_text('{"augment": true}', encoding="utf-8")
    _run("--config-file", "data.json", "--config-file", "train.yaml")
    assert WHERE in capsys.readouterr().out


def test_a_line_that_could_be_two_is_not_named(capsys: Capture) -> None:
    Path("other.yaml").write_text("learning_rate: 0.6\n", encoding="utf-8")
    _run("--config-file", "other.yaml")
    assert "@@" not in capsys.readouterr().out


def test_a_file_that_cannot_be_read_ends_the_command_before_the_logs_are_read(
    capsys: Capture,
) -> None:
    Path("train.yaml").write_text("a: [1\n", encoding="utf-8")
    assert _run() == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("advisor: --config-file train.yaml: not YAML at line 2")
