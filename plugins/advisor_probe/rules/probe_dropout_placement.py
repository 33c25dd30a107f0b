"""The rule ``probe-dropout-placement``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, of, shown, wandb

OUTPUT, AFTER_SELU, BEFORE_NORM = of("dropout-places", "output", "after_selu", "before_norm")


class ProbeDropoutPlacement(MeasuredRule):
    """Dropout stands where it does harm: at the output, after SELU, or before batch norm.

    ## What it checks
    One forward pass in training mode, in which each tensor is followed: is what a dropout layer
    gives the model's output, does it get what SELU gives, does batch norm get what it gives. This
    is exact; dropout as a function instead of a layer is not seen.

    ## Why it matters
    Dropout at the output deletes predictions. After SELU it destroys the mean and deviation that
    SELU keeps. Before batch norm the statistics of training are not those of evaluation.

    ## What to do
    Move dropout before the last layer; use `nn.AlphaDropout` with SELU; put dropout after the last
    batch norm.

    ## When to ignore it
    It is meant so, and was measured: only dropout at the output is more than a note.
    """

    name = "probe-dropout-placement"
    stage = Stage.FIT
    severity = Severity.WARNING
    requires = (OUTPUT,)
    uses = (AFTER_SELU, BEFORE_NORM)
    symptoms = ("the dropout is unusual",)
    basis = "0.9: what is passed from layer to layer is followed, not guessed."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(5, "No dropout in the output layer; care with batch norm; AlphaDropout with SELU."),
        Citation(
            source="Li et al. (2018), Understanding the disharmony between dropout and batch norm",
            supports="Dropout before batch norm shifts the variance between training and "
            "evaluation.",
            url="https://arxiv.org/abs/1801.05134",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Move the dropout before the last layer",
        "title.after_selu": "Use AlphaDropout after SELU",
        "title.before_norm": "Put dropout after the last batch norm",
        "observed": "Dropout at the output",
        "observed.after_selu": "Plain dropout after SELU",
        "observed.before_norm": "Dropout right before batch norm",
        "evidence": "What {layer:name} gives is the output of the model, so that it deletes a part "
        "of each prediction.",
        "evidence.after_selu": "{layer:name} gets what SELU gives, and changes its mean and "
        "deviation.",
        "evidence.before_norm": "What {layer:name} gives goes into batch norm, whose statistics "
        "then differ between training and evaluation.",
        "do": "Move {layer:name} before the last layer with weights.",
        "do.after_selu": "Put `nn.AlphaDropout` in the place of {layer:name}.",
        "do.before_norm": "Put dropout after the last batch norm, or leave one of the two out.",
        "why": "Deleted outputs are wrong predictions, whatever the model has learned.",
        "why.after_selu": "SELU normalizes itself only while mean and deviation are kept.",
        "why.before_norm": "Dropout makes the variance of what follows larger in training only.",
        "check": "The training loss starts and ends lower.",
        "unless": "it is meant so, and was measured.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return dropout at each wrong place, and between hidden layers."""

        def example(title: str, *values: int, fires: bool) -> Example:
            names = ("output", "after_selu", "before_norm")
            measured: dict[str, float] = dict(zip(names, map(float, values), strict=True))
            facts = {name: ("3",) if value else () for name, value in measured.items()}
            return shown(title, "dropout-places", measured, facts, fires=fires)

        return (
            example("at the output", 1, 0, 0, fires=True),
            example("after SELU", 0, 1, 0, fires=True),
            example("before batch norm", 0, 0, 1, fires=True),
            example("between hidden layers", 0, 0, 0, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell each wrong place."""
        for key in (OUTPUT, AFTER_SELU, BEFORE_NORM):
            place = key.rpartition("/")[2]
            if count := self.value(run, key):
                at_output = key == OUTPUT
                parts = ("title", "observed", "evidence", "do", "why")
                layers = fact(run, f"dropout-places.{place}")
                yield self.finding(
                    confidence=0.9,
                    evidence=[cited(run[key], "layers of dropout there", count)],
                    variants={} if at_output else dict.fromkeys(parts, place),
                    severity=Severity.WARNING if at_output else Severity.NOTE,
                    layer=str(layers[0]) if isinstance(layers, tuple) and layers else "a layer",
                )
