"""Rules of your own, in one file: what a team agreed on, checked on every run.

    advisor run logs --plugin examples/house_rules.py

or, in ``pyproject.toml``, ``[tool.advisor] plugins = ["examples/house_rules.py"]``. A rule is a
class: its class variables say what it is, its fields are options that users may set, its
docstring is its page (``advisor explain house/val-every-epoch``), and ``check`` is the rule. To
share such a file, make it a package with an entry point of the group ``advisor``; nothing in
it has to change.

Names of rules outside advisor have a topic before a slash: here ``house/``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from advisor import (
    Change,
    Citation,
    Evidence,
    Example,
    Finding,
    Rule,
    RunSummary,
    RunView,
    Severity,
    Stage,
    Study,
    StudyRule,
    hookimpl,
    option,
)
from advisor.testing import make_run

AGREED = (Citation(source="Our team's checklist", supports="A run that counts keeps to this."),)


class BatchSizeRecorded(Rule):
    """The run does not say which batch size it was trained with.

    ## What it checks
    Looks for the batch size in the recorded hyperparameters, under any of its usual names. The
    rule also fires where several are recorded that contradict each other.

    ## Why it matters
    Learning rates and step counts of two runs can only be compared at a known batch size.

    ## What to do
    Record the batch size with the other hyperparameters.

    ## When to ignore it
    The batch size changes during training on purpose.
    """

    name = "house/batch-size-recorded"
    stage = Stage.TELEMETRY
    severity = Severity.WARNING
    requires = ("train/loss",)
    symptoms = ("a hyperparameter is not recorded",)
    citations = AGREED
    texts = {
        "title": "Record the batch size",
        "observed": "No batch size is recorded",
        "evidence": "{series:name} has {points:count point|points}, of batches of unknown size.",
        "do": "Record `batch_size` with the other hyperparameters of the run.",
        "why": "Learning rates can only be compared at a known batch size.",
        "check": "`advisor inspect` lists the batch size.",
        "unless": "it changes during training on purpose.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run without and one with a batch size."""
        loss = np.linspace(2, 1, 50)
        return (
            Example(
                "only a learning rate", make_run(train_loss=loss, config={"lr": 0.1}), fires=True
            ),
            Example("a batch size", make_run(train_loss=loss, config={"data.bs": 32}), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look the batch size up by its canonical name."""
        if run.settings.get("batch_size") is not None:
            return
        loss = run["train/loss"]
        yield self.finding(
            confidence=1.0,
            evidence=[
                Evidence(
                    series=loss.tag,
                    first_step=int(loss.steps[0]),
                    last_step=int(loss.steps[-1]),
                    measured="recorded batch sizes",
                    value=0,
                    threshold=1,
                )
            ],
            series=loss.tag,
            points=len(loss),
        )


class ValEveryEpoch(Rule):
    """The run was validated less often than once an epoch.

    ## What it checks
    Counts the epochs that were logged and the validation losses. The rule fires if there are
    fewer than ``share`` validations an epoch.

    ## Why it matters
    Early stopping and the choice of a checkpoint are as fine as validation is.

    ## What to do
    Validate at the end of each epoch.

    ## When to ignore it
    An epoch takes minutes and validation takes as long.
    """

    name = "house/val-every-epoch"
    stage = Stage.VALIDATION
    severity = Severity.NOTE
    requires = ("epoch", "val/loss")
    symptoms = ("validation is rare",)
    citations = AGREED
    texts = {
        "title": "Validate at the end of each epoch",
        "observed": "{epochs:count epoch|epochs}, {validations:count validation|validations}",
        "evidence": "{series:name} has {validations:count value|values} in "
        "{epochs:count epoch|epochs}.",
        "do": "Validate once an epoch.",
        "why": "A checkpoint can be chosen no finer than validation is logged.",
        "check": "{series:name} has one value an epoch.",
        "unless": "validation takes as long as an epoch.",
    }

    share: float = option(
        0.9, "Validations an epoch that are enough.", source="the last epoch may be cut off", gt=0
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run that is validated every fourth epoch, and one that is every epoch."""
        epochs, loss = np.repeat(np.arange(12), 10), np.linspace(2, 1, 12)
        each, fourth = np.arange(9, 120, 10), np.arange(39, 120, 40)
        return (
            Example(
                "validated every fourth epoch",
                make_run(epoch=epochs, val_loss=loss[3::4], steps={"val/loss": fourth}),
                fires=True,
            ),
            Example(
                "validated every epoch",
                make_run(epoch=epochs, val_loss=loss, steps={"val/loss": each}),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Count epochs and validations."""
        loss = run["val/loss"]
        epochs, validations = len(np.unique(run["epoch"].values)), len(loss)
        if validations >= self.share * epochs:
            return
        yield self.finding(
            confidence=0.9,
            evidence=[
                Evidence(
                    series=loss.tag,
                    first_step=int(loss.steps[0]),
                    last_step=int(loss.steps[-1]),
                    measured="validations an epoch",
                    value=validations / epochs,
                    threshold=self.share,
                )
            ],
            changes=[Change(parameter="validations_per_epoch", after=1, direction="set")],
            series=loss.tag,
            epochs=epochs,
            validations=validations,
        )


class SameSeedSet(StudyRule):
    """The settings of a study were not all run with the same seeds.

    ## What it checks
    Groups the runs that differ in nothing but the seed, and compares the sets of seeds. The
    rule fires for each group that lacks a seed that another group has.

    ## Why it matters
    A setting that ran with three seeds and one that ran with the luckiest of them cannot be
    compared.

    ## What to do
    Run the missing seeds.

    ## When to ignore it
    The study is still going.
    """

    name = "house/same-seed-set"
    stage = Stage.SEARCH
    severity = Severity.NOTE
    symptoms = ("settings cannot be compared",)
    citations = AGREED
    texts = {
        "title": "Run the missing seeds: {missing:text}",
        "observed": "Seeds {missing:text} were not run",
        "evidence": "Other settings ran with {wanted:count seed|seeds}, these runs lack "
        "{missing:text}.",
        "do": "Train this setting again with the seeds {missing:text}.",
        "why": "The best of three seeds beats a single one without being better.",
        "check": "All settings have the same number of runs.",
        "unless": "the study is still going.",
    }

    def check(self, study: Study) -> Iterator[Finding]:
        """Compare the seeds of groups that differ in nothing else."""
        groups: dict[str, dict[str, RunSummary]] = defaultdict(dict)
        for run in study.runs:
            seed = _seed(run)
            if seed is not None and run.understanding.objective is not None:
                groups[_setting(run)][seed] = run
        wanted = {seed for runs in groups.values() for seed in runs}
        for runs in groups.values():
            if wanted - runs.keys():
                yield self._lacking(runs, wanted)

    def _lacking(self, runs: dict[str, RunSummary], wanted: set[str]) -> Finding:
        evidence = [_whole(run, len(runs), len(wanted)) for run in runs.values()]
        missing = ", ".join(sorted(wanted - runs.keys())[:3])
        finding = self.finding(
            confidence=0.8, evidence=evidence, missing=missing, wanted=len(wanted)
        )
        return finding.located(*(run.name for run in runs.values()))


def _seed(run: RunSummary) -> str | None:
    """Return the seed as text; ``None`` if none is recorded."""
    found = (e.value for path, e in run.config.items() if _is_seed(path) and e.value is not None)
    return next(map(str, found), None)


def _is_seed(path: str) -> bool:
    return path.lower().rpartition(".")[2].endswith("seed")


def _setting(run: RunSummary) -> str:
    """Return everything but the seed."""
    return repr(sorted((p, repr(e.value)) for p, e in run.config.items() if not _is_seed(p)))


def _whole(run: RunSummary, seeds: int, wanted: int) -> Evidence:
    objective = run.understanding.objective
    return Evidence(
        series=objective.series if objective else "",
        first_step=run.first_step,
        last_step=run.last_step,
        measured="seeds that were run",
        value=seeds,
        threshold=wanted,
    )


@hookimpl
def register_rules() -> tuple[type[Rule | StudyRule], ...]:
    """Return the rules of this file."""
    return BatchSizeRecorded, ValEveryEpoch, SameSeedSet
