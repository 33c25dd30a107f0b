"""What to loosen where a model is as poor on the data it has seen as on new data."""

from __future__ import annotations

from typing import NamedTuple

from advisor.finding import Change
from advisor.hyperparameters import Hyperparameters
from advisor.rule import NotApplicable
from advisor.text import Message, message
from advisor.view import RunView
from advisor_rules.asking import first_finding
from advisor_rules.given.regularizers import USUAL_DROPOUT
from advisor_rules.learning_rate.weight_decay_with_lr import WeightDecayWithLr
from advisor_rules.signs.made_harder import refuse_noisy_labels
from advisor_rules.signs.measure import END
from advisor_rules.signs.right_answers import Share

CONSULTED = WeightDecayWithLr
"""The rule that is asked: its roles must be declared."""


_EXPLAINED = frozenset({"r2"})
"""Metrics that tell the share of what varies that a model explains."""


class Loosened(NamedTuple):
    """What to loosen, as far as the settings tell."""

    words: Message
    change: Change | None
    variant: str = ""
    """Which form of what to do fits: ``open``, ``blind`` or ``harder``, or the usual one."""


def loosened(run: RunView, wide: float, *, harder: bool) -> Loosened:
    """Propose less of what is recorded as much, else a larger model if it may be small.

    Layers of ``wide`` units and more are not the first suspect, and no layers are where something
    makes training ``harder`` than validation.
    """
    settings = run.settings
    dropout, width = settings.number("dropout"), settings.number("hidden_size")
    drowned = first_finding(run, CONSULTED)
    if dropout is not None and 0.05 <= dropout < 1:
        target = float(f"{dropout / 2:.2g}")
        said = message("underfitting.dropout", "lower dropout to {target:rate}", target=target)
        return Loosened(said, _change(settings, "dropout", dropout, target))
    if drowned is not None:
        said = message("underfitting.decay", "lower the weight decay")
        return Loosened(said, drowned.changes[0])
    if harder:
        said = message("underfitting.harder", "lower dropout, or what else only training has")
        lower = _change(settings, "dropout", None, "half the current rate")
        return Loosened(said, lower if dropout is None else None, "harder")
    if width is not None and width >= wide:
        return Loosened(message("underfitting.open", "find what holds it back"), None, "open")
    said = message("underfitting.width", "make its layers twice as wide")
    if width is None:
        wider = _change(settings, "hidden_size", None, "twice the current width")
        return Loosened(said, wider, "blind")
    return Loosened(said, _change(settings, "hidden_size", width, round(2 * width)))


def nothing_to_loosen(run: RunView, wide: float) -> bool:
    """Tell whether a width is recorded, and it is as usual, with what is recorded of the rest."""
    return run.settings.number("hidden_size") is not None and not _much_to_loosen(run, wide)


def refuse_noise(run: RunView, wide: float, most: float) -> None:
    """Raise ``NotApplicable`` where what a model misses may be noise: in labels, or in numbers.

    A validation R² (of 1) above ``most`` shows that it learned. What it leaves unexplained, in
    training too, is noise as likely as a model that is too small, unless the settings name a reason
    to learn too little. The rule must declare ``val/metric``, and what is asked for noisy labels.
    """
    refuse_noisy_labels(run)
    if _much_to_loosen(run, wide):
        return
    for curve in run.every("val/metric"):
        explained = Share.of(curve, _EXPLAINED)
        if explained is not None and explained.tail(END).value > most:
            raise NotApplicable(
                "{series:name} tells how much the model explains, not how much could be "
                "explained: the rest may be noise",
                series=curve.tag,
            )


def _much_to_loosen(run: RunView, wide: float) -> bool:
    """Tell whether a recorded width, dropout or decay is reason enough to learn nothing."""
    dropout, width = run.settings.number("dropout"), run.settings.number("hidden_size")
    heavy = dropout is not None and dropout > USUAL_DROPOUT[1]
    narrow = width is not None and width < wide
    return heavy or narrow or first_finding(run, CONSULTED) is not None


def _change(
    settings: Hyperparameters, parameter: str, current: float | None, target: float | str
) -> Change:
    way = "down" if parameter == "dropout" else "up"
    told = {"parameter": parameter, "path": settings.path(parameter), "direction": way}
    return Change.model_validate({**told, "from": current, "to": target, "horizon": "full"})
