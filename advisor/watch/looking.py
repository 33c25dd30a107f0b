"""One look after the other at the same logs, by the engine, doing only what changed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from advisor.caching.cache import Cache, folder
from advisor.engine import Analysis, Progress, Request, analyze, choose_executor
from advisor.execution import ClaimExecutor, KeepingExecutor, Memories, SerialExecutor, Task
from advisor.manager import Plugins
from advisor.settings import Settings
from advisor.walk import walk

QUIET = 600.0
"""Seconds without a word after which a file counts as no longer written: the longest flush of a
logger is two minutes (torch's ``SummaryWriter``), and many log once an epoch."""

Sight = tuple[tuple[str, int, float, bool], ...]
"""Of each file: its path, its size in bytes, when it was written to, and whether it still is."""


class Looker:
    """Judges logs whenever they changed.

    The first look at any logs is that of ``advisor run``, with as many processes. What grows
    after it is gone on with in this process, unless code that is not built in takes part.
    """

    def __init__(
        self, request: Request, settings: Settings, plugins: Plugins, *, quiet: float = QUIET
    ) -> None:
        self._request, self._settings, self._plugins = request, settings, plugins
        self._quiet = quiet
        place = folder() if settings.cache else None
        self._memories = Memories(Cache(place) if place else None)
        self._executor = KeepingExecutor(self._chosen, plugins.builtin_readers)
        self._seen: Sight | None = None
        self._begun = False

    def look(self, progress: Progress = lambda _done, _all: None) -> Analysis | None:
        """Judge the logs as they are now; ``None`` if nothing changed since the last look.

        Raises ``UsageError`` as the engine does; the next look is then as if this had not been.
        """
        since = time.time() - self._quiet
        sight = tuple(_sight(self._request.logs, since))
        if sight == self._seen:
            return None
        request = replace(self._request, growing_since=since)
        analysis = analyze(
            request, self._settings, self._plugins, executor=self._executor, progress=progress
        )
        self._seen = sight
        return analysis

    def _chosen(self, tasks: Sequence[Task]) -> ClaimExecutor:
        if self._begun and not self._plugins.foreign:
            return SerialExecutor(self._plugins, self._memories)
        self._begun = bool(tasks)
        return choose_executor(self._settings, self._plugins, tasks)


def _sight(logs: Sequence[Path], since: float) -> Iterator[tuple[str, int, float, bool]]:
    """Look at the names, sizes and times of all files; what cannot be opened counts as well."""
    for path in logs:
        try:
            listing = walk(path)
        except OSError:
            continue  # the engine says what is wrong with it
        for file in listing.files:
            yield str(file.absolute), file.size, file.modified, file.modified > since
        for skipped in listing.skipped:
            yield f"{path}/{skipped.path}: {skipped.reason}", 0, 0.0, False
