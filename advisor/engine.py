"""From log directories to a report: the flow, one way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from advisor.claims import Filters, Found, find_tasks
from advisor.compose import Composer
from advisor.execution import Executor, Plan, PoolExecutor, RunResult, SerialExecutor, Task
from advisor.finding import Finding
from advisor.judge import Outcome, judge_study
from advisor.manager import Plugins
from advisor.redact import redact
from advisor.report import Refused, Report, Status
from advisor.rule import BaseRule, StudyRule
from advisor.selection import select_rules
from advisor.settings import Settings
from advisor.study import Study

SMALL = 4 << 20
"""Bytes of logs that one process reads sooner than a second one starts."""

Progress = Callable[[int, int], None]
"""Called with the number of claims that are done, and of all."""


@dataclass(frozen=True)
class Request:
    """What to analyze."""

    logs: tuple[Path, ...]
    runs: str | None = None
    """A pattern for the names of the runs."""
    filters: Filters = field(default_factory=Filters)

    @property
    def title(self) -> str:
        """The last part of each LOGS argument."""
        return ", ".join(path.resolve().name or "/" for path in self.logs)


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
    executor: Executor | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Analysis:
    """Read the logs, judge the runs, and report. Raises ``UsageError``.

    ``executor`` says how the work is carried out; by default that follows from the settings
    and the amount of work.
    """
    rules = select_rules(plugins.rules, settings)
    found = find_tasks(request.logs, plugins.readers.values(), request.filters)
    chosen = executor or choose_executor(settings, plugins, found.tasks)
    plan = Plan(settings, request.runs)
    claims = list(chosen.run(plan, found.tasks, lambda done: progress(done, len(found.tasks))))
    results = _unique([run for claim in claims for run in claim.runs])
    refused = [*found.refused, *(refusal for claim in claims for refusal in claim.refused)]
    findings, statuses = _across(rules, results, settings)
    report = Composer(settings, plugins, rules).compose(
        request.title, results, findings, statuses, refused, found.problems
    )
    shown = report if settings.show_secrets else redact(report)
    return Analysis(shown, tuple(results), found)


def choose_executor(settings: Settings, plugins: Plugins, tasks: Sequence[Task]) -> Executor:
    """Return how to carry out the tasks.

    Code that is not built in runs in worker processes, which can be ended. Otherwise a little
    work is done here, sooner than a process starts.
    """
    jobs = min(settings.jobs or os.cpu_count() or 1, max(len(tasks), 1))
    size = sum(path.stat().st_size for task in tasks for path in task.claim.paths)
    small = settings.jobs is None and size < SMALL
    if tasks and (plugins.foreign or (jobs > 1 and not small)):
        return PoolExecutor(1 if small else jobs)
    return SerialExecutor(plugins)


def _unique(results: list[RunResult]) -> list[RunResult]:
    """Tell runs of one name apart by the files that they were read from."""
    seen: dict[str, int] = {}
    for result in results:
        seen[result.summary.name] = seen.get(result.summary.name, 0) + 1
    return [
        _renamed(r, f"{r.summary.name}#{r.summary.files[0].rpartition('/')[2]}")
        if seen[r.summary.name] > 1 and r.summary.files
        else r
        for r in results
    ]


def _renamed(result: RunResult, name: str) -> RunResult:
    located = {f.id: f.located(name) for o in result.outcomes for f in o.findings}
    return RunResult(
        summary=result.summary.model_copy(update={"name": name}),
        outcomes=tuple(
            o.model_copy(update={"findings": tuple(located[f.id] for f in o.findings)})
            for o in result.outcomes
        ),
        windows=tuple(
            w.model_copy(update={"finding": located[w.finding].id}) for w in result.windows
        ),
    )


def _across(
    rules: Iterable[BaseRule], results: Sequence[RunResult], settings: Settings
) -> tuple[list[Finding], list[Status]]:
    """Run the rules across runs."""
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


def unreadable(refused: Sequence[Refused]) -> str:
    """Say in lines what could not be read, each with its cure."""
    return "\n".join(f"{r.path}: {r.reason}; {r.cure}" for r in refused)
