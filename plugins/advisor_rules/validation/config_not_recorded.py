"""The rule ``config-not-recorded``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Nature, NotApplicable, Stage, StudyExample, StudyRule, option
from advisor.study import Study
from advisor.summary import RunSummary
from advisor.sweep import Search
from advisor.sweep.names import folds
from advisor.testing.runs import make_study
from advisor_rules import sources, symptoms
from advisor_rules.comparing import NAMED, cite, cited, named
from advisor_rules.trials import accuracy, along, tried

_RUNS = 3
"""Fewer runs are nothing to compare."""


class ConfigNotRecorded(StudyRule):
    """The logs of several runs do not say what the runs differ in.

    ## What it checks
    Studies of three or more runs: whether ``share`` of them or more recorded no settings at all;
    and, where all recorded settings, whether runs whose scores differ by more than ``scatter``
    times the noise within a run are equal in everything recorded, the seed included.
    Only runs that share their task, and the series they are judged by, with two others are named.
    Runs whose names differ in the fold only (`fold_0`, `fold_1` …) are one configuration.

    ## Why it matters
    Runs can only be compared by what they differ in. Without it, a good run cannot be repeated,
    and none of the rules across runs can say which setting made it good.

    ## What to do
    Record every hyperparameter, the seed and the version of the code when a run starts.

    ## When to ignore it
    The settings are kept elsewhere, by the names of the runs.
    """

    name = "config-not-recorded"
    stage = Stage.VALIDATION
    severity = Severity.NOTE
    nature = Nature.FAULT
    symptoms = (symptoms.RUNS_INCOMPARABLE,)
    undermines = ("stage:search",)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(2, "Judge from data: print what is needed to compare."),
        sources.wandb(1, "Record settings and results of every run, to compare them."),
        sources.overview("Keep track of the settings and results of every run."),
    )
    basis: ClassVar[str] = "what the logs hold, as it was read"
    texts: ClassVar[dict[str, str]] = {
        "title": "Record what the runs differ in",
        "observed": "The runs cannot be compared",
        "evidence": "{without:step} of {runs:count run|runs} recorded no settings.",
        "evidence.equal": "{runs:count run|runs} recorded the same settings, yet their best "
        "{series:name} lies between {low:number} and {high:number}: {times:number} times the "
        "noise within a run.",
        "do": "Record all hyperparameters, the seed and the version of the code when a run starts: "
        "`wandb.init(config=...)`, `save_hyperparameters()`, `add_hparams(...)`, or a "
        "`config.yaml` beside the log.",
        "why": "Runs can only be compared by what they differ in, and repeated only by what was "
        "recorded.",
        "check": "The next report lists what varied between the runs.",
        "unless": "the settings are kept elsewhere under the names of the runs.",
    }

    share: float = option(
        0.5,
        "share of the runs without any settings",
        source="chosen by eye: then most comparisons lack one side",
        gt=0,
        le=1,
    )
    scatter: float = option(
        20.0,
        "difference between equal runs, in units of the noise within one",
        source="chosen by eye: seeds alone differ by a few times that noise",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return runs without settings, with equal ones, and with what differs."""
        bare = make_study(*(accuracy(0.5 + 0.1 * i, i, {}) for i in range(4)))
        equal = tried(*((0.5 + 0.1 * i, {"lr": 0.1}) for i in range(4)))
        alike = tried(*((0.5 + 1e-6 * i, {"lr": 0.1}) for i in range(4)))
        seeds = tried(*((0.5 + 0.1 * i, {"lr": 0.1, "seed": i}) for i in range(4)))
        return (
            StudyExample("no settings", bare, fires=True),
            StudyExample("equal settings, unequal scores", equal, fires=True),
            StudyExample("equal settings and scores", alike, fires=False),
            StudyExample("seeds differ", seeds, fires=False),
            StudyExample("rates", along("lr", {0.1: 0.5, 0.01: 0.6, 0.001: 0.7}), fires=False),
        )

    def check(self, study: Study) -> Iterator[Finding]:
        """Count the runs without settings; then look for what sets runs apart.

        Raises ``NotApplicable``.
        """
        if folds(run.name for run in study.runs):
            raise NotApplicable("the runs are folds of one configuration, by their names")
        groups = _by_objective(study)
        judged = [run for group in groups if len(group) >= _RUNS for run in group]
        if not judged:
            raise NotApplicable("there are no three runs that are judged by the same series")
        without = [run for run in judged if not run.config]
        if len(without) >= max(self.share * sum(map(len, groups)), 2):
            yield self._bare(judged, without)
            return
        for search in study.searches[:1]:
            if search.constant and not search.factors and _no_seeds(search):
                yield from self._equal(search)

    def _bare(self, judged: Sequence[RunSummary], without: Sequence[RunSummary]) -> Finding:
        run = min(without, key=lambda run: run.name)
        objective = run.understanding.objective
        finding = self.finding(
            confidence=0.9,
            evidence=[cited(run, objective.series if objective else "", "settings recorded", 0.0)],
            without=len(without),
            runs=len(judged),
        )
        return finding.located(*sorted(run.name for run in without)[:NAMED])

    def _equal(self, search: Search) -> Iterator[Finding]:
        values = [trial.value for trial in search.trials if trial.value is not None]
        spread = max(values) - min(values)
        noise = search.run_noise or 0.0
        if spread <= self.scatter * noise or spread <= 0.02 * max(map(abs, values)):
            return
        times = spread / noise if noise > 0 else 1e6
        finding = self.finding(
            confidence=0.7,
            evidence=[cite(search, "spread between equal runs, in noise", times, self.scatter)],
            variants={"evidence": "equal"},
            runs=len(search.trials),
            series=search.role.series,
            low=min(values),
            high=max(values),
            times=times,
        )
        yield finding.located(*named(search))


def _by_objective(study: Study) -> list[list[RunSummary]]:
    """Return the runs that have something to be judged by, in groups of one task and objective."""
    groups: dict[tuple[Task, str], list[RunSummary]] = {}
    for run in study.runs:
        objective = run.understanding.objective
        if objective is not None:
            groups.setdefault((run.understanding.task, objective.series), []).append(run)
    return list(groups.values())


def _no_seeds(search: Search) -> bool:
    """Tell whether the runs are equal in the seed too, or record none."""
    return max(Counter(t.settings.seed for t in search.trials).values()) == len(search.trials)
