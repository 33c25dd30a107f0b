"""Does one training: trains it if that is not done yet, writes its logs, and asks advisor."""

from __future__ import annotations

import contextlib
import io
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from advisor.engine import Request, analyze
from advisor.execution import SerialExecutor
from advisor.manager import Plugins, load_plugins
from advisor.report import Report
from advisor.settings import Settings
from benchmarks.diagnosis.logs import Form, damaged, forms, write
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.training import Floats, train

Row = dict[str, Any]
"""What advisor said of one log."""


@dataclass(frozen=True, slots=True)
class Task:
    """One training; ``number`` turns the forms of its logs."""

    setup: Setup
    number: int
    judged: bool
    damaged: bool
    folder: Path


def work(task: Task) -> list[Row]:
    """Train, write and judge; return a row for each log."""
    arrays = trained(task.setup, task.folder)
    if not task.judged:
        return []
    copies = [*forms(task.setup, task.number)]
    if task.damaged:
        copies += [form for copy in copies for form in damaged(copy)]
    return list(_rows(task, arrays, copies))


def trained(setup: Setup, folder: Path) -> dict[str, Floats]:
    """Return what a training measured, from its file if it was trained before."""
    file = folder / "trainings" / f"{setup.id}.npz"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".partial")
        with partial.open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **train(setup).arrays())
        partial.rename(file)
    with np.load(file) as stored:
        return dict(stored)


def _rows(task: Task, arrays: dict[str, Floats], copies: Iterable[Form]) -> Iterable[Row]:
    for form in copies:
        folder = task.folder / "logs" / task.setup.id / form.name
        shutil.rmtree(folder, ignore_errors=True)
        write(folder, task.setup, arrays, form)
        yield {"id": task.setup.id, "log": form.name, "form": asdict(form), **ask(folder)}


def ask(folder: Path) -> Row:
    """Return what advisor says of the log in a folder: findings, and diagnoses in order."""
    with contextlib.redirect_stderr(io.StringIO()):
        settings, plugins = Settings(show_secrets=True), _plugins()
        request = Request((folder,))
        report = analyze(request, settings, plugins, executor=SerialExecutor(plugins)).report
    return {
        "runs": len(report.runs),
        "findings": [_finding(report, i) for i in range(len(report.findings))],
        "diagnoses": [
            {
                "severity": d.severity.value,
                "aside": d.aside,
                "rules": [h.rule for h in d.hypotheses],
            }
            for d in report.diagnoses
        ],
        "errors": sorted({s.rule for s in report.statuses if s.outcome == "error"}),
    }


def _finding(report: Report, index: int) -> Row:
    finding = report.findings[index]
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": round(finding.confidence, 3),
        "evidence": finding.advice.evidence.text,
    }


@cache
def _plugins() -> Plugins:
    return load_plugins()
