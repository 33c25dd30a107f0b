"""Curves for the examples that rules ship: seeded, so that they are the same every time."""

from __future__ import annotations

import numpy as np

from advisor.run import Floats


def noise(n: int, size: float, seed: int) -> Floats:
    """Return ``float64[n]`` of normal scatter with standard deviation ``size``."""
    return np.asarray(size * np.random.default_rng(seed).normal(size=n))


def falling(
    n: int,
    *,
    seed: int,
    start: float = 2.3,
    floor: float = 0.4,
    rate: float = 5.0,
    size: float = 0.02,
) -> Floats:
    """Return a loss that falls from ``start`` to ``floor``, ``rate`` time constants long."""
    return floor + (start - floor) * np.exp(-rate * np.linspace(0, 1, n)) + noise(n, size, seed)


def turning(n: int, *, seed: int, at: float = 0.3, rise: float = 0.5, size: float = 0.02) -> Floats:
    """Return a loss that falls until ``at`` (a fraction of the run) and rises by ``rise`` after."""
    x = np.linspace(0, 1, n)
    fall = 0.8 + 1.5 * np.exp(-5 * x / max(at, 1e-9))
    return np.asarray(fall + rise * np.clip((x - at) / (1 - at), 0, None) + noise(n, size, seed))


def with_values(values: Floats, value: float, *places: int) -> Floats:
    """Return a copy with ``value`` at some places."""
    changed = values.copy()
    changed[list(places)] = value
    return changed


def half_cosine(n: int, end: float) -> Floats:
    """Return a rate that follows a cosine down to 0 at ``end`` (a fraction) and stays there."""
    x = np.minimum(np.linspace(0, 1, n) / end, 1.0)
    return np.asarray(0.1 * (1 + np.cos(np.pi * x)) / 2)


def stopped(n: int, end: float) -> Floats:
    """Return a loss that falls as fast as the rate of ``half_cosine`` lets it."""
    moved = np.cumsum(half_cosine(n, end)) / (0.1 * n)
    return np.asarray(0.3 + 2.0 * np.exp(-3.0 * moved) + noise(n, 0.01, 82))


def dancing(n: int, rises: int) -> Floats:
    """Return a loss that falls, and on its way rises and recovers so many times."""
    x = np.linspace(0, 1, n)
    wave = np.clip(np.sin(2 * np.pi * rises * np.clip((x - 0.15) / 0.85, 0, 1)), 0, None)
    return falling(n, seed=51, rate=12) + np.asarray(0.9 * wave)


def relieved(n: int) -> Floats:
    """Return a loss that stands still, noisily, until it gets lower and calmer at 60%."""
    x = np.linspace(0, 1, n)
    loud = np.where(x < 0.6, 0.05, 0.015)
    return np.asarray(0.5 + 1.8 * np.exp(-20 * x) + 0.4 * (x < 0.6) + loud * noise(n, 1.0, 52))
