"""Reports made by hand, for the tests of what is compared with a baseline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from advisor.finding import Finding
from advisor.report import Report, RuleInfo, RunEntry, Status
from advisor.report.sweep import Sweep, SweepRow
from advisor.testing import empty_report
from tests import sample_runs as samples
from tests.sample_curves import falling_loss, steps
from tests.sample_findings import say

RULES = ("diverged", "overfitting", "past-best")
ACROSS = "seed-ensemble"


def run(
    name: str,
    level: float | None = 0.5,
    *,
    series: str = "val/loss",
    last: int | None = None,
    weak: bool = False,
) -> RunEntry:
    """Make a run whose best smoothed objective, of which less is better, is ``level``."""
    curves = tuple(steps(tag, falling_loss) for tag in (series, "train/loss"))
    made = samples.run_entry(name, "No problem found", curves, None)
    objective = made.understanding.objective
    assert objective is not None
    judged = objective.model_copy(update={"weak": weak, "series": series})
    understanding = made.understanding.model_copy(update={"objective": judged})
    changed = {"objective_level": level, "understanding": understanding}
    return made.model_copy(update=changed | ({"last_step": last} if last is not None else {}))


def report(
    runs: Sequence[RunEntry | str],
    findings: Iterable[Finding] = (),
    *,
    rules: Iterable[str] = (*RULES, ACROSS),
    outcomes: Mapping[str, str] | None = None,
    seeds: tuple[tuple[str, ...], ...] = (),
    seed_sd: float | None = None,
) -> Report:
    """Make a report: a rule without a finding on a run passed there, unless ``outcomes`` says."""
    entries = tuple(r if isinstance(r, RunEntry) else run(r) for r in runs)
    found = tuple(findings)
    asked = tuple(rules)
    return empty_report().model_copy(
        update={
            "runs": entries,
            "findings": found,
            "rules": tuple(_info(rule) for rule in asked),
            "statuses": tuple(
                _status(rule, entry.name, found, outcomes or {})
                for rule in asked
                for entry in entries
            ),
            "sweep": _sweep(entries, seeds, seed_sd) if seeds else None,
        }
    )


def _info(rule: str) -> RuleInfo:
    return RuleInfo.model_validate(
        {"name": rule, "summary": "A rule.", "stage": "fit", "nature": "fault",
         "severity": "warning", "plugin": "rules", "across": rule == ACROSS, "citations": ()}
    )  # fmt: skip


def _status(
    rule: str, name: str, findings: tuple[Finding, ...], outcomes: Mapping[str, str]
) -> Status:
    fired = any(f.rule == rule and name in f.runs for f in findings)
    outcome = outcomes.get(rule, "failed" if fired else "passed")
    return Status.model_validate({"rule": rule, "outcome": outcome, "runs": (name,)})


def _sweep(
    entries: tuple[RunEntry, ...], seeds: tuple[tuple[str, ...], ...], sd: float | None
) -> Sweep:
    objective = entries[0].understanding.objective
    assert objective is not None
    said = say("made by hand")
    return Sweep(
        objective=objective.series,
        direction=objective.direction,
        weak=False,
        runs=len(entries),
        design=said,
        factors=(),
        rows=tuple(SweepRow(run=r.name, score=r.objective_level, settings={}) for r in entries),
        seed_sd=sd,
        seeds=seeds,
        noise=said,
        method=said,
    )
