"""What several commands do: find logs and settings, load plugins, show progress."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from advisor.catalogues import load_catalogue
from advisor.claims import Filters
from advisor.engine import Analysis, Request
from advisor.engine import Progress as OnProgress
from advisor.errors import UsageError
from advisor.language import LANGUAGES, speak
from advisor.manager import Plugins, load_plugins
from advisor.presentation import runs_phrase
from advisor.report import Report
from advisor.settings import Settings, check_plugin_file, find_settings, load_settings
from advisor.text import clean

LANGUAGE = "ADVISOR_LANGUAGE"
"""The environment variable that says in which language to report, if no option does."""

USUAL_PLACES = ("runs", "lightning_logs", "wandb", "mlruns")
"""Where loggers write unless told otherwise."""

LONGEST_LINE = 4000
"""Characters of a line that are shown."""

PATIENCE = 1.0
"""Seconds after which progress is shown."""

_SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def say(text: str) -> None:
    """Write a line for a person, on stderr; what a log put into it steers no terminal."""
    print(clean(text, LONGEST_LINE), file=sys.stderr)  # noqa: T201  # this is the command line


def request(options: argparse.Namespace) -> Request:
    """Return what to analyze."""
    filters = Filters(_moment(options.newer_than), options.last, options.runs)
    return Request(_logs(options.logs), filters)


def _logs(given: Sequence[str]) -> tuple[Path, ...]:
    if given:
        return tuple(Path(path) for path in given)
    found = tuple(Path(place) for place in USUAL_PLACES if Path(place).is_dir())
    if not found:
        places = ", ".join(USUAL_PLACES)
        raise UsageError(f"no LOGS given, and none of {places} is here; name a directory or file")
    say(f"advisor: looking in {', '.join(f'{path}/' for path in found)}")
    return found


def _moment(text: str | None) -> float | None:
    if text is None:
        return None
    span = re.fullmatch(r"(\d+(?:\.\d+)?)([mhdw])", text)
    if span:
        return time.time() - float(span[1]) * _SECONDS[span[2]]
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(
            f"--newer-than: {text!r} is neither a date such as 2026-11-20 nor a span such as 12h"
        ) from error


def settings(options: argparse.Namespace, logs: Sequence[Path] = ()) -> Settings:
    """Return the settings, with the command line's options before them."""
    base = load_settings(Path(options.config) if options.config else _nearest(logs))
    given = {
        name: tuple(value) if isinstance(value, list) else value
        for name in (
            "select",
            "ignore",
            "fail_on",
            "strict",
            "objective",
            "jobs",
            "show_secrets",
            "cache",
            "language",
        )
        if (value := getattr(options, name, None)) is not None
    }
    given.setdefault("language", _language())
    return base.with_options(plugins=(*base.plugins, *_files(options.plugin)) or None, **given)


def _language() -> str | None:
    """Return what the environment asks for; its options and settings are elsewhere."""
    chosen = os.environ.get(LANGUAGE) or None
    if chosen is not None and chosen not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise UsageError(f"{LANGUAGE}: there is no language {chosen!r}; known: {known}")
    return chosen


def _nearest(logs: Sequence[Path]) -> Path | None:
    here = Path.cwd()
    trusted, nearest = find_settings(here, logs), find_settings(here, ())
    if nearest != trusted:
        say(f"advisor: {nearest} lies below LOGS and is not used; --config {nearest} uses it")
    return trusted


def _files(given: Sequence[str]) -> Iterator[str]:
    for file in given:
        check_plugin_file(Path(file), f"--plugin {file}")
        yield file


def plugins(chosen: Settings) -> Plugins:
    """Load the plugins, say on stderr what is wrong with any, and speak the chosen language."""
    loaded = load_plugins(chosen.plugins)
    speak(load_catalogue(chosen.language, loaded.translations.values()))
    for problem in loaded.problems:
        say(f"advisor: {problem.where} {problem.what}; {problem.cure}")
    return loaded


def complain(analysis: Analysis, readers: Iterable[str]) -> None:
    """Say on stderr what could not be read, and who failed.

    Raises ``UsageError`` if no run is left.
    """
    for line in complaints(analysis.report):
        say(line)
    if not analysis.report.runs:
        raise UsageError(nothing_read(analysis, readers))


def complaints(report: Report) -> Iterator[str]:
    """Yield what could not be read, and who failed, a line each."""
    for refused in report.refused:
        yield f"advisor: {refused.path}: {refused.reason}; {refused.cure}"
    for status in report.statuses:
        if status.outcome == "error" and status.reason:
            yield f"advisor: rule {status.rule}: {status.reason.text} ({runs_phrase(status.runs)})"
    for problem in report.problems:
        if not problem.where.startswith("plugin "):
            yield f"advisor: {problem.where} {problem.what}; {problem.cure}"


def nothing_read(analysis: Analysis, readers: Iterable[str]) -> str:
    """Say why no run is left, and what to do."""
    where = clean(analysis.report.title)
    if analysis.found.passed_over:
        left_out = f"all {analysis.found.passed_over:,} logs found there are older"
        return f"{where}: {left_out}; choose another --newer-than"
    if analysis.report.refused:
        return f"{where}: no run could be read; what to do is said above, for each file"
    if analysis.found.tasks:
        return f"{where}: no run's name matches --runs; `advisor inspect` lists the names"
    return (
        f"{where}: no training log was recognized (advisor reads {', '.join(sorted(readers))}); "
        "name the directory that your logger writes to"
    )


@contextmanager
def progress() -> Iterator[OnProgress]:
    """Show progress on stderr for what takes longer than a second, if a person is watching."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (TextColumn("reading and judging"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=console, transient=True)
    task = bar.add_task("")
    begun = time.monotonic()

    def report(done: int, total: int) -> None:
        if time.monotonic() - begun > PATIENCE:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield report
    finally:
        bar.stop()
