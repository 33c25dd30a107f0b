"""The rule ``train-eval-toggle``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.signs.by_validation import averaged
from advisor_rules.signs.good_start import began_trained
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.right_answers import SHARES, Share
from advisor_rules.signs.said import At, smoothed

_QUANTITIES = SHARES | {"f1", "iou", "dice"}
"""Metrics from 0 to 1, or to 100, that mean the same on every kind of data, and error rates."""


class _Pair(NamedTuple):
    """A metric on training and validation data, row by row of the validation."""

    train: Curve
    val: Curve
    trained: Floats
    """``float64[n]``: the training metric of the epoch that each validation ended, as logged."""
    known: Floats
    """``float64[n]``: the same as a share of the best value."""
    found: Floats
    """``float64[n]``: the validation metric as such a share."""


class TrainEvalToggle(Rule):
    """Validation is far worse than training from the first epoch on, when nothing was seen twice.

    ## What it checks
    Compares the same metric on training and validation data. In the first epoch every training
    batch is new to the model, so that nothing can be overfitted yet, and validation, which
    comes after it, should be no worse. The rule fires if validation is below ``share`` of the
    training metric at each of the first ``first`` validations and at nearly all later ones,
    while training is at ``level`` or more. It needs one validation an epoch, from the first.
    Most forms of this mistake are weaker than that and leave no sure trace in a log: silence
    proves nothing, and the probe that inspects the model settles it.

    ## Why it matters
    Dropout that stays on, or batch norm in the wrong mode, makes the evaluated model another
    one than the trained one. Every choice made by such a validation is made by chance.

    ## What to do
    Call ``model.eval()`` before each evaluation and ``model.train()`` after it. With batch norm,
    check that its running statistics are updated and saved. Evaluate on a batch of the training
    data too: the two numbers should agree.

    ## When to ignore it
    Validation data are of another kind, or prepared in another way, on purpose.
    """

    name = "train-eval-toggle"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    requires = ("train/metric", "val/metric")
    uses = ("epoch",)
    points = 6
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.REGRESSION, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.EVALUATION_OFF,)
    confirmed_by = ("probe-train-eval-toggle",)
    cleared_by = ("probe-train-eval-toggle",)
    separated_by = ("evaluate on training data: the result should be that of training",)
    do_separates = ("do",)
    basis = "0.5 to 0.7, growing with the gap; other data or preparation look the same."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("A common mistake: forgetting to toggle train and eval mode of the net."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Check train and eval mode around validation",
        "observed": "Validation is far worse than training at once",
        "evidence": "By {axis:text} {step:step}, the first validation, {train:name} was "
        "{trained:number} and {series:name} {val:number}; it stayed below {share:percent}.",
        "evidence.errors": "By {axis:text} {step:step}, the first validation, {train:name} was "
        "{trained:number} and {series:name} {val:number}; what is right in validation stayed below "
        "{share:percent} of what is right in training.",
        "do": "Evaluate the model on a batch of training data, in eval mode: if that is as poor, "
        "the mode or the batch norm statistics are wrong, if not, the validation data differ.",
        "why": "In its first epoch a model has seen nothing twice, so it cannot have overfitted; "
        "it is another model, or other data, that is evaluated.",
        "check": "After the first epoch, {series:name} is at least {trained:number}, less noise.",
        "check.errors": "After the first epoch, {series:name} is at most {trained:number}, but for "
        "noise.",
        "unless": "validation data are of another kind on purpose.",
    }

    share: float = option(
        0.6,
        "Validation below this share of the training metric is far worse.",
        source="in each of 42 public runs that log one metric on both kinds of data, one of the "
        "first three validations reached 84% of training or more; well below that",
        gt=0,
        lt=1,
    )
    level: float = option(
        0.6,
        "Smallest training metric, as a share of perfect.",
        source="chosen by eye: better than guessing between two",
        gt=0,
        lt=1,
    )
    first: int = option(
        3,
        "So many validations at the start must all be far worse.",
        source="chosen by eye: statistics of batch norm may lag behind for an epoch or two",
        ge=1,
        le=6,
    )
    lasting: float = option(
        0.8, "Share of all validations that must be.", source="chosen by eye", gt=0, le=1
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a validation near chance beside good training, and gaps that open later."""
        train = 0.95 - 0.25 * (falling(30, seed=360, start=1.0, floor=0.0))
        broken = 0.12 + np.abs(noise(30, 0.05, 361))
        overfit = 0.7 - 0.4 * np.linspace(0, 1, 30)
        return (
            Example(
                "12% beside 70% after one epoch",
                _run(train, broken),
                fires=True,
            ),
            Example("both good", _run(train, train - 0.03), fires=False),
            Example("a gap that opens later", _run(train, overfit), fires=False),
            Example("both poor", _run(train - 0.6, broken), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the metrics at the first validations, then at all."""
        pair = _pair(run)
        if pair is None:
            raise NotApplicable("no metric is logged on both training and validation data")
        if not _by_epoch(run, pair.val):
            raise NotApplicable("it is not known that the first validation ended the first epoch")
        if began_trained(run):
            raise NotApplicable("the config says that the run began with trained weights")
        good = pair.known >= self.level
        far = good & (pair.found < self.share * pair.known)
        if far[: self.first].all() and far.mean() >= self.lasting:
            yield self._found(pair)

    def _found(self, pair: _Pair) -> Finding:
        val, first = pair.val, int(pair.val.steps[0])
        good = pair.known >= self.level
        ratio = float(np.median(pair.found[good] / pair.known[good]))
        until = val.steps[min(self.first, len(val)) - 1]
        measured = "validation as a share of training, median"
        return self.finding(
            confidence=certainty(self.share / max(ratio, 0.05), 0.5, 0.7),
            evidence=[
                stretch(val, first, val.steps[-1], measured, ratio, self.share),
                stretch(
                    pair.train,
                    pair.train.steps[0],
                    max(int(pair.train.steps[0]), min(int(until), int(pair.train.steps[-1]))),
                    "training in the first epoch",
                    float(pair.trained[0]),
                    None,
                ),
            ],
            variants=dict.fromkeys(("evidence", "check"), "errors") if val.sign > 0 else None,
            axis=val.axis.value,
            step=first,
            train=pair.train.tag,
            series=val.tag,
            trained=smoothed(pair.train, At(first, float(pair.trained[0]))),
            val=float(val.values[0]),
            share=self.share,
        )


def _run(train: Floats, val: Floats) -> Run:
    return make_run(train_accuracy=train, val_accuracy=val, axis=Axis.EPOCH)


def _pair(run: RunView) -> _Pair | None:
    """Return the first metric that is logged on both kinds of data."""
    for val in run.every("val/metric"):
        for train in run.every("train/metric"):
            same = train.role.quantity == val.role.quantity and val.role.quantity in _QUANTITIES
            if same and train.axis is val.axis and len(val) and len(train):
                return _paired(train, val)
    return None


def _paired(train: Curve, val: Curve) -> _Pair:
    # In per cent if either is: a validation that knows nothing may be at 1%.
    share = max(Share(train), Share(val), key=lambda share: share.whole)
    trained = averaged(train, val)
    return _Pair(train, val, trained, share.right(trained), share.right(val.values))


def _by_epoch(run: RunView, val: Curve) -> bool:
    """Tell whether a run validates once an epoch, and was first validated after the first."""
    if val.axis in (Axis.EPOCH, Axis.ROW):
        return bool(val.steps[0] <= 1)
    epochs, epoch = run.settings.number("epochs"), run.get("epoch")
    if epoch is not None and len(epoch):
        return float(np.interp(val.steps[0], epoch.steps, epoch.values)) <= 1.0
    return epochs is not None and len(val) >= 0.9 * epochs
