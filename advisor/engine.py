"""From log directories to a report: the flow, one way."""

from __future__ import annotations

import gc
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from advisor.claims import Filters, Found, find_tasks
from advisor.composing.compose import COARSE, MANY_RUNS, Composer
from advisor.errors import UsageError, nearest
from advisor.execution import (
    ClaimExecutor,
    ClaimResult,
    Plan,
    PoolExecutor,
    RunResult,
    SerialExecutor,
    Task,
)
from advisor.finding import Finding, distinct
from advisor.judging.judge import Outcome, judge_study
from advisor.judging.summarize import BUCKETS
from advisor.linking import link
from advisor.manager import Plugins
from advisor.naming import free, natural
from advisor.report import Report, Status
from advisor.report.redact import redact
from advisor.rule import BaseRule, StudyRule
from advisor.selection import select_rules
from advisor.settings import Settings
from advisor.study import Study
from advisor.understand.objective import NAMED, split_direction
from advisor.walk import real

SMALL = 4 << 20
"""Bytes of logs that one process reads sooner than a second one starts."""

Progress = Callable[[int, int], None]
"""Called with the number of claims that are done, and of all."""


@dataclass(frozen=True)
class Request:
    """What to analyze."""

    logs: tuple[Path, ...]
    filters: Filters = field(default_factory=Filters)
    growing_since: float = math.inf
    """Files written to after this moment, in seconds since 1970, are still being written."""

    @property
    def title(self) -> str:
        """The last part of each LOGS argument."""
        return ", ".join(real(path).name or "/" for path in self.logs)


@dataclass(frozen=True)
class Analysis:
    """The report, and the results that it was made from."""

    report: Report
    results: tuple[RunResult, ...]
    found: Found


