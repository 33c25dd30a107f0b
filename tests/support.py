"""What several tests of the core make: runs on disk, rules and findings."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from advisor.execution import RunResult
from advisor.finding import Advice, Change, Cost, Evidence, Finding, Severity
from advisor.judging.judge import judge
from advisor.judging.summarize import summarize, windows
from advisor.reader import Claim, Refusal
from advisor.report import Report
from advisor.rule import BaseRule, Example, Nature, Rule, Stage
from advisor.run import Run
from advisor.text import Message
from advisor.understand import understand
from advisor.view import Judged
from advisor.walk import Listing

ROOT = Path(__file__).parents[1]
PLUGINS = Path(__file__).parent / "advisor" / "execution" / "plugins"

FALLING = tuple(2.0 / (1 + 0.1 * step) + 0.3 for step in range(60))
"""A loss that falls as losses do."""
RISING = tuple(1.0 + 0.02 * abs(step - 20) for step in range(60))
"""A validation loss that is best at step 20 and then rises."""


HANG = 120.0
"""Seconds after which work that takes a moment hangs. How fast it is, a benchmark says."""


def write_csv_run(folder: Path, **columns: Sequence[float]) -> Path:
    """Write a run as Lightning's CSVLogger does, which names it after its folder.

    A row a step, ten steps an epoch; ``train__loss`` becomes ``train/loss``.
    """
    given = columns or {"train__loss": FALLING}
    names = [name.replace("__", "/") for name in given]
    rows = zip(*given.values(), strict=True)
    lines = [",".join(("epoch", "step", *names))]
    lines += [",".join((f"{i // 10},{i}", *map(repr, row))) for i, row in enumerate(rows)]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "metrics.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def overfitted_run(folder: Path) -> Path:
    """Write a run with something wrong with it."""
    falling = tuple(value - 0.3 for value in FALLING)
    return write_csv_run(folder, train__loss=falling, val__loss=RISING)


def say(text: str) -> Message:
    """Return a message of this text."""
    return Message(id="test", text=text)


def make_finding(
    rule: str = "some-rule",
    *runs: str,
    series: str = "train/loss",
    steps: tuple[int, int] = (0, 100),
    severity: Severity = Severity.WARNING,
    confidence: float = 0.8,
    changes: Iterable[Change] = (),
    cost: Cost | None = None,
) -> Finding:
    """Make a finding, located where runs are given."""
    parts = {part: say(f"{part} of {rule}") for part in Advice.model_fields}
    first, last = steps
    finding = Finding(
        rule=rule,
        severity=severity,
        confidence=confidence,
        basis=say("made by hand"),
        advice=Advice(**parts),
        evidence=(
            Evidence(series=series, first_step=first, last_step=last, measured="fall", value=1.0),
        ),
        changes=tuple(changes),
        cost=cost,
    )
    return finding.located(*runs) if runs else finding


def make_cost(first: int, last: int, share: float = 0.5) -> Cost:
    """Make a cost in compute."""
    return Cost(share=share, of="compute", first_step=first, last_step=last, message=say("lost"))


def make_rule(
    name: str = "some-rule",
    *,
    base: type[BaseRule] = Rule,
    check: Callable[[Any, Any], Any] = lambda _self, _run: iter(()),
    **metadata: Any,
) -> type[BaseRule]:
    """Make a rule class of which only what matters to a test is said."""
    body = {
        "__doc__": f"Tell whether {name}.",
        "__module__": __name__,
        "name": name,
        "stage": Stage.FIT,
        "severity": Severity.WARNING,
        "nature": Nature.FAULT,
        "symptoms": (f"symptom of {name}",),
        "citations": (),
        "texts": dict.fromkeys(Advice.model_fields, "Said."),
        "examples": classmethod(_no_examples),
        "check": check,
        **metadata,
    }
    return cast(
        "type[BaseRule]", types.new_class("Made", (base,), exec_body=lambda ns: ns.update(body))
    )


def _no_examples(_cls: type[Rule]) -> tuple[Example, ...]:
    return ()


def made(rule: type[BaseRule]) -> Rule:
    """Make a rule on one run with its defaults."""
    instance = rule()
    assert isinstance(instance, Rule)
    return instance


class HandReader:
    """A reader that answers what a test says."""

    summary = "what a test says"

    def __init__(self, name: str, answer: Callable[[Listing], Iterable[Any]]) -> None:
        self.name = name
        self._answer = answer

    def claim(self, listing: Listing) -> Iterable[Claim | Refusal]:
        """Answer."""
        return self._answer(listing)

    def read(self, _claim: Claim) -> Any:
        """Read nothing."""
        return iter(())


def result_of(run: Run, *rules: Rule) -> RunResult:
    """Judge a run made by hand, as a worker does."""
    judged = Judged(run, understand(run))
    outcomes = judge(judged, rules, seconds=5, started=lambda _rule: None, failed={})
    findings = tuple(finding for outcome in outcomes for finding in outcome.findings)
    return RunResult(
        summary=summarize(judged, findings),
        outcomes=outcomes,
        windows=windows(judged, findings),
    )


def run_python(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python on the sources."""
    paths = os.pathsep.join(str(ROOT / part) for part in ("", "plugins", "reports"))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": paths, **(env or {})},
        capture_output=True,
        text=True,
        timeout=120,
    )


def references_are_whole(report: Report) -> bool:
    """Tell whether everything in a report that names a run or a finding names one it has."""
    runs = [run.name for run in report.runs]
    ids = [finding.id for finding in report.findings]
    named = {run for finding in report.findings for run in finding.runs}
    named |= {run for diagnosis in report.diagnoses for run in diagnosis.runs}
    named |= {run for status in report.statuses for run in status.runs}
    named |= {report.experiment.run} if report.experiment else set()
    told = [
        identifier
        for diagnosis in report.diagnoses
        for identifier in (*(h.finding for h in diagnosis.hypotheses), *diagnosis.consequences)
    ]
    drawn = {window.finding for run in report.runs for window in run.windows}
    unique = len(set(runs)) == len(runs) and len(set(ids)) == len(ids)
    return unique and named <= set(runs) and sorted(told) == sorted(ids) and drawn <= set(ids)
