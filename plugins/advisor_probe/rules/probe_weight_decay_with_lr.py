"""The rule ``probe-weight-decay-with-lr``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from advisor.finding import Change, Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor.text import number
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import fact, notes, of, wandb


class ProbeWeightDecayWithLr(ComparedRule):
    """Another weight decay does better, with the rate found anew for each.

    ## What it checks
    Five seeds trained under the user's weight decay, under none and under ten times as much (a
    usual one where it is off), each at the best of five rates, judged on held-out data. The rule
    fires where another is better beyond seed noise (paired t, 95%, corrected for the comparisons).

    ## Why it matters
    Decay and rate act together: a decay that was found at one rate is wrong at another.

    ## What to do
    Search the two together, coarsely, starting at the decay that was better.

    ## When to ignore it
    Short trainings hardly overfit, and so favour less decay: compare again over your own number
    of steps, with at least two seeds.
    """

    name = "probe-weight-decay-with-lr"
    stage = Stage.LEARNING_RATE
    requires = of("weight-decay", "user")
    uses = of("weight-decay", "more", "none")
    probe = "weight-decay"
    before = "user"
    after = ("more", "none")
    symptoms = ("the weight decay is unusual",)
    facts: ClassVar[Mapping[str, Value]] = {
        "weight-decay.user_decay": 0.01,
        "weight-decay.more_decay": 0.1,
        "weight-decay.none_decay": 0.0,
    }
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("A small grid of rates and decays; keep the decay small while looking for a rate."),
        wandb(8, "Weight decay is tuned together with rate, batch size and momentum."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Search weight decay and learning rate together",
        "observed": "{after:name} is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Try {after:name} at a rate of about {rate:rate}, and its neighbours, over full "
        "trainings.",
        "why": "How much a decay shrinks the weights depends on the rate.",
        "check": "Validation is better at the end of a full training.",
        "unless": UNLESS,
    }

    def more(self, run: RunView, name: str) -> Mapping[str, Any]:
        """Return the rate that the better decay was trained at."""
        return {"rate": _number(fact(run, f"weight-decay.{name}_rate"))}

    def called(self, run: RunView, name: str) -> tuple[str, str]:
        """Call a decay by its value."""
        values = (_number(fact(run, f"weight-decay.{one}_decay")) for one in ("user", name))
        before, after = (f"weight_decay={number(value)}" for value in values)
        return before, after

    def changes(self, run: RunView, name: str) -> Sequence[Change]:
        """Propose the better decay, at its rate."""
        before, after = (fact(run, f"weight-decay.{one}_decay") for one in ("user", name))
        way = "up" if _number(after) > _number(before) else "down"
        change = {"parameter": "weight_decay", "from": before, "to": after, "direction": way}
        return [Change.model_validate(change), *self.at_its_rate(run, name)]


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
