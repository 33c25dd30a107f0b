"""The Python interface: ``advisor.analyze(path)`` returns a ``Report``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from advisor.comparison import compare
from advisor.composing.notebook import framed
from advisor.engine import Request
from advisor.engine import analyze as run_engine
from advisor.errors import UsageError
from advisor.execution import PoolExecutor, SerialExecutor
from advisor.manager import load_plugins
from advisor.report import Report
from advisor.report.redact import redact
from advisor.report.saved import is_report, load
from advisor.settings import Settings, find_settings, load_settings

__all__ = ["Report", "analyze"]

PathLike = str | os.PathLike[str]

Report.display = framed


def analyze(
    logs: PathLike | Sequence[PathLike],
    *,
    objective: str | None = None,
    select: Sequence[str] | None = None,
    ignore: Sequence[str] | None = None,
    plugins: Sequence[PathLike] = (),
    settings: Settings | None = None,
    jobs: int = 1,
    baseline: Report | PathLike | None = None,
) -> Report:
    """Read the logs under one or several paths and return the report.

    Settings come from the working directory as on the command line, unless ``settings`` is
    given; the other arguments go before them. With ``jobs=1`` everything happens in this
    process. ``baseline`` is an earlier report, a file that holds one, or earlier logs, which are
    judged alike; the report's ``comparison`` says what changed. Raises ``UsageError`` for a path
    that is not there, an unknown rule, or a wrong option; broken logs are in the report and raise
    nothing.
    """
    given = [logs] if isinstance(logs, str | os.PathLike) else logs
    paths = tuple(Path(path) for path in given)
    if not paths:
        raise UsageError("no path was given")
    if jobs < 1:
        raise UsageError("jobs={jobs:given}: at least one process is needed", jobs=jobs)
    base = settings or load_settings(find_settings(Path.cwd(), paths))
    chosen = base.with_options(
        objective=objective,
        select=None if select is None else tuple(select),
        ignore=None if ignore is None else tuple(ignore),
        plugins=(*base.plugins, *(os.fspath(plugin) for plugin in plugins)) or None,
    )
    loaded = load_plugins(chosen.plugins)
    executor = SerialExecutor(loaded) if jobs == 1 else PoolExecutor(jobs)
    judge = partial(run_engine, settings=chosen, plugins=loaded, executor=executor)
    report = judge(Request(paths)).report
    if baseline is None:
        return report
    if not isinstance(baseline, Report):
        path = Path(baseline)
        baseline = load(path) if is_report(path) else judge(Request((path,))).report
    return compare(report, baseline if chosen.show_secrets else redact(baseline))