def analyze(
    request: Request,
    settings: Settings,
    plugins: Plugins,
    *,
    executor: ClaimExecutor | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Analysis:
    """Read the logs, judge the runs, and report. Raises ``UsageError``.

    ``executor`` says how the work is carried out; by default that follows from the settings
    and the amount of work.
    """
    with _seldom_collected():
        return _analyze(request, settings, plugins, executor, progress)


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage in cycles seldom: results are many, they all stay, and have no cycles."""
    before = gc.get_threshold()
    gc.set_threshold(100 * before[0], *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _analyze(
    request: Request,
    settings: Settings,
    plugins: Plugins,
    executor: ClaimExecutor | None,
    progress: Progress,
) -> Analysis:
    rules = select_rules(plugins.rules, settings)
    readers = plugins.readers.values()
    found = find_tasks(request.logs, readers, request.filters, settings.read_seconds)
    if request.growing_since < math.inf:
        found.tasks = [_still_written(task, request.growing_since) for task in found.tasks]
    chosen = executor or choose_executor(settings, plugins, found.tasks)
    plan = Plan(settings, request.filters.runs, _buckets(len(found.tasks), request.filters))
    claims = list(chosen.run(plan, found.tasks, lambda done: progress(done, len(found.tasks))))
    claims = _last(found.tasks, claims, request.filters.last)
    _check_objective(settings, claims)
    results = _unique(link([run for claim in claims for run in claim.runs]))
    results.sort(key=lambda result: natural(result.summary.name))
    refused = [*found.refused, *(refusal for claim in claims for refusal in claim.refused)]
    findings, statuses = _across(rules, results, settings)
    report = Composer(settings, plugins, rules).compose(
        request.title, results, findings, statuses, refused, found.problems
    )
    shown = report if settings.show_secrets else redact(report)
    return Analysis(shown, tuple(results), found)


def _still_written(task: Task, since: float) -> Task:
    """Say of a task which files of its log are still being written; settings are none."""
    files = sorted(task.claim.owned) if task.written > since else ()
    growing = tuple(file for file in files if _written_after(task.claim.base / file, since))
    return replace(task, growing=growing)


def _written_after(path: Path, since: float) -> bool:
    try:
        return path.stat().st_mtime > since
    except OSError:
        return False


def _buckets(claims: int, filters: Filters) -> int:
    """Return how finely to draw: coarsely at once where there will be many runs.

    A claim is a run at least. How many a pattern leaves is seen only when all are read, and the
    composer draws them more coarsely then.
    """
    certain = 0 if filters.runs else claims
    return COARSE if certain > MANY_RUNS else BUCKETS


def _check_objective(settings: Settings, claims: Sequence[ClaimResult]) -> None:
    """Raise ``UsageError`` if not one run has the objective that the user named."""
    runs = [run.summary for claim in claims for run in claim.runs]
    if settings.objective is None or not runs:
        return
    chosen = (run.understanding.objective for run in runs)
    if not any(objective and objective.how == NAMED for objective in chosen):
        name = split_direction(settings.objective, ())[0]
        hint = nearest(name, {tag for run in runs for tag in run.series})
        reasons = (reason for run in runs for reason in run.understanding.ambiguous)
        raise UsageError(
            "--objective {given:given}: no run has it{hint:sentence}{line:sentence}{why:given}",
            given=settings.objective,
            hint=hint,
            line="\n",
            why=next(reasons, ""),
        )


def _last(
    tasks: Sequence[Task], claims: Sequence[ClaimResult], count: int | None
) -> list[ClaimResult]:
    """Leave the ``count`` runs that were written to last; of one file, its last ones."""
    if count is None:
        return list(claims)
    kept, room = list(claims), count
    for index in sorted(range(len(claims)), key=lambda index: -tasks[index].written):
        runs = claims[index].runs
        kept[index] = claims[index].model_copy(update={"runs": runs[max(len(runs) - room, 0) :]})
        room = max(room - len(runs), 0)
    return kept


def choose_executor(settings: Settings, plugins: Plugins, tasks: Sequence[Task]) -> ClaimExecutor:
    """Return how to carry out the tasks.

    Code that is not built in runs in worker processes, which can be ended. Otherwise a little
    work is done here, sooner than a process starts. Raises ``UsageError`` for an executor that
    nobody declares.
    """
    if settings.executor is not None:
        return plugins.executor(settings.executor)
    jobs = min(settings.jobs or os.cpu_count() or 1, max(len(tasks), 1))
    size = sum(_size(path) for task in tasks for path in task.claim.paths)
    small = settings.jobs is None and size < SMALL
    if tasks and (plugins.foreign or (jobs > 1 and not small)):
        return PoolExecutor(1 if small else jobs)
    return SerialExecutor(plugins)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _unique(results: Sequence[RunResult]) -> list[RunResult]:
    """Tell runs of one name apart by the file that they were read from, else by a number."""
    count = Counter(result.summary.name for result in results)
    taken = {name for name, times in count.items() if times == 1}
    unique = []
    for result in results:
        name = result.summary.name
        if count[name] > 1:
            name = free(f"{name}#{result.summary.files[0].rpartition('/')[2]}", taken)
            taken.add(name)
            result = _renamed(result, name)  # noqa: PLW2901  # the same result, told apart
        unique.append(result)
    return unique


def _renamed(result: RunResult, name: str) -> RunResult:
    summary = result.summary.model_copy(update={"name": name})
    outcomes = []
    new: dict[str, str] = {}
    for outcome in result.outcomes:
        findings = distinct(finding.located(name) for finding in outcome.findings)
        new |= {old.id: now.id for old, now in zip(outcome.findings, findings, strict=True)}
        outcomes.append(outcome.model_copy(update={"findings": findings}))
    windows = tuple(w.model_copy(update={"finding": new[w.finding]}) for w in result.windows)
    return RunResult(summary=summary, outcomes=tuple(outcomes), windows=windows)


def _across(
    rules: Iterable[BaseRule], results: Sequence[RunResult], settings: Settings
) -> tuple[list[Finding], list[Status]]:
    """Run the rules across runs; where no run was read, none of them passes either."""
    if not results:
        return [], []
    study = Study(runs=tuple(result.summary for result in results))
    outcomes = [
        judge_study(study, rule, seconds=settings.rule_seconds)
        for rule in rules
        if isinstance(rule, StudyRule)
    ]
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    return findings, [_status(outcome, study) for outcome in outcomes]


def _status(outcome: Outcome, study: Study) -> Status:
    runs = tuple(run.name for run in study.runs)
    return Status(rule=outcome.rule, outcome=outcome.result, reason=outcome.reason, runs=runs)
