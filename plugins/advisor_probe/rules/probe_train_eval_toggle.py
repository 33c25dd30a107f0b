"""The rule ``probe-train-eval-toggle``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, notes, of, own, shown

TRAINING, MOVED, DIFFERS = of("evaluation", "training", "buffers_moved", "differs")


class ProbeTrainEvalToggle(MeasuredRule):
    """The user's evaluation leaves dropout or batch normalization in training mode.

    ## What it checks
    During a call of the user's ``evaluate(model, val)`` on a model in training mode, whether a
    dropout or batch normalization layer still trains. That is seen in the layer itself. How much
    two evaluations differ tells what it costs.

    ## Why it matters
    Dropout makes the evaluated model a worse, random one; batch normalization judges each sample
    by its neighbours, and learns from the validation data.

    ## What to do
    ``model.eval()`` before each evaluation, ``model.train()`` after it, and ``torch.no_grad()``.

    ## When to ignore it
    Dropout stays on by intent, as for an estimate of uncertainty.
    """

    name = "probe-train-eval-toggle"
    stage = Stage.PROGRAM
    severity = Severity.ERROR
    requires = (TRAINING,)
    uses = (MOVED, DIFFERS)
    symptoms = ("evaluation sees another model",)
    basis = "0.97: it was seen in the layers themselves."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("A common mistake is to forget to toggle train and eval mode of the net."),
        own("The check is exact: all planted faults found, no false alarm."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Call `model.eval()` before evaluating",
        "observed": "{layers:count layer trains|layers train} during the evaluation",
        "evidence": "While `evaluate` ran, {names:names} were in training mode; "
        "{moved:count statistic was|statistics were} changed, and a second evaluation differed by "
        "{differs:percent}.",
        "do": "Put `model.eval()` and `torch.no_grad()` around the evaluation, and `model.train()` "
        "after it.",
        "why": "Dropout and batch normalization make it another model than the one that you will "
        "use.",
        "check": "Two evaluations in a row give the same number.",
        "unless": "dropout is meant to stay on.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return an evaluation that forgets the mode, and one that does not."""
        names = {"training": ("net.1", "net.2")}
        faulty = {"training": 2.0, "buffers_moved": 3.0, "differs": 0.08}
        good = {"training": 0.0, "buffers_moved": 0.0, "differs": 0.0}
        return (
            shown("mode forgotten", "evaluation", faulty, names, fires=True),
            shown("in order", "evaluation", good, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell which layers were seen in training mode."""
        layers = int(run[TRAINING].values[-1])
        if layers < 1:
            return
        names = fact(run, "evaluation.training", ())
        yield self.finding(
            confidence=0.97,
            evidence=[cited(run[TRAINING], "layers in training mode", float(layers), 0.0)],
            layers=layers,
            names=names if isinstance(names, tuple) and names else ("some layers",),
            moved=int(self.value(run, MOVED) or 0),
            differs=max(self.value(run, DIFFERS) or 0.0, 0.0),
        )
