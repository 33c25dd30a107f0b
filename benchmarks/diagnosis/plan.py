"""Which trainings are made: cells of seeds, each a way to train or a fault beside its twin."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.diagnosis import healthy
from benchmarks.diagnosis.faults import Fault, faults
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.trials import trials

SEEDS = (1, 2, 3)
SPLITS = {"development": healthy.DEVELOPMENT, "heldout": healthy.HELD_OUT}
MOST = {"development": 6300, "heldout": 1700}
"""By split: about how many trainings it has, those of sweeps not counted.

So many that two cores need about an hour.
"""
SWEPT = 12
"""Bases of which sweeps are made, the first of a split: some 150 sweeps."""
RATES = ("lr-too-high", "lr-too-low")
"""Faults that are runs of sweeps, too, where all that they change of the base is its rate."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One setup for every seed; ``kind``: ``healthy``, ``fault``, ``check``, ``trial``, ...

    ``longer`` and ``faster`` are a fault twice as long, and at three times its rate: what more
    steps, or larger ones, would have brought; of a base's strengths of a fault, one is trained in
    one of these ways. A trial is a run of a sweep that is nothing else: nothing is known of it
    alone.
    """

    kind: str
    name: str
    """The way to train, the fault, or the check."""
    strength: str
    setup: Setup
    twin: Setup | None = None
    """What the setup is held against; none for a healthy one."""

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return f"{self.name} {self.strength}".strip()

    def seeds(self) -> Iterator[Setup]:
        """Yield the setup once for each seed; a trial has one."""
        return (self.setup.changed(seed=s) for s in (SEEDS[:1] if self.kind == "trial" else SEEDS))

    @property
    def needed(self) -> tuple[Setup, ...]:
        """All trainings that judging this cell takes."""
        twins = () if self.twin is None else tuple(self.twin.changed(seed=s) for s in SEEDS)
        return (*self.seeds(), *twins)


def cells(split: str) -> list[Cell]:
    """Return the cells of a split: all that its sweeps take, then as many as it may have."""
    swept = {(base.problem, base.model) for base in SPLITS[split][:SWEPT]}
    made = possible(split)
    own = [cell for cell in made if (cell.setup.problem, cell.setup.model) in swept]
    rates = [cell for cell in own if cell.name in RATES and cell.strength.isdigit()]
    return [
        *quick([*rates, *made], MOST[split]),
        *(cell for cell in own if cell.kind == "trial"),
    ]


def possible(split: str) -> list[Cell]:
    """Return all cells of a split's bases, in an order without meaning that is always the same."""
    return sorted((cell for base in SPLITS[split] for cell in _cells(base)), key=_shuffled)


def quick(found: Iterable[Cell], trainings: int) -> list[Cell]:
    """Return as many cells as come to ``trainings``, without trials.

    Each with what it is judged by: a fault with what else it was trained as, and with its twin;
    what should be healthy with its checks.
    """
    found = list(found)
    checks = _by_twin(cell for cell in found if cell.kind == "check")
    instead = {cell.setup: cell for cell in found if cell.kind in INSTEAD}
    good = {cell.setup: cell for cell in found if cell.kind == "healthy"}
    chosen: dict[Cell, None] = {}
    needed: set[Setup] = set()
    for cell in found:
        if cell.kind not in ("healthy", "fault"):
            continue
        others = [change(cell.setup) for change in INSTEAD.values()]
        group = [cell, *(instead[other] for other in others if other in instead)]
        sound = cell.setup if cell.twin is None else cell.twin
        group += [good[sound], *checks.get(sound, [])]
        needed |= {setup for member in group for setup in member.needed}
        chosen |= dict.fromkeys(group)
        if len(needed) >= trainings:
            break
    return list(chosen)


def longer(setup: Setup) -> Setup:
    """Return a setup twice as long."""
    return setup.changed(epochs=setup.epochs * 2)


def faster(setup: Setup) -> Setup:
    """Return a setup at three times its rate."""
    return setup.changed(learning_rate=setup.learning_rate * 3)


INSTEAD: Mapping[str, Callable[[Setup], Setup]] = {"longer": longer, "faster": faster}
"""What else faults are trained as, by the kind of the cell."""


def also_trained(whole: Iterable[Cell], there: Iterable[Cell]) -> dict[str, dict[str, int]]:
    """Return of how many faults of a plan it is ``there`` what else they were trained as."""
    faults = [cell.setup for cell in whole if cell.kind == "fault"]
    made = {cell.setup for cell in there if cell.kind != "trial"}
    return {
        kind: {"part": sum(change(setup) in made for setup in faults), "of": len(faults)}
        for kind, change in INSTEAD.items()
    }


def _by_twin(checks: Iterable[Cell]) -> dict[Setup, list[Cell]]:
    grouped: dict[Setup, list[Cell]] = {}
    for cell in checks:
        if cell.twin is not None:
            grouped.setdefault(cell.twin, []).append(cell)
    return grouped


def _cells(base: Setup) -> Iterator[Cell]:
    for fault in faults(base):
        yield Cell("fault", fault.name, fault.strength, fault.planted, fault.twin)
    yield from _instead(faults(base))
    for way, setup in _good(base).items():
        yield Cell("healthy", way, "", setup)
        for check, checked in healthy.checks(base, setup).items():
            if checked != setup:
                yield Cell("check", check, way, checked, setup)
    for trial, setup in trials(base).items():
        yield Cell("trial", trial, "", setup)


def _instead(planted: Iterable[Fault]) -> Iterable[Cell]:
    """Return a cell for each fault, in one strength and one way, whichever: all take too long."""
    made = [
        Cell(kind, fault.name, fault.strength, change(fault.planted))
        for fault in planted
        for kind, change in INSTEAD.items()
    ]
    return {cell.name: cell for cell in sorted(made, key=_shuffled, reverse=True)}.values()


def _good(base: Setup) -> dict[str, Setup]:
    """Return the ways to train that should need no advice, and the twins of faults."""
    made = healthy.ways(base)
    known = set(made.values())
    for fault in faults(base):
        if fault.twin not in known:
            known.add(fault.twin)
            made[f"twin of {fault.name} {fault.strength}"] = fault.twin
    return made


def _shuffled(cell: Cell) -> str:
    """Return a key that is the same wherever the plan is made, and the same for all seeds."""
    text = f"{cell.setup.problem} {cell.setup.model} {cell.kind} {cell.title}"
    return hashlib.sha256(text.encode()).hexdigest()
