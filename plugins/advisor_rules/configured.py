"""What rules on the recorded settings share: they speak only of what the config says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from advisor.finding import Change, Finding, Severity
from advisor.hyperparameters import Hyperparameters
from advisor.model import Value
from advisor.rule import ADVICE_PARTS, Example, Nature, Rule, Subject
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules.signs.measure import stretch

LOSS = "train/loss|val/loss"
"""A run that logged neither did not train, as far as the log tells."""

Config = Mapping[str, Value]
Direction = Literal["up", "down", "set"]


class ConfiguredRule(Rule):
    """A rule on settings: always an opportunity, so always a note."""

    severity = Severity.NOTE
    subject: ClassVar[Subject] = "config"
    nature = Nature.OPTION
    requires = (LOSS,)

    def told(
        self,
        run: RunView,
        confidence: float,
        *changes: Change,
        because: Finding | None = None,
        variant: str = "",
        **params: Any,
    ) -> Finding:
        """Build a finding about the whole run, or about where another finding was made.

        ``variant`` picks ``part.variant`` for every part that has one. ``series`` and ``count``
        (its points) are among the parameters.
        """
        curve = run[LOSS]
        first, last = int(curve.steps[0]), int(curve.steps[-1])
        whole = stretch(curve, first, last, "points trained so", float(len(curve)), None)
        return self.finding(
            confidence=round(confidence, 2),
            evidence=because.evidence[:1] if because else [whole],
            changes=changes,
            variants={part: variant for part in ADVICE_PARTS if f"{part}.{variant}" in self.texts},
            series=because.evidence[0].series if because else curve.tag,
            count=len(curve),
            **params,
        )


def shown(title: str, series: Mapping[str, Floats], config: Config, *, fires: bool) -> Example:
    """Make an example of curves and settings."""
    return Example(title, make_run(series=series, config=config), fires)


def change(settings: Hyperparameters, parameter: str, after: Value, direction: Direction) -> Change:
    """Propose another value of a setting, under the run's own name for it."""
    found = settings.get(parameter)
    return Change.model_validate(
        {
            "parameter": parameter,
            "path": found.path if found else None,
            "from": found.value if found else None,
            "to": after,
            "direction": direction,
            "horizon": "full",
        }
    )


def own_name(settings: Hyperparameters, parameter: str) -> str:
    """Return the run's own name for a setting; the canonical one if it has none."""
    return settings.path(parameter) or parameter
