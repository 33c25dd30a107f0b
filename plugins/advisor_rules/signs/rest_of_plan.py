"""What a run that still improved at its end is told: to finish its plan, or to stretch it."""

from __future__ import annotations

from advisor.curve import Curve
from advisor.finding import Change, Finding
from advisor.rule import Rule
from advisor.view import RunView
from advisor_rules.given.recorded import Recorded, early_stopping
from advisor_rules.signs.cut_short import cut_finding
from advisor_rules.signs.half_way import HALF
from advisor_rules.signs.late_gain import late_gain
from advisor_rules.signs.plan_done import Cut, of_length, unfinished, was_resumed


def longer_or_rest(
    rule: Rule, run: RunView, curve: Curve, cut: Cut | None, told: Finding
) -> Finding:
    """Add to ``told``, which says that a curve still improved, how many epochs or steps to train.

    What is left of a plan, as of one that was ``cut`` short, comes before any longer one: then the
    finding says so in the texts of ``CUT_TEXTS``. Where early stopping may have ended the run, it
    cannot be told to go on to the end of its plan, nor does a longer plan bring anything.
    """
    left = unfinished(run, curve) or cut
    if left is None:
        return told.model_copy(update={"changes": _half_as_long_again(run, curve)})
    if early_stopping(run.settings).state is Recorded.ON:
        return told
    if left.variant != "rise":
        left = left._replace(validation=curve, late=late_gain(run, curve))
    found = cut_finding(rule, run, left, HALF, surely=True)
    same = {part: getattr(told, part) for part in ("confidence", "severity", "evidence")}
    return found.model_copy(update=same)


def _half_as_long_again(run: RunView, curve: Curve) -> tuple[Change, ...]:
    """Propose half as many again of what ended a run, its epochs or steps, if a whole number.

    Not of one that goes on from a checkpoint: nobody knows whether its plan ended it.
    """
    if was_resumed(run):
        return ()
    length = of_length(run, curve)
    by_steps = length is not None and length.variant == "steps"
    for parameter in ("steps", "epochs") if by_steps else ("epochs", "steps"):
        current = run.settings.number(parameter)
        if current is not None and current >= 1 and current.is_integer():
            change = Change.model_validate(
                {
                    "parameter": parameter,
                    "path": run.settings.path(parameter),
                    "from": current,
                    "to": round(1.5 * current),
                    "direction": "up",
                    "horizon": "full",
                }
            )
            return (change,)
    return ()
