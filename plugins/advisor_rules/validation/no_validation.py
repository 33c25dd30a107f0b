"""The rule ``no-validation``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling
from advisor_rules.signs.chance import single_steps
from advisor_rules.signs.cut_short import cut_short
from advisor_rules.signs.epochs_done import ended_in_first
from advisor_rules.signs.measure import stretch

_SUPERVISED = frozenset({Task.CLASSIFICATION, Task.REGRESSION})
_START = 0.2
"""Share of a schedule of unknown epochs in which the first may not have ended (chosen by eye)."""


class NoValidation(Rule):
    """Nothing was measured on data that the run did not train on.

    ## What it checks
    Looks for a validation loss, a validation metric, or a test series that was logged along
    the way (``test_points`` or more) and so served as one. It warns where the task is known
    to be classification or regression; elsewhere it is a note, because language models are
    often judged by the training loss of data seen once, and agents by their return.

    It says nothing of a run that ended in the first of several recorded epochs, as the log counts
    them: its validation was still to come. Where the log counts none, the first may not have ended
    in less than ``steps`` steps of several planned epochs, nor at the start of a schedule: that is
    a note.

    ## Why it matters
    A training loss cannot tell learning from memorizing. Settings tuned on it are tuned to
    memorize.

    ## What to do
    Hold out a part of the data, measure loss and metric on it once an epoch, and log both.
    For an agent, run evaluation episodes apart from training.

    ## When to ignore it
    Every sample is seen once only, or validation is logged somewhere else.
    """

    name = "no-validation"
    stage = Stage.VALIDATION
    severity = Severity.WARNING
    notes_may_warn = False
    requires = ("train/loss|train/metric|return",)
    uses = (
        "train/loss",
        "train/metric",
        "return",
        "val/loss",
        "val/metric",
        "val/return",
        "test/loss",
        "test/metric",
        "test/return",
        "metric",
        "epoch",
        "lr",
        "objective",
    )
    compares = False
    points = 1
    after_end = True
    not_for = frozenset({Task.GAN})
    symptoms = (symptoms.CANNOT_GENERALIZE,)
    separated_by = ("log val/loss",)
    do_separates = ("do",)
    basis = "That nothing is logged is a fact; whether it is measured elsewhere is not known."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("Hyperparameters are tuned on a validation set."),
        sources.bullettech(2, "Print the model's performance for each epoch."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Measure on held-out data while training",
        "title.agent": "Run evaluation episodes while training",
        "observed": "No validation series in the log",
        "evidence": "The log holds {series:name} with {points:count point|points} and nothing "
        "that was measured on validation data.",
        "evidence.test": "The log holds {series:name} with {points:count point|points} and a test "
        "series only at the end, nothing that was measured on validation data.",
        "do": "Hold out a part of the training data; log its loss and your metric once an "
        "epoch, for example as `val/loss`.",
        "do.agent": "Every so often, run a few episodes in an environment of their own without "
        "exploration, and log their mean return.",
        "why": "The training loss of a model that memorizes looks like that of one that learns.",
        "why.agent": "Returns during training mix the policy with its exploration.",
        "check": "The next log has a validation series, and the rules that need one run.",
        "unless": "every sample is seen once, or validation is logged elsewhere.",
        "unless.first": "the run ended in its first epoch, every sample is seen once, or "
        "validation is logged elsewhere.",
    }

    test_points: int = option(
        2,
        "Points from which a test series counts as logged along the way.",
        source="one point is a final test; more follow the run",
        ge=1,
    )
    steps: int = option(
        100,
        "Steps below which a run may have ended in its first epoch.",
        source="chosen by eye: an epoch of a small data set",
        ge=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return runs without validation, with it, and with a test series in its place."""
        loss, accuracy = falling(50, seed=40), 1 - falling(50, seed=41) / 3
        return (
            Example(
                "training loss and accuracy only",
                make_run(train_loss=loss, train_accuracy=accuracy),
                fires=True,
            ),
            Example("with validation", make_run(train_loss=loss, val_loss=loss), fires=False),
            Example(
                "a test set measured every epoch",
                make_run(train_loss=loss, test_loss=loss),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for anything that was measured on other data."""
        if run.every("val/loss|val/metric|val/return"):
            return
        tests = run.every("test/loss|test/metric|test/return")
        if any(len(curve) >= self.test_points for curve in tests):
            return
        unclear = run.every("metric")
        if unclear:
            raise NotApplicable(
                "it is not known which data {series:name} was measured on", series=unclear[0].tag
            )
        if ended_in_first(run) is not None:
            raise NotApplicable("the run ended in the first of its epochs, before any validation")
        yield self._found(run, bool(tests))

    def _found(self, run: RunView, tested: bool) -> Finding:
        curve = _main(run)
        agent, first = run.task is Task.REINFORCEMENT, self._may_be_first(run)
        variants = dict.fromkeys(("title", "do", "why"), "agent") if agent else {}
        variants |= {"evidence": "test"} if tested else {}
        variants |= {"unless": "first"} if first else {}
        steps, surely = curve.effective.steps, run.task in _SUPERVISED and not first
        return self.finding(
            confidence=0.9 if surely else 0.75,
            severity=None if surely else Severity.NOTE,
            evidence=[stretch(curve, steps[0], steps[-1], "points of validation series", 0.0, 1.0)],
            variants=variants,
            series=curve.tag,
            points=len(curve.effective),
        )

    def _may_be_first(self, run: RunView) -> bool:
        """Tell whether a run may have ended in the first of several epochs, which nothing counts.

        Its single steps are few, or it ended at the start of its schedule.
        """
        loss, planned = run.get("train/loss"), run.settings.number("epochs")
        if loss is None or run.get("epoch") is not None or not single_steps(run, loss):
            return False
        if planned is not None and int(loss.steps[-1]) < self.steps:
            return planned >= 2
        cut = cut_short(run, _START)
        return cut is not None and (planned is None or cut.share * planned < 1)


def _main(run: RunView) -> Curve:
    """Return the series that the run follows: the return of an agent, else the training loss."""
    order = ("train/loss", "train/metric", "return")
    agent = run.task is Task.REINFORCEMENT
    found = [run.get(key) for key in (reversed(order) if agent else order)]
    return next(curve for curve in found if curve is not None)
