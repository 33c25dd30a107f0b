"""Reading and judging one claim, in whichever process this is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Protocol

from advisor.cache import Cache, folder
from advisor.execution.base import ClaimResult, Plan, RunResult, Task
from advisor.judge import judge
from advisor.limits import FAULTS, describe, time_limit
from advisor.manager import Plugins, load_plugins
from advisor.notes import Note, while_growing
from advisor.reader import Claim, Reader, Unreadable
from advisor.report import Refused
from advisor.rule import Rule
from advisor.run import Run
from advisor.selection import select_rules
from advisor.summary import summarize, windows
from advisor.understand import understand
from advisor.view import Judged

Started = Callable[[str, str], None]
"""Called before work begins with its run and rule: both empty for reading, no rule for ours."""


class Kept(Protocol):
    """Who knows what was read before: the cache on disk, or what one process remembers."""

    def runs(self, reader: Reader, claim: Claim) -> Iterable[Run]:
        """Return the runs of a claim as they are now. Raises what the reader raises."""
        ...


class Worker:
    """The plugins and rules of one process, built once and used for many claims."""

    def __init__(
        self, plan: Plan, plugins: Plugins | None = None, kept: Kept | None = None
    ) -> None:
        self._plan = plan
        self._plugins = plugins or load_plugins(plan.settings.plugins)
        chosen = select_rules(self._plugins.rules, plan.settings)
        self._rules = tuple(rule for rule in chosen if isinstance(rule, Rule))
        place = folder() if plan.settings.cache else None
        self._kept = kept or (Cache(place) if place else None)

    def work(self, task: Task, started: Started) -> ClaimResult:
        """Read and judge a claim. Whatever goes wrong becomes part of the result."""
        started("", "")
        try:
            with time_limit(self._plan.settings.read_seconds):
                runs = list(self._read(task))
        except Unreadable as error:
            return refusal(task, error.file, error.reason, error.cure)
        except FAULTS as error:
            reason = f"the reader {task.claim.reader} failed: {describe(error)}"
            return refusal(task, task.claim.files[0], reason, BROKEN_READER)
        return ClaimResult(
            runs=tuple(self._judge(run, task.failed.get(run.name, {}), started) for run in runs)
        )

    def _read(self, task: Task) -> Iterator[Run]:
        reader = self._plugins.readers[task.claim.reader]
        kept = self._kept if reader.name in self._plugins.builtin_readers else None
        for run in kept.runs(reader, task.claim) if kept else reader.read(task.claim):
            named = replace(run, name=task.named(run.name), notes=_notes(run, task))
            if self._plan.runs is None or fnmatchcase(named.name, self._plan.runs):
                yield named

    def _judge(self, run: Run, failed: dict[str, str], started: Started) -> RunResult:
        settings = self._plan.settings
        started(run.name, "")
        understanding = understand(
            run, names=self._plugins.roles, aliases=settings.roles, objective=settings.objective
        )
        judged = Judged(run, understanding)
        outcomes = judge(
            judged,
            self._rules,
            seconds=settings.rule_seconds,
            started=lambda rule: started(run.name, rule),
            failed=failed,
        )
        # What follows is no rule's work: the last one must not be blamed for it.
        started(run.name, "")
        findings = tuple(finding for outcome in outcomes for finding in outcome.findings)
        return RunResult(
            summary=summarize(judged, findings, self._plan.buckets),
            outcomes=outcomes,
            windows=windows(judged, findings),
        )


def _notes(run: Run, task: Task) -> tuple[Note, ...]:
    return while_growing(run.notes, task.growing) if task.growing else run.notes


BROKEN_READER = "report it to the reader's author; the other runs are not affected"


def refusal(task: Task, path: str, reason: str, cure: str) -> ClaimResult:
    """Say that a file of a task gave no run."""
    return ClaimResult(refused=(Refused(path=task.named(path), reason=reason, cure=cure),))
