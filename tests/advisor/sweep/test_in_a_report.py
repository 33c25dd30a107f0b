from __future__ import annotations

from pathlib import Path

import pytest

from advisor.engine import Request, analyze
from advisor.manager import load_plugins
from advisor.report import Report
from advisor.settings import Settings
from tests.support import FALLING, write_csv_run

ACROSS = "search-coarse-to-fine"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder: Path = tmp_path_factory.mktemp("rates")
    for index, score in enumerate((0.5, 0.7, 0.8)):
        run = folder / f"version_{index}"
        rising = [score * (1 - loss / 4) for loss in FALLING]
        write_csv_run(run, train__loss=FALLING, val__accuracy=rising)
        (run / "hparams.yaml").write_text(f"lr: {10.0 ** (index - 4)}\n", encoding="utf-8")
    return analyze(Request((folder,)), Settings(select=(ACROSS,)), load_plugins()).report


def test_the_report_holds_the_comparison(report: Report) -> None:
    assert report.sweep is not None
    assert [row.run for row in report.sweep.rows] == ["version_2", "version_1", "version_0"]
    assert Report.from_json(report.to_json()) == report


def test_what_is_found_across_runs_is_no_runs_own_state(report: Report) -> None:
    assert [(f.rule, len(f.runs)) for f in report.findings] == [(ACROSS, 3)]
    assert next(rule for rule in report.rules if rule.name == ACROSS).across
    assert {run.severity for run in report.runs} == {None}
    assert report.experiment is not None
    assert report.experiment.run == "version_2"


def test_runs_that_record_nothing_are_not_said_to_need_a_change(tmp_path: Path) -> None:
    for index in range(3):
        write_csv_run(tmp_path / f"run_{index}{index}", train__loss=FALLING, val__loss=FALLING)
    chosen = Settings(select=("config-not-recorded",))
    report = analyze(Request((tmp_path,)), chosen, load_plugins()).report
    assert [diagnosis.aside for diagnosis in report.diagnoses] == [True]
    assert report.verdict.severity is None
