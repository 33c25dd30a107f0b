"""What advisor says of the example runs: nothing of the healthy ones, the fault of the others."""

from __future__ import annotations

import csv

import pytest

from advisor.api import analyze
from advisor.finding import Severity
from advisor.report import Diagnosis, Report
from tests.examples.test_recorded import RECORDED


@pytest.fixture(scope="module")
def report() -> Report:
    return analyze(RECORDED)


def manifest() -> list[dict[str, str]]:
    with (RECORDED / "manifest.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def diagnoses(report: Report, run: str) -> list[Diagnosis]:
    """Return what is said of a run, apart from asides about its log."""
    return [
        diagnosis
        for diagnosis in report.diagnoses
        if not diagnosis.aside and any(f"{name}/".startswith(f"{run}/") for name in diagnosis.runs)
    ]


@pytest.mark.parametrize("row", manifest(), ids=lambda row: row["run"])
def test_a_run_is_diagnosed_as_what_it_is(report: Report, row: dict[str, str]) -> None:
    said = diagnoses(report, row["run"])
    if row["condition"] == "healthy":
        # What measurement made a note was a false alarm all the same.
        leading = [report.finding(diagnosis.leading) for diagnosis in said]
        assert {s for f in leading for s in (f.severity, f.meant or f.severity)} <= {Severity.NOTE}
    else:
        assert said[0].hypotheses[0].rule in (row["condition"], row["also"])


def test_a_run_with_a_nan_is_diagnosed_once_with_its_consequences_beneath(report: Report) -> None:
    (diagnosis,) = diagnoses(report, "diabetes-linear-nan")
    assert diagnosis.hypotheses[0].rule == "loss-not-finite"
    assert diagnosis.consequences
