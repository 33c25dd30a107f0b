"""``advisor run``: read logs, judge the runs, and report."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import sys
import time
from pathlib import Path

from advisor.cli import FINDINGS, OK, USAGE, common
from advisor.cli.beside import beside
from advisor.cli.settling import probed, to_verify
from advisor.composing.output import Output, plan_outputs, write_file
from advisor.engine import analyze
from advisor.finding import Severity
from advisor.language import tell
from advisor.presentation.comparison import new_findings
from advisor.renderer import FitsTerminal, Renderer
from advisor.report import Report
from advisor.settings import FailOn

TERMINAL = "terminal"
_NEW = "new-"


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    times = {"start": time.perf_counter()}
    request = common.request(options)
    settings = common.settings(options, request.logs)
    plugins = common.plugins(settings)
    outputs = plan_outputs(options.format or [], options.output, plugins.renderers)
    given = beside(options, settings, plugins)
    verification = to_verify(options)
    times["plugins"] = time.perf_counter()
    with common.progress() as progress:
        analysis = analyze(request, settings, plugins, progress=progress)
    times["analysis"] = time.perf_counter()
    report = probed(analysis.report, options, verification, settings, plugins)
    report = given.complete(report)
    show(report, outputs, plugins.renderers[TERMINAL])
    times["reports"] = time.perf_counter()
    if options.profile:
        _write_profile(Path(options.profile), times)
    common.complain(analysis, plugins.readers)
    return exit_code(report, settings.fail_on, strict=settings.strict)


def show(report: Report, outputs: tuple[Output, ...], terminal: Renderer) -> None:
    """Write the outputs; a person at the terminal also gets the short form and the paths."""
    if all(output.path is not None for output in outputs):
        outputs = (Output(terminal, None), *outputs)
    for output in outputs:
        text = _fitted(output.renderer).render(report)
        if output.path is None:
            sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        else:
            write_file(output.path, text)
    for output in outputs:
        if output.path is not None:
            text = "{format:given} report: {path:given}"
            said = tell(text, format=output.renderer.name, path=str(output.path))
            sys.stdout.write(f"{said}\n")


def _fitted(renderer: Renderer) -> Renderer:
    """Give a renderer for the terminal its width and whether it may use colour."""
    if not isinstance(renderer, FitsTerminal):
        return renderer
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return renderer.fitted(width=shutil.get_terminal_size((100, 24)).columns, color=color)


def exit_code(report: Report, fail_on: FailOn, *, strict: bool) -> int:
    """Return 2 for what could not be read under ``strict``, 1 for findings, else 0."""
    if strict and report.refused:
        return USAGE
    return FINDINGS if _found(report, fail_on) else OK


def _found(report: Report, fail_on: FailOn) -> bool:
    if fail_on == "never":
        return False
    among = new_findings(report) if fail_on.startswith(_NEW) else report.findings
    least = Severity(fail_on.removeprefix(_NEW))
    return any(finding.severity.rank <= least.rank for finding in among)


def _write_profile(path: Path, times: dict[str, float]) -> None:
    moments = list(times.items())
    spent = {
        name: round(moment - before, 4)
        for (_, before), (name, moment) in itertools.pairwise(moments)
    }
    write_file(path, json.dumps({"seconds": spent}, indent=1) + "\n")
