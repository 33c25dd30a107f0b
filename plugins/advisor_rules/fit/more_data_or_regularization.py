"""The rule ``more-data-or-regularization``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Change, Citation, Finding, Severity
from advisor.language import term
from advisor.roles import Task
from advisor.rule import Example, Rule, Stage
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.examples import falling, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.given.regularizers import Lacking, lacking


class MoreDataOrRegularization(Rule):
    """The run overfits, and its config turns a regularizer off.

    ## What it checks
    Where ``overfitting`` fires, looks in the config for weight decay or dropout that is 0, and
    for an optimizer whose settings are recorded without a weight decay. What the config does
    not mention is not known to be off, and not reported. The finding stands beneath that of
    ``overfitting``: it says which regularizer is there to be turned on.

    ## Why it matters
    A model that fits the particulars of its training data is held back by a penalty on its
    weights, by noise in its layers, or by data with other particulars.

    ## What to do
    Turn on the regularizer that is off, at a moderate value, and change nothing else. To know
    whether more data would help, train once on half of the data: if validation is clearly
    worse, more will help.

    ## When to ignore it
    The regularizer was tried and did not help, or another one is in use.
    """

    name = "more-data-or-regularization"
    stage = Stage.FIT
    severity = Severity.NOTE
    requires = ("train/loss", "val/loss")
    uses = roles_of(Overfitting)
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.VALIDATION_WORSE,)
    separated_by = ("a run on half of the data: is its validation clearly worse?",)
    basis = "That of the overfitting, times 0.9 for a regularizer that is 0, 0.7 if left out."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("A large gap with validation dropping: more regularization or more data."),
        sources.wandb(5, "More dropout reduces overfitting; rates of 0.1 to 0.5."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Turn on {parameter:text}, or add data",
        "observed": "Overfitting without {parameter:text}",
        "evidence": "{series:name} rose after {axis:text} {step:step}, and {path:name} is 0 among "
        "the {settings:count setting|settings} recorded.",
        "evidence.absent": "{series:name} rose after {axis:text} {step:step}, and the optimizer "
        "is recorded without a weight decay among {settings:count setting|settings}.",
        "do": "Set {parameter:text} to {start:rate} and change nothing else. Train once on half "
        "of the data: if validation is clearly worse, more data will help too.",
        "why": "A penalty on the weights or noise in the layers keeps a model from fitting what is "
        "particular to its training data; so does data with other particulars.",
        "check": "{series:name} rises later or less, at the price of a higher training loss.",
        "unless": "it was tried and did not help, or another regularizer is in use.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return overfitting without weight decay, with it, and with nothing recorded."""
        train, turned = falling(100, seed=100, floor=0.1), turning(100, seed=101)
        return (
            Example(
                "overfits, weight decay is 0",
                make_run(train_loss=train, val_loss=turned, config={"weight_decay": 0.0}),
                fires=True,
            ),
            Example(
                "overfits with both",
                make_run(
                    train_loss=train, val_loss=turned, config={"weight_decay": 0.1, "dropout": 0.1}
                ),
                fires=False,
            ),
            Example(
                "overfits, nothing recorded",
                make_run(train_loss=train, val_loss=turned),
                fires=False,
            ),
            Example(
                "does not overfit",
                make_run(train_loss=train, val_loss=train, config={"weight_decay": 0.0}),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for a regularizer that is off where the run overfits."""
        missing = lacking(run.settings)
        over = first_finding(run, Overfitting) if missing else None
        if over is not None:
            yield self._found(run, over, missing[0])

    def _found(self, run: RunView, over: Finding, missing: Lacking) -> Finding:
        absent = missing.path is None
        return self.finding(
            confidence=round(over.confidence * (0.7 if absent else 0.9), 2),
            evidence=[over.evidence[0]],
            changes=[_turn_on(missing)],
            variants={"evidence": "absent"} if absent else None,
            series=over.evidence[0].series,
            axis=run["val/loss"].axis.value,
            step=over.evidence[0].first_step,
            parameter=_NAMES[missing.parameter],
            path=missing.path or "",
            settings=len(run.settings.recorded),
            start=missing.start,
        )


_NAMES = {"weight_decay": term("weight decay"), "dropout": term("dropout")}


def _turn_on(missing: Lacking) -> Change:
    return Change.model_validate(
        {
            "parameter": missing.parameter,
            "path": missing.path,
            "from": None if missing.path is None else 0.0,
            "to": missing.start,
            "direction": "up",
            "horizon": "full",
        }
    )
