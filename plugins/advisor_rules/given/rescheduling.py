"""Proposing another schedule of the learning rate."""

from __future__ import annotations

from advisor.curve import Curve
from advisor.finding import Change
from advisor.view import RunView


def stretched(run: RunView, curve: Curve, last: int) -> Change:
    """Propose the same schedule with its end at the end of the run."""
    return scheduled(run, f"the same, ending at {curve.axis.value} {last:,}")


def scheduled(run: RunView, to: str) -> Change:
    """Propose another schedule of the rate, in words: a change of the whole training."""
    setting = run.settings.get("lr_schedule")
    return Change.model_validate(
        {
            "parameter": "lr_schedule",
            "path": setting.path if setting else None,
            "from": setting.value if setting else None,
            "to": to,
            "direction": "set",
            "horizon": "full",
        }
    )
