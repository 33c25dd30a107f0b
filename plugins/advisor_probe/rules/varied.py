"""What the rules on the target's own settings share: what was varied is told by its facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from advisor.finding import Change
from advisor.model import Value
from advisor.view import RunView
from advisor_probe.rules.compared import ComparedRule
from advisor_probe.rules.measured import fact, of


class VariedRule(ComparedRule):
    """A rule on one kind of settings, each varied by itself against the settings as they are."""

    requires = of("settings", "user")
    probe = "settings"
    before = "user"

    def called(self, run: RunView, name: str) -> tuple[str, str]:
        """Call the choices by the setting and its values."""
        path = fact(run, f"settings.{name}_path")
        before, after = (fact(run, f"settings.{name}_{when}") for when in ("before", "after"))
        return f"{path}={_written(before)}", f"{path}={_written(after)}"

    def changes(self, run: RunView, name: str) -> Sequence[Change]:
        """Propose the value that was better."""
        known: Mapping[str, Value] = {
            what: fact(run, f"settings.{name}_{what}")
            for what in ("parameter", "path", "before", "after")
        }
        if known["parameter"] is None:
            return ()  # a file that the probe did not write so
        change = {
            "parameter": known["parameter"],
            "path": known["path"],
            "from": known["before"],
            "to": known["after"],
            "direction": _direction(known["before"], known["after"]),
        }
        return [Change.model_validate(change)]


def example_facts(
    slots: Sequence[str], parameter: str, before: Value, after: Value
) -> dict[str, Value]:
    """Return the facts of examples in which each slot was the same setting, under that name."""
    values = {"parameter": parameter, "path": parameter, "before": before, "after": after}
    return {f"settings.{slot}_{what}": value for slot in slots for what, value in values.items()}


def _written(value: Value) -> str:
    return str(list(value)) if isinstance(value, tuple) else str(value)


def _direction(before: Value, after: Value) -> str:
    numbers = isinstance(before, int | float) and isinstance(after, int | float)
    if not numbers or isinstance(before, bool):
        return "set"
    return "up" if after > before else "down"  # type: ignore[operator]  # both are numbers
