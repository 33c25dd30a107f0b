"""What the rules on measurements share: how they name them, cite them and show examples."""

from __future__ import annotations

from collections.abc import Mapping

import numpy.typing as npt

from advisor.curve import Curve
from advisor.finding import Citation, Evidence
from advisor.model import Value
from advisor.roles import PROBE
from advisor.rule import Example, Rule
from advisor.testing.runs import make_run
from advisor.view import RunView


def of(probe: str, *quantities: str) -> tuple[str, ...]:
    """Return the roles of what a probe measured: ``advisor-probe/inputs/rms``."""
    return tuple(f"{PROBE}{probe}/{quantity}" for quantity in quantities)


class MeasuredRule(Rule):
    """A rule on what probes measured: these are the values that it was given, not guessed."""

    def value(self, run: RunView, key: str) -> float | None:
        """Return the last value of a measurement; ``None`` without a finite one."""
        curve = run.get(key)
        return float(curve.values[-1]) if curve is not None and len(curve) else None


def cited(curve: Curve, measured: str, value: float, threshold: float | None = None) -> Evidence:
    """Cite all of what was measured."""
    steps = curve.logged.steps
    return Evidence(
        series=curve.tag,
        first_step=int(steps.min()),
        last_step=int(steps.max()),
        measured=measured,
        value=value,
        threshold=threshold,
    )


def fact(run: RunView, path: str, otherwise: Value = None) -> Value:
    """Return what a probe saw that is no number, by ``probe.name``."""
    found = run.settings.recorded.get(path)
    return otherwise if found is None else found


def named(run: RunView, path: str, place: int) -> str:
    """Return the name of a layer from a fact that lists names; its number if it has none."""
    names = fact(run, path)
    if isinstance(names, tuple) and place < len(names):
        return str(names[place])
    return f"layer {place}"


def shown(
    title: str,
    probe: str,
    measured: Mapping[str, npt.ArrayLike],
    facts: Mapping[str, Value] | None = None,
    *,
    fires: bool,
) -> Example:
    """Make an example of what one probe measured, by quantity."""
    series = {of(probe, name)[0]: _listed(values) for name, values in measured.items()}
    config = {f"{probe}.{name}": value for name, value in (facts or {}).items()}
    return Example(title, make_run(series=series, config=config), fires)


def _listed(values: npt.ArrayLike) -> npt.ArrayLike:
    return [values] if isinstance(values, int | float) else values


def notes(supports: str) -> Citation:
    """Cite the study notes on tuning."""
    return Citation(
        source="Hyperparameter Tuning, study notes on CS231n lecture 6 and on Karpathy's recipe",
        supports=supports,
        url="https://cs231n.github.io/neural-networks-3/",
        key="N",
    )


def wandb(section: int, supports: str) -> Citation:
    """Cite the Weights & Biases guide, by section."""
    source = "Weights & Biases, Training neural networks"
    return Citation(source=source, supports=supports, key=f"W{section}")


def bullettech(section: int, supports: str) -> Citation:
    """Cite the tips by Void, by section."""
    source = "Void (2021), Tips for Tuning Neural Networks"
    return Citation(source=source, supports=supports, key=f"B{section}")


def overview(supports: str) -> Citation:
    """Cite the overview article."""
    source = "What is neural network tuning? (overview article)"
    return Citation(source=source, supports=supports, key="O")


def own(supports: str) -> Citation:
    """Cite a measurement of our own, which no document says."""
    return Citation(source="advisor's own measurements on planted faults", supports=supports)
