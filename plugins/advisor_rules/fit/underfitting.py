"""The rule ``underfitting``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Evidence, Finding, Severity
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.text import Message, message
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.examples import falling, noise
from advisor_rules.learning_rate.weight_decay_with_lr import WeightDecayWithLr
from advisor_rules.learning_time import schedule_ended
from advisor_rules.measure import certainty, relative, stretch, turn
from advisor_rules.reached import Reached, reached


class _Remedy(NamedTuple):
    """What to loosen, as far as the settings tell."""

    words: Message
    change: Change | None
    variant: str = ""


class Underfitting(Rule):
    """Training and validation are equally far from good, and neither moves any more.

    ## What it checks
    Compares the levels of training and validation loss at the end. The rule fires if validation
    is worse by no more than ``gap``, neither moved by more than ``flat`` in the last half (or the
    learning rate ended near 0: then nothing moves any more, though all may have until then), the
    run did learn something, and it is far from a reference: the accuracy or F1 of a classifier, its
    loss against ln(C) where the number C of classes is recorded, or the loss of a regression
    against its first step, shows no more than ``skill`` between guessing and perfect. What guessing
    gives a classifier is known from the recorded C, or from a first step that costs ln(C). Without
    such a reference it stays silent: a finished run looks the same. A joint rise that is clearly
    above noise is ``still-improving``; under a schedule that ended, both may be said.

    ## Why it matters
    A model that does no better on the data it is trained on cannot gain from more training,
    more data or more regularization.

    ## What to do
    See whether the model can learn twenty samples by heart. If it can, regularize less if you do,
    else make the model larger. If it cannot, something holds it back: inputs out of scale, units
    that saturate, a learning rate far off, or a mistake in the program. Where the settings name
    the likeliest of these, a finding of its own stands beside this one.

    ## When to ignore it
    The labels are so noisy, or the inputs say so little, that nothing does better.
    """

    name = "underfitting"
    stage = Stage.FIT
    severity = Severity.NOTE
    requires = ("train/loss", "val/loss")
    uses = roles_of(StillImproving, PastBest, WeightDecayWithLr)
    points = 6
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.PLATEAU, symptoms.TOO_SLOW)
    silences = ("pretrained-backbone", "batch-too-small-noise")
    separated_by = ("train on twenty samples until the loss is near 0",)
    basis = (
        "0.5 to 0.75, growing with the distance to perfect, and 0.45 where both still moved: "
        "noisy labels, and a short training, look the same."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(2, "Too small a difference between the curves may mean underfitting."),
        sources.notes(
            "Training close to validation, both hardly rising: too small a model; train longer "
            "or use a bigger one."
        ),
        sources.wandb(5, "A lower dropout rate helps against underfitting."),
        sources.wandb(1, "Too few layers or neurons cannot learn the patterns in the data."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Fit the training data better: {change:sentence}",
        "observed": "Training and validation level off together",
        "evidence": "{train:name} and {series:name} ended at {fit:number} and {end:number}, while "
        "{judged:name} stood at {level:number} where guessing gives {guessing:number}.",
        "evidence.unknown": "{train:name} and {series:name} ended at {fit:number} and "
        "{end:number}, while {judged:name} stood at {level:number} of {whole:number}.",
        "do": "For the next run change one thing: {change:sentence}. First check that the model "
        "can learn twenty samples by heart.",
        "do.open": "Train on twenty samples, without regularization. If the loss gets near 0, try "
        "wider layers; if it does not, scale the inputs, try ReLU, and compare a tenth and ten "
        "times the learning rate.",
        "do.blind": "Train on twenty samples, without regularization. If the loss gets near 0, "
        "regularize less, or {change:sentence}; if it does not, scale the inputs, try ReLU, and "
        "compare a tenth and ten times the learning rate.",
        "why": "A model that is no better on the data it has seen than on new data has not used "
        "up what is in the training data.",
        "check": "{train:name} ends below {fit:number}; {series:name} follows, at first.",
        "unless": "the labels are so noisy that nothing does better.",
    }

    gap: float = option(
        0.1,
        "Largest distance of the validation loss above the training loss at the end, as a share "
        "of the level (or of a third of the gain, for a loss that may be negative).",
        source="measured on small trainings that are level and far from good: of 62 logs between "
        "0.05 and 0.1 one did not lose by a fault, of 36 between 0.1 and 0.2 at least four",
        gt=0,
    )
    flat: float = option(
        0.02,
        "Largest change of either loss over the last half, in the same unit.",
        source="chosen by eye: twice what still-improving asks for, to cover the noise of a slope",
        gt=0,
    )
    skill: float = option(
        0.5,
        "Largest share of the way from guessing to perfect.",
        source="chosen by eye; a model half way there on its own training data left much of it",
        gt=0,
        lt=1,
    )
    wide: int = option(
        5,
        "Recorded width of the layers from which the size is not the first suspect.",
        source="the bound of hidden-size: of 22 such trainings with more units the size was what "
        "was wrong in none",
        ge=1,
    )
    learned: float = option(
        0.1,
        "Smallest fall of the training loss from its start, in the same unit.",
        source="chosen by eye; below, the run has hardly begun to learn, which is another problem",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run that levels off far from good, and runs that are good, or gape."""
        train = falling(60, seed=90, start=2.3, floor=1.7, rate=12)
        near = train + noise(60, 0.01, 91)
        poor = 0.4 - 0.3 * np.exp(-12 * np.linspace(0, 1, 60)) + noise(60, 0.004, 92)
        return (
            Example(
                "levels off at 40% accuracy",
                make_run(
                    train_loss=train, val_loss=near, val_accuracy=poor, config={"dropout": 0.5}
                ),
                fires=True,
            ),
            Example(
                "levels off at 90% accuracy",
                make_run(train_loss=train, val_loss=near, val_accuracy=poor + 0.5),
                fires=False,
            ),
            Example(
                "training is better than validation",
                make_run(train_loss=train - 0.8, val_loss=near, val_accuracy=poor),
                fires=False,
            ),
            Example(
                "nothing to hold it against",
                make_run(train_loss=train, val_loss=near),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the ends of both losses, then what the run reached."""
        train, val = run["train/loss"], run["val/loss"]
        if not (self._learned(train) and self._together(train, val)):
            return
        ended, level = schedule_ended(run), all(map(self._level, (train, val)))
        if not level and (not ended or _worsens(val)):
            return
        if first_finding(run, PastBest, *(() if ended else (StillImproving,))) is not None:
            return
        reference = reached(run)
        if reference is None:
            raise NotApplicable(
                "there is nothing to tell a good end from a poor one: log val/accuracy, or record "
                "num_classes"
            )
        if reference.skill <= self.skill:
            yield self._found(run, reference, level=level)

    def _learned(self, curve: Curve) -> bool:
        """Tell whether the loss left its initial level; one that did not has another problem."""
        start, end = curve.trend.start, curve.trend.tail(0.15)
        fell = start - end.value
        return fell > 3 * curve.trend.noise and relative(curve, fell, end) >= self.learned

    def _together(self, train: Curve, val: Curve) -> bool:
        """Tell whether training is no better than validation: worse, it was made harder."""
        end = val.trend.tail(0.15)
        return relative(val, end.value - train.trend.tail(0.15).value, end) <= self.gap

    def _level(self, curve: Curve) -> bool:
        slope = curve.trend.slope(0.5)
        still = abs(relative(curve, slope.change, curve.trend.tail())) <= self.flat
        return (still or abs(slope.t) < 1.0) and not _worsens(curve, self.flat)

    def _found(self, run: RunView, reference: Reached, *, level: bool) -> Finding:
        train, val = run["train/loss"], run["val/loss"]
        remedy = self._remedy(run)
        strength = (1.0 - max(reference.skill, 0.0)) / (1.0 - self.skill)
        variants = {"evidence": "unknown"} if reference.guessing is None else {}
        variants |= {"do": remedy.variant} if remedy.variant else {}
        return self.finding(
            confidence=certainty(strength, 0.5, 0.75) if level else 0.45,
            evidence=self._evidence(train, val, reference),
            changes=() if remedy.change is None else (remedy.change,),
            variants=variants,
            train=train.tag,
            series=val.tag,
            fit=train.trend.tail(0.15).value,
            end=val.trend.tail(0.15).value,
            judged=reference.curve.tag,
            level=reference.level,
            guessing=math.nan if reference.guessing is None else reference.guessing,
            whole=reference.whole,
            change=remedy.words,
        )

    def _remedy(self, run: RunView) -> _Remedy:
        """Propose less of what is recorded as much, else a larger model if it may be small."""
        settings = run.settings
        dropout, width = settings.number("dropout"), settings.number("hidden_size")
        drowned = first_finding(run, WeightDecayWithLr)
        if dropout is not None and 0.05 <= dropout < 1:
            target = float(f"{dropout / 2:.2g}")
            said = message("underfitting.dropout", "lower dropout to {target:rate}", target=target)
            return _Remedy(said, _change(settings, "dropout", dropout, target))
        if drowned is not None:
            said = message("underfitting.decay", "lower the weight decay")
            return _Remedy(said, drowned.changes[0])
        if width is not None and width >= self.wide:
            return _Remedy(message("underfitting.open", "find what holds it back"), None, "open")
        said = message("underfitting.width", "make its layers twice as wide")
        if width is None:
            wider = _change(settings, "hidden_size", None, "twice the current width")
            return _Remedy(said, wider, "blind")
        return _Remedy(said, _change(settings, "hidden_size", width, round(2 * width)))

    def _evidence(self, train: Curve, val: Curve, reference: Reached) -> list[Evidence]:
        end = val.trend.tail(0.15)
        gap = relative(val, end.value - train.trend.tail(0.15).value, end)
        judged, skill = "way from guessing to perfect", reference.skill
        return [
            stretch(reference.curve, *_later(reference.curve), judged, skill, self.skill),
            stretch(val, *_later(val), "difference from the training loss", gap, self.gap),
            stretch(train, *_later(train), "level", train.trend.tail(0.15).value, None),
        ]


def _worsens(curve: Curve, least: float = 0.02) -> bool:
    turned = turn(curve)
    return turned.t > 3 and turned.relative > least


def _later(curve: Curve) -> tuple[int, int]:
    """Return the steps of the last half of a curve."""
    first, last = int(curve.steps[0]), int(curve.steps[-1])
    return first + (last - first) // 2, last


def _change(
    settings: Hyperparameters, parameter: str, current: float | None, target: float | str
) -> Change:
    way = "down" if parameter == "dropout" else "up"
    told = {"parameter": parameter, "path": settings.path(parameter), "direction": way}
    return Change.model_validate({**told, "from": current, "to": target, "horizon": "full"})
