"""What the rules on comparisons share: a choice is better only beyond seed noise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np

from advisor.finding import Change, Finding, Severity
from advisor.model import Value
from advisor.rule import Example, Nature, NotApplicable, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, of
from advisor_probe.statistics import Interval, gain

EVIDENCE = (
    "From {seeds:count seed|seeds}, on the same batches, the held-out loss is {share:percent} "
    "lower with {after:name} than with {before:name} (at least {low:percent}, 95%)."
)
UNLESS = "the choice was compared over full trainings already: these were short."
BASIS = "0.6: better beyond seed noise in 150 steps, which a full training may not show."


class Better(NamedTuple):
    """A choice that is better than another beyond seed noise."""

    name: str
    gained: Interval


class ComparedRule(MeasuredRule):
    """A rule on a comparison: always an opportunity, so always a note."""

    severity = Severity.NOTE
    nature = Nature.OPTION
    basis = BASIS
    probe: ClassVar[str]
    before: ClassVar[str]
    after: ClassVar[tuple[str, ...]]

    least: float = option(
        0.02, "Smallest gain on held-out data.", source="chosen by eye", gt=0, lt=1
    )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell which of the other choices is better than the first, if any is."""
        better = self.better(run)
        if better is not None and self.applies(run):
            yield self.told(run, better)

    def applies(self, _run: RunView) -> bool:
        """Tell whether the comparison is of any use to this user."""
        return True

    def better(self, run: RunView) -> Better | None:
        """Return the best choice that is better beyond seed noise; ``None`` if none is.

        Raises ``NotApplicable`` if none was measured.
        """
        before = run[of(self.probe, self.before)[0]].effective.values
        curves = {name: run.get(of(self.probe, name)[0]) for name in self.after}
        tried = {name: curve.effective.values for name, curve in curves.items() if curve}
        if not tried:
            raise NotApplicable("The probe found none of these choices to vary")
        found = []
        for name, values in tried.items():
            after = np.full(len(before), values[-1]) if len(values) == 1 else values
            if len(after) == len(before):
                gained = gain(before, after, len(tried))
                if gained is not None and gained.low > self.least:
                    found.append(Better(name, gained))
        return max(found, key=lambda one: one.gained.mean, default=None)

    def told(self, run: RunView, better: Better) -> Finding:
        """Build the finding."""
        gained = better.gained
        curves = [run[of(self.probe, name)[0]] for name in (self.before, better.name)]
        before, after = self.called(run, better.name)
        return self.finding(
            confidence=0.6,
            evidence=[cited(c, "share by which it is lower", gained.mean) for c in curves],
            changes=self.changes(run, better.name),
            seeds=gained.pairs,
            share=gained.mean,
            low=gained.low,
            before=before,
            after=after,
            **self.more(run, better.name),
        )

    def called(self, _run: RunView, name: str) -> tuple[str, str]:
        """Return what the first choice and the better one are called."""
        return self.labels.get(self.before, self.before), self.labels.get(name, name)

    def more(self, _run: RunView, _name: str) -> Mapping[str, Any]:
        """Return what else the texts say of the better choice."""
        return {}

    def changes(self, _run: RunView, _name: str) -> Sequence[Change]:
        """Return what to change for a choice."""
        return ()

    def at_its_rate(self, run: RunView, name: str, **changes: Value) -> Sequence[Change]:
        """Return what to set for a choice, and the rate at which it was better: not the user's."""
        rate = fact(run, f"{self.probe}.{name}_rate")
        if isinstance(rate, int | float):
            changes["learning_rate"] = float(f"{rate:.2g}")
        return [
            Change.model_validate({"parameter": parameter, "to": value, "direction": "set"})
            for parameter, value in changes.items()
        ]

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a choice that is better on each seed, one that is not, and one within noise."""
        base = [0.50, 0.52, 0.48, 0.51, 0.49]
        return (
            cls._example("better on each seed", base, [x - 0.2 for x in base], fires=True),
            cls._example("no different", base, [x + 0.01 for x in base], fires=False),
            cls._example("within noise", base, [0.3, 0.7, 0.4, 0.6, 0.5], fires=False),
        )

    labels: ClassVar[Mapping[str, str]] = {}
    """What choices are called where their names would not say."""
    facts: ClassVar[Mapping[str, Value]] = {}
    """What the examples need to be known besides."""

    @classmethod
    def _example(
        cls, title: str, before: list[float], after: list[float], *, fires: bool
    ) -> Example:
        series = dict.fromkeys(of(cls.probe, *cls.after), after)
        series |= {of(cls.probe, cls.before)[0]: before}
        series |= {key: before for key in cls.requires if key not in series}
        return Example(title, make_run(series=series, config=dict(cls.facts)), fires)
