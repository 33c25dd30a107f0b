"""Reading and judging one claim, in whichever process this is called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from posixpath import commonpath
from typing import Protocol

from advisor.caching.cache import Cache, folder
from advisor.execution.base import ClaimResult, RunResult, Task
from advisor.executor import Progress, Started
from advisor.judging.judge import judge
from advisor.judging.summarize import BUCKETS, summarize, windows
from advisor.language import term
from advisor.limits import FAULTS, OutOfTime, describe, time_limit
from advisor.manager import Plugins, load_plugins
from advisor.notes import Note, while_growing
from advisor.reader import Claim, Reader, Unreadable
from advisor.report import Refused
from advisor.rule import Rule
from advisor.run import Run
from advisor.selection import select_rules
from advisor.settings import Settings
from advisor.text import told
from advisor.understand import understand
from advisor.view import Judged


@dataclass(frozen=True, slots=True)
class Plan:
    """The work of reading and judging: all that a process needs to build its own plugins and rules.

    A part of it has neither run nor rule while claims are read, and no rule while we are at work.
    """

    settings: Settings
    runs: str | None = None
    """A pattern that the names of the runs must match."""
    buckets: int = BUCKETS
    """How many buckets a curve that may be drawn has at most."""

    @property
    def megabytes(self) -> int | None:
        """The most memory that the settings allow a worker process."""
        return self.settings.worker_megabytes

    def worker(self) -> AbstractContextManager[Worker]:
        """Make a worker, with plugins that it loads itself."""
        return nullcontext(Worker(self))

    def seconds(self, rule: str) -> float:
        """Return the longest that a rule, or all of the reading, may take."""
        return self.settings.rule_seconds if rule else self.settings.read_seconds

    def again(self, unit: Task, run: str, rule: str, how: str) -> Task | None:
        """Return a task without the rule that its worker was lost in."""
        if not rule:
            return None
        failed = {name: dict(rules) for name, rules in unit.failed.items()}
        failed.setdefault(run, {})[rule] = how
        return replace(unit, failed=failed)

    def given_up(self, unit: Task, how: str) -> ClaimResult:
        """Say that the reader of a task lost its worker."""
        reason = told(
            "the reader {name:given} was given up: it {how:text}", name=unit.claim.reader, how=how
        )
        return refusal(unit, _log(unit), reason, SLOW_READER)


class ClaimExecutor(Protocol):
    """What carries out the reading: any executor, or what knows more of claims than those do."""

    def run(
        self, plan: Plan, tasks: Sequence[Task], progress: Progress, /
    ) -> Iterator[ClaimResult]:
        """Carry out the tasks and yield their results in order."""
        ...


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
            text = "the reader {name:given} failed: {what:given}"
            reason = told(text, name=task.claim.reader, what=describe(error))
            cure = SLOW_READER if isinstance(error, OutOfTime) else BROKEN_READER
            return refusal(task, _log(task), reason, cure)
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


BROKEN_READER = term("report it to the reader's author; the other runs are not affected")
SLOW_READER = term("read it alone with a larger read-seconds, or report it to the reader's author")


def _log(task: Task) -> str:
    """Return the file of a task's log; of several, their directory: any may have been read."""
    return commonpath(task.claim.owned) or "."


def refusal(task: Task, path: str, reason: str, cure: str) -> ClaimResult:
    """Say that a file of a task gave no run."""
    return ClaimResult(refused=(Refused(path=task.named(path), reason=reason, cure=cure),))
