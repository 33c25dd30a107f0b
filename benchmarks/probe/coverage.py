"""How often the interval of a verification holds the truth, and how often it is wrong of nothing.

    .venv/bin/python -m benchmarks.probe.coverage [TRIALS]

Drawn are pairs of losses whose log ratio has a known mean and spread, normal or heavy-tailed
(Student's t with 4 degrees of freedom); no training goes on falling. Each trial takes the looks
that ``advisor verify`` takes, and stops where it would. Of the interval that it then reports is
counted how often it holds the true gain; and how often ``better`` is said of a change that gains
nothing.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from advisor.run import Floats
from advisor_probe.verifying.looks import LOOKS, Judged, Looks
from advisor_probe.verifying.reached import Pairs, Reached

MARGIN = 0.01
SPREADS = (0.005, 0.02, 0.1)
GAINS = (0.0, 0.5, 1.0, 2.0, 4.0)
"""True log ratios, in spreads."""
TAILS = {"normal": 0, "heavy-tailed": 4}
"""Degrees of freedom of the noise; 0 stands for the normal."""


class Counted(NamedTuple):
    """Shares of trials."""

    covered: float
    better: float
    worse: float
    pairs: float
    """Mean number of pairs at the end."""


def main(trials: int) -> None:
    """Print a line for each kind of noise, spread and gain, then for families of changes."""
    print("noise         spread   gain  covered  better  worse  pairs")
    every = []
    for noise, freedom in TAILS.items():
        for spread in SPREADS:
            for size in GAINS:
                counted = repeated(trials, size * spread, spread, freedom)
                every.append(counted.covered)
                shown = f"{counted.covered:8.3f} {counted.better:7.3f} {counted.worse:6.3f}"
                gain = -math.expm1(-size * spread)
                print(f"{noise:13} {spread:6.3f} {gain:6.1%} {shown} {counted.pairs:6.1f}")
    print(f"covered: {min(every):.3f} to {max(every):.3f}, mean {np.mean(every):.3f}")
    for count in (2, 5):
        wrong = np.mean([any(_ruled_wrong(judged)) for judged in _families(trials, count)])
        print(f"{count} changes that gain nothing: any better or worse in {wrong:.3f}")


def repeated(trials: int, truth: float, spread: float, freedom: int) -> Counted:
    """Verify one change again and again."""
    random = np.random.default_rng(1)
    ended = [_one(random, truth, spread, freedom) for _ in range(trials)]
    gain = -math.expm1(-truth)
    intervals = [judged.interval for judged, _ in ended]
    covered = [one is not None and one.low <= gain <= one.high for one in intervals]
    return Counted(
        float(np.mean(covered)),
        float(np.mean([judged.ruling == "better" for judged, _ in ended])),
        float(np.mean([judged.ruling == "worse" for judged, _ in ended])),
        float(np.mean([pairs for _, pairs in ended])),
    )


def _one(
    random: np.random.Generator, truth: float, spread: float, freedom: int
) -> tuple[Judged, int]:
    pairs = _drawn(random, truth, spread, freedom)
    looks = Looks(1, MARGIN)
    for count in LOOKS:
        judged = looks.look({0: _first(pairs, count)})[0]
        if judged.ruling != "undecided":
            break
    return judged, count


def _families(trials: int, count: int) -> Iterator[dict[int, Judged]]:
    """Verify several changes together, none of which changes anything but the noise."""
    random = np.random.default_rng(2)
    for _ in range(trials):
        pairs = {place: _drawn(random, 0.0, 0.1, 0) for place in range(count)}
        looks = Looks(count, MARGIN)
        judged: dict[int, Judged] = {}
        for pairs_now in LOOKS:
            left = {p: _first(pairs[p], pairs_now) for p in pairs if p not in _settled(judged)}
            judged |= looks.look(left)
        yield judged


def _settled(judged: dict[int, Judged]) -> set[int]:
    return {place for place, one in judged.items() if one.ruling != "undecided"}


def _ruled_wrong(judged: dict[int, Judged]) -> Iterator[bool]:
    yield from (one.ruling in ("better", "worse") for one in judged.values())


def _drawn(random: np.random.Generator, truth: float, spread: float, freedom: int) -> Pairs:
    """Draw pairs whose log ratios have this mean and standard deviation."""
    count = LOOKS[-1]
    before = np.exp(random.normal(0.0, 0.3, count))
    noise = random.standard_t(freedom, count) if freedom else random.normal(size=count)
    scale = math.sqrt((freedom - 2) / freedom) if freedom else 1.0
    return Pairs(_level(before), _level(before * np.exp(-truth - spread * scale * noise)))


def _level(losses: Floats) -> Reached:
    return Reached(losses, losses, losses, losses)


def _first(pairs: Pairs, count: int) -> Pairs:
    return Pairs(*(Reached(*(losses[:count] for losses in side)) for side in pairs))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000)
