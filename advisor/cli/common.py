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

from advisor.claims import Filters
from advisor.cli import LANGUAGE
from advisor.engine import Analysis, Request
from advisor.engine import Progress as OnProgress
from advisor.errors import UsageError
from advisor.language import LANGUAGES, shown, speak, tell, word
from advisor.manager import Plugins, load_plugins
from advisor.presentation import runs_phrase
from advisor.report import Problem, Refused, Report
from advisor.settings import Settings, check_plugin_file, find_settings, load_settings
from advisor.text import LONGEST_LINE, clean
from advisor.wording.catalogues import load_catalogue

USUAL_PLACES = ("runs", "lightning_logs", "wandb", "mlruns")
"""Where loggers write unless told otherwise."""

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
        text = "no LOGS given, and none of {places:given} is here; name a directory or file"
        raise UsageError(text, places=places)
    places = word(", ").join(f"{path}/" for path in found)
    say(f"advisor: {tell('looking in {places:given}', places=places)}")
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
            "--newer-than: '{text:given}' is neither a date such as 2026-11-20 nor a span such as "
            "12h",
            text=text,
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
            "executor",
            "show_secrets",
            "cache",
            "language",
        )
        if (value := getattr(options, name, None)) is not None
    }
    given.setdefault("language", _language())
    chosen = base.with_options(**given)
    speak(load_catalogue(chosen.language))
    return chosen.with_options(plugins=(*base.plugins, *_files(options.plugin)) or None)


def _language() -> str | None:
    """Return what the environment asks for; its options and settings are elsewhere."""
    chosen = os.environ.get(LANGUAGE) or None
    if chosen is not None and chosen not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        text = "{where:given}: there is no language '{chosen:given}'; known: {known:given}"
        raise UsageError(text, where=LANGUAGE, chosen=chosen, known=known)
    return chosen


def _nearest(logs: Sequence[Path]) -> Path | None:
    here = Path.cwd()
    trusted, nearest = find_settings(here, logs), find_settings(here, ())
    if nearest != trusted:
        text = "{file:given} lies below LOGS and is not used; --config {file:given} uses it"
        say(f"advisor: {tell(text, file=str(nearest))}")
    return trusted


def _files(given: Sequence[str]) -> Iterator[str]:
    for file in given:
        check_plugin_file(Path(file), f"--plugin {file}")
        yield file


def plugins(chosen: Settings) -> Plugins:
    """Load the plugins, say on stderr what is wrong with any, and speak as they are translated."""
    loaded = load_plugins(chosen.plugins)
    speak(load_catalogue(chosen.language, loaded.translations.values()))
    for problem in loaded.problems:
        say(f"advisor: {_mended(problem)}")
    return loaded


def complain(analysis: Analysis, readers: Iterable[str]) -> None:
    """Say on stderr what could not be read, and who failed.

    Raises ``UsageError`` if no run is left.
    """
    for line in complaints(analysis.report):
        say(line)
    if not analysis.report.runs:
        raise UsageError("{what:sentence}", what=nothing_read(analysis, readers))


def complaints(report: Report) -> Iterator[str]:
    """Yield what could not be read, and who failed, a line each."""
    for refused in report.refused:
        yield f"advisor: {unread(refused)}"
    for status in report.statuses:
        if status.outcome == "error" and status.reason:
            text = "rule {rule:given}: {reason:sentence} ({runs:sentence})"
            runs = runs_phrase(status.runs)
            yield f"advisor: {tell(text, rule=status.rule, reason=status.reason, runs=runs)}"
    for problem in report.problems:
        if not problem.where.startswith("plugin "):
            yield f"advisor: {_mended(problem)}"


def unread(refused: Refused) -> str:
    """Say of a file why it gave no run, and what to do."""
    text = "{path:given}: {reason:sentence}; {cure:sentence}"
    reason, cure = shown(refused.reason), shown(refused.cure)
    return tell(text, path=refused.path, reason=reason, cure=cure)


def _mended(problem: Problem) -> str:
    text = "{where:sentence} {what:sentence}; {cure:sentence}"
    what, cure = shown(problem.what), shown(problem.cure)
    return tell(text, where=problem.where, what=what, cure=cure)


def nothing_read(analysis: Analysis, readers: Iterable[str]) -> str:
    """Say why no run is left, and what to do."""
    where = clean(analysis.report.title)
    if analysis.found.passed_over:
        text = "{where:given}: all {n:step} logs found there are older; choose another --newer-than"
        return tell(text, where=where, n=analysis.found.passed_over)
    if analysis.report.refused:
        text = "{where:given}: no run could be read; what to do is said above, for each file"
        return tell(text, where=where)
    if analysis.found.tasks:
        text = "{where:given}: no run's name matches --runs; `advisor inspect` lists the names"
        return tell(text, where=where)
    return tell(
        "{where:given}: no training log was recognized (advisor reads {readers:given}); "
        "name the directory that your logger writes to",
        where=where,
        readers=", ".join(sorted(readers)),
    )


@contextmanager
def progress() -> Iterator[OnProgress]:
    """Show progress on stderr for what takes longer than a second, if a person is watching."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (TextColumn(word("reading and judging")), BarColumn(), MofNCompleteColumn())
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
