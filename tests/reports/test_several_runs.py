"""Whose numbers an entry on several runs says: those of the run that it names."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from advisor.api import analyze
from advisor.manager import load_plugins
from advisor.presentation import entries
from advisor.report import Report
from tests.support import write_csv_run


def diverged(folder: Path, *columns: str, **rates: float) -> Report:
    """Report on runs that diverged at these rates, by name; more ``columns`` rose as the loss."""
    x = np.linspace(0.0, 1.0, 60)
    loss = 2.0 * np.exp(-8.0 * x) + 0.2 + 1.5 * (x > 0.6)
    for name, rate in rates.items():
        logged = {"train_loss": loss.tolist()} | {tag: (10 * loss).tolist() for tag in columns}
        write_csv_run(folder / name, step=np.arange(60.0).tolist(), **logged)
        config = json.dumps({"lr": rate, "optimizer": "sgd"})
        (folder / name / "config.json").write_text(config, encoding="utf-8")
    return analyze(folder)


def test_an_order_that_differs_between_runs_names_the_run_that_it_is_for(tmp_path: Path) -> None:
    report = diverged(tmp_path, a=0.3, b=0.5)
    entry = next(entry for entry in entries(report) if entry.rule.name == "diverged")
    first = entry.runs[0]
    rate = {"a": "0.03", "b": "0.05"}[first[0]]
    assert entry.title.text == f"Lower the learning rate to {rate} (for `{first}`)"
    assert f"lower the learning rate to {rate} (for `{first}`)" in report.verdict.message.text
    assert entry.of_first.startswith(f"The numbers are those of `{first}`;")


def test_an_order_that_is_the_same_for_all_runs_names_none(tmp_path: Path) -> None:
    report = diverged(tmp_path, a=0.3, b=0.3)
    entry = next(entry for entry in entries(report) if entry.rule.name == "diverged")
    assert len(entry.runs) == 2
    assert entry.title.text == "Lower the learning rate to 0.03"
    assert entry.of_first == ""
    assert " (for " not in report.verdict.message.text


@pytest.mark.parametrize("form", ["html", "markdown", "terminal"])
def test_every_form_says_whose_numbers_it_shows(tmp_path: Path, form: str) -> None:
    report = diverged(tmp_path, a=0.3, b=0.5)
    assert "The numbers are those of" in load_plugins().renderers[form].render(report)


@pytest.mark.parametrize(
    ("tag", "said"), [("val__err_pct", "val/err_pct` (2.17%)"), ("val__mae", "val/mae` (2.17)")]
)
def test_the_next_experiment_says_the_best_value_in_its_unit(
    tmp_path: Path, tag: str, said: str
) -> None:
    experiment = diverged(tmp_path, tag, a=0.3, b=0.5).experiment
    assert experiment is not None
    assert said in experiment.why.text
