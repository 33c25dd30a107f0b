"""Asks advisor about logs, and writes a row for each: what it said beside what is true."""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from advisor.engine import Request, analyze
from advisor.execution import SerialExecutor
from advisor.manager import Plugins, load_plugins
from advisor.report import Report
from advisor.settings import Settings
from benchmarks.diagnosis.stored import Log
from benchmarks.diagnosis.sweeps import Sweep
from benchmarks.diagnosis.truth import Results

Row = dict[str, Any]
"""The fields of a ``Label``, and what ``ask`` returns."""


def rows(logs: Iterable[Log], jobs: int) -> Iterator[Row]:
    """Yield a row for each log, in their order."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.diagnosis.judge"])
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        yield from pool.map(_row, logs, chunksize=16)


def sweep_rows(found: Iterable[Sweep], folder: Path, results: Results) -> Iterator[Row]:
    """Yield a row for each sweep, of which a log for each run is written below ``folder``."""
    for sweep in found:
        about = {"sweep": sweep.name, "kind": sweep.kind, "holds": sweep.holds}
        yield about | ask(sweep.written(folder, results))


def write_rows(file: Path, found: Iterable[Row]) -> None:
    """Write one JSON object a line."""
    file.write_text("".join(json.dumps(row, allow_nan=False) + "\n" for row in found))


def _row(log: Log) -> Row:
    label = asdict(log.label) | {"grain": log.label.grain}
    return label | {"log": log.label.form.name} | ask(log.written())


def ask(folder: Path) -> Row:
    """Return what advisor says of the logs in a folder.

    ``statuses`` holds the outcome of each rule, ``findings`` all of them, and ``diagnoses``
    the rules of each diagnosis, the leading one first, and what else it may be (``also``).
    ``meant`` and ``estimate`` are the severity and the confidence that the rule gave, before
    measurement had its say.
    """
    with contextlib.redirect_stderr(io.StringIO()):
        settings, plugins = Settings(show_secrets=True), _plugins()
        request = Request((folder,))
        report = analyze(request, settings, plugins, executor=SerialExecutor(plugins)).report
    return {
        "runs": len(report.runs),
        "statuses": {status.rule: status.outcome for status in report.statuses},
        "findings": [_finding(report, i) for i in range(len(report.findings))],
        "diagnoses": [
            {
                "severity": d.severity.value,
                "rules": [h.rule for h in d.hypotheses],
                "also": [cause.name for cause in d.also],
            }
            for d in report.diagnoses
            if not d.aside
        ],
    }


def _finding(report: Report, index: int) -> Row:
    finding = report.findings[index]
    estimate = finding.confidence if finding.estimate is None else finding.estimate
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "meant": (finding.meant or finding.severity).value,
        "confidence": round(finding.confidence, 3),
        "estimate": round(estimate, 3),
        "evidence": finding.advice.evidence.text,
    }


@cache
def _plugins() -> Plugins:
    return load_plugins()
