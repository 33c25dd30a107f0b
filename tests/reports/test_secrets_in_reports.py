"""A secret in the settings of a run stands in no format, however it got there."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.api import analyze
from advisor.manager import load_plugins
from advisor.report import Report
from advisor.report.enclosed import is_page, taken_out
from tests.support import write_csv_run

PLANTED = {
    "api_key": "hunter2-of-the-key",
    "db.password": "correct-horse-battery",
    "tracking_uri": "https://ann:s3cr3t-word@tracking.example.org/x",
    "note": "ask bob.planted@example.org",
    "env.AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
    "data": "/home/planted-user/data",
}
SAID = (
    *("hunter2-of-the-key", "correct-horse-battery", "s3cr3t-word", "bob.planted"),
    *("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY", "planted-user"),
)


def run(folder: Path, rate: float) -> None:
    """A run whose settings hold all of them."""
    write_csv_run(folder)
    lines = [f"lr: {rate}", *(f"{key}: {value}-{rate}" for key, value in PLANTED.items())]
    (folder / "hparams.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report that is held against a baseline with other secrets."""
    folder = tmp_path_factory.mktemp("secrets")
    for name, rate in (("then", 0.1), ("now", 0.2)):
        run(folder / name / "one", rate)
    return analyze(folder / "now", baseline=folder / "then")


@pytest.mark.parametrize("name", sorted(load_plugins().renderers))
def test_no_planted_secret_is_in_a_format(report: Report, name: str) -> None:
    text = load_plugins().renderers[name].render(report)
    held = taken_out(text.encode()) if is_page(text.encode()[:99]) else ""
    assert [secret for secret in SAID if secret in text or secret in held] == []


def test_the_settings_themselves_are_in_the_report(report: Report) -> None:
    assert set(PLANTED) <= set(report.runs[0].config)
    assert report.comparison is not None
    assert "lr" in {one.setting for one in report.comparison.scores[0].settings}
