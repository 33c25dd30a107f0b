"""Another learning rate than the one that a run had."""

from __future__ import annotations

from advisor.finding import Change
from advisor.text import told
from advisor.view import RunView
from advisor_rules.signs.usual_rates import logged_apart, logged_peak, was_set


def lower_rate(run: RunView, factor: float = 10.0) -> Change:
    """Propose the learning rate divided by ``factor``. The rule must declare ``lr``."""
    words = told("1/{factor:number} of the current rate", factor=factor)
    if (passed := _passed(run)) is not None:
        template = "1/{factor:number} of the base rate, which is {rate:rate} or more"
        words = told(template, factor=factor, rate=passed)
    return _rate(run, 1.0 / factor, "down", words)


def higher_rate(run: RunView, factor: float) -> Change:
    """Propose the learning rate times ``factor``. The rule must declare ``lr``."""
    words = told("{factor:number} times the current rate", factor=factor)
    if (passed := _passed(run)) is not None:
        template = "{factor:number} times the base rate, which is {rate:rate} or more"
        words = told(template, factor=factor, rate=passed)
    return _rate(run, factor, "up", words)


def _passed(run: RunView) -> float | None:
    """Return the highest logged rate where a schedule only passed it, and no base is recorded."""
    if run.settings.number("learning_rate") is not None or was_set(run):
        return None
    return logged_peak(run)


def _rate(run: RunView, factor: float, direction: str, words: str) -> Change:
    """Start from the recorded rate, else from the peak of the logged one if somebody set it.

    Of a logged rate fewer digits are told. Where its peak differs from the recorded rate, no number
    is known that the settings could be given.
    """
    current, digits = run.settings.number("learning_rate"), 3
    if current is None and (peak := logged_peak(run)) is not None:
        current, digits = float(f"{peak:.3g}") if was_set(run) else None, 2
    elif logged_apart(run) is not None:
        current = None
    return Change.model_validate(
        {
            "parameter": "learning_rate",
            "path": run.settings.path("learning_rate"),
            "from": current,
            "to": words if current is None else float(f"{current * factor:.{digits}g}"),
            "direction": direction,
        }
    )
