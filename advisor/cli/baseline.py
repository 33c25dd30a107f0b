"""``--baseline``: the earlier report, saved or made anew from the earlier logs."""

from __future__ import annotations

from pathlib import Path

from advisor.claims import Filters
from advisor.cli import common
from advisor.engine import Request, analyze
from advisor.errors import UsageError, system_reason
from advisor.language import tell
from advisor.manager import Plugins
from advisor.report import Report
from advisor.report.redact import redact
from advisor.report.saved import is_report, load
from advisor.settings import Settings


def load_baseline(path: Path, runs: str | None, settings: Settings, plugins: Plugins) -> Report:
    """Return the report to compare with; ``runs`` is the pattern of ``--runs``.

    A file that begins as a report does is one; all else are logs, which are judged as the
    others are. Raises ``UsageError``.
    """
    try:
        report = load(path) if is_report(path) else _judged(path, runs, settings, plugins)
    except UsageError as error:
        raise UsageError("--baseline: {what:sentence}", what=error) from error
    except OSError as error:
        text = "--baseline: {path:given}: cannot be read: {why:given}"
        raise UsageError(text, path=path, why=system_reason(error)) from error
    if not report.runs:
        raise UsageError(_EMPTY, path=path)
    return report if settings.show_secrets else redact(report)


_EMPTY = (
    "--baseline: {path:given}: it holds no run that could be read; give a report that `advisor run "
    "--format json` wrote, or the logs of the earlier runs"
)


def _judged(path: Path, runs: str | None, settings: Settings, plugins: Plugins) -> Report:
    with common.progress() as progress:
        request = Request((path,), Filters(runs=runs))
        analysis = analyze(request, settings, plugins, progress=progress)
    for refused in analysis.report.refused:
        text = "baseline: {what:sentence}"
        common.say(f"advisor: {tell(text, what=common.unread(refused))}")
    return analysis.report
