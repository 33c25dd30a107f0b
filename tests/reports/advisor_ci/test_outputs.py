from __future__ import annotations

from pathlib import Path

import pytest

from advisor.report import Report
from advisor_ci.outputs import main
from tests.sample_report import hostile_report, quiet_report, sample_report

NAMES = ["verdict", "severity", "errors", "warnings", "notes", "new"]


def outputs(report: Report, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    (folder / "r.json").write_text(report.to_json(), encoding="utf-8")
    assert main([str(folder / "r.json")]) == 0
    lines = capsys.readouterr().out.splitlines()
    pairs = [line.partition("=") for line in lines]
    assert [name for name, _, _ in pairs] == NAMES
    return {name: value for name, _, value in pairs}


def test_the_outputs_are_the_verdict_and_the_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outputs(sample_report(), tmp_path, capsys) == {
        "verdict": "1 of 7 runs diverged and 1 overfitted; 3 learn too slowly.",
        "severity": "error",
        "errors": "2",
        "warnings": "3",
        "notes": "1",
        "new": "",
    }
    assert outputs(quiet_report(), tmp_path, capsys)["severity"] == "none"


def test_no_name_makes_an_output_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outputs(hostile_report(), tmp_path, capsys)["errors"] == "12"
