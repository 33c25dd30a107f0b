"""Whether training and validation came to rest together, and no other rule says what they did."""

from __future__ import annotations

from advisor.finding import Evidence
from advisor.rule import Rule
from advisor.view import RunView
from advisor_rules.asking import first_finding
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.signs import at_rest
from advisor_rules.signs.made_harder import made_harder
from advisor_rules.signs.measure import END, last_half, stretch
from advisor_rules.signs.reached import Reached

ASKED: tuple[type[Rule], ...] = StillImproving, PastBest
"""The rules that are asked: their roles must be declared."""
HALF = 0.5
"""The largest share of the way to perfect at which the far gap of ``underfitting`` holds, which was
measured with it (chosen by eye)."""


def levelled(run: RunView, gap: float, opening: float, flat: float, settling: float) -> bool | None:
    """Tell whether both stood, as far as their noise tells; ``None`` where neither came to rest.

    The bounds are those of ``underfitting``. The rule must declare the roles of the rules that are
    asked, and ``train/metric``, and require both losses.
    """
    train, val = run["train/loss"], run["val/loss"]
    if not (made_harder(run) or at_rest.together(train, val, gap, opening)):
        return None
    stood = at_rest.level(train, val, flat)
    ended = at_rest.comes_to_rest(run, settling)
    if not (stood or at_rest.rests(train, val, settling if ended else flat)):
        return None
    if not ended and at_rest.gets_better(run.get("val/metric"), settling):
        return None
    past = () if at_rest.rose_with(train, val) else (PastBest,)
    fresh = () if ended else (StillImproving,)
    return stood if first_finding(run, *past, *fresh) is None else None


def evidence(run: RunView, reference: Reached, most: float, widest: float) -> list[Evidence]:
    """Name how far from perfect and how far apart both ended, with the bounds of both.

    The rule must require both losses.
    """
    train, val = run["train/loss"], run["val/loss"]
    judged, way = reference.curve, "way from guessing to perfect"
    gap, low = "difference from the training loss", train.trend.tail(END).value
    return [
        stretch(judged, *last_half(judged), way, reference.skill, most),
        stretch(val, *last_half(val), gap, at_rest.apart(train, val), widest),
        stretch(train, *last_half(train), "level", low, None),
    ]
