"""Data sets of the fourth held-out draw: inputs ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = tuple[NDArray[Any], NDArray[Any]]


def _rng() -> np.random.Generator:
    return np.random.default_rng(41)


def pipes(n: int = 1600) -> Table:
    """Return how fast the pressure falls along a pipe, as a logarithm, measured badly.

    The columns are logarithms of width (m), speed (m/s), roughness (share of the width) and
    viscosity (m²/s). Slow flow resists as Hagen and Poiseuille say, other flow as Swamee and Jain.
    """
    rng = _rng()
    x = rng.uniform((-2.0, -1.0, -5.0, -6.0), (-0.5, 1.0, -1.3, -3.0), size=(n, 4))
    width, speed, roughness, viscosity = 10**x.T
    reynolds = speed * width / viscosity
    fast = 0.25 / np.log10(roughness / 3.7 + 5.74 / reynolds**0.9) ** 2
    resistance = np.where(reynolds < 2300, 64 / reynolds, fast)
    return x, np.log10(resistance * speed**2 / width) + 0.3 * rng.normal(size=n)


def arms(n: int = 1800) -> Table:
    """Return where in the plane an arm of three joints ends, at times measured quite wrongly.

    The columns are the angles (rad) of the joints, each from the part before it.
    """
    rng = _rng()
    x = rng.uniform((-2.0, -1.8, -1.8), (2.0, 1.8, 1.8), size=(n, 3))
    turned = x.cumsum(1)
    lengths = np.array([1.0, 0.8, 0.6])
    ends = np.stack([np.cos(turned) @ lengths, np.sin(turned) @ lengths], axis=1)
    return x, ends + 0.2 * rng.standard_t(3, size=(n, 2))


def matches(n: int = 2000) -> Table:
    """Return who won: the one at home, the guest, or nobody.

    The columns are what is known of the one, then of the other; chance has its part.
    """
    rng = _rng()
    sides = rng.normal(size=(n, 2, 5))
    speed, skill, calm, size, age = np.moveaxis(sides, 2, 0)
    strength = 1.2 * np.tanh(speed) + skill * calm + 0.8 * np.abs(size) - 0.4 * age
    ahead = strength[:, 0] - strength[:, 1] + 0.3 + 0.4 * rng.logistic(size=n)
    return sides.reshape(n, -1), np.where(ahead > 0.7, 0, np.where(ahead < -0.7, 1, 2))


def overlaps(n: int = 1800, side: int = 8) -> Table:
    """Return noisy pictures of two boxes: they lie apart, or overlap, or one holds the other."""
    rng = _rng()
    labels = rng.integers(3, size=n)
    pictures = 0.4 * rng.normal(size=(n, side, side))
    for picture, label in zip(pictures, labels, strict=True):
        boxes = _boxes(rng, side)
        while _relation(*boxes) != label:
            boxes = _boxes(rng, side)
        for (top, left), (bottom, right) in boxes:
            picture[top:bottom, left:right] += 1.0
    return pictures.reshape(n, -1), labels


def _boxes(rng: np.random.Generator, side: int) -> NDArray[np.int64]:
    """Return two boxes, each the corner where it starts and the one where it has ended."""
    size = rng.integers(2, side - 1, size=(2, 2))
    start = rng.integers(0, side - size + 1)
    return np.stack([start, start + size], axis=1)


def _relation(one: NDArray[np.int64], other: NDArray[np.int64]) -> int:
    """Return 0 for boxes that lie apart, 1 for overlapping ones, 2 where one holds the other."""
    start, end = np.maximum(one[0], other[0]), np.minimum(one[1], other[1])
    if (start >= end).any():
        return 0
    held = any((start == box[0]).all() and (end == box[1]).all() for box in (one, other))
    return 2 if held else 1


def graphs(n: int = 1600, nodes: int = 8) -> Table:
    """Return graphs as whether an edge joins each pair of nodes: the class is how they grew.

    At random, along a ring, in two halves, or around hubs; about ten edges of the 28 in each case.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    place = np.argsort(rng.random((n, nodes)), axis=1)
    apart = np.abs(place[:, :, None] - place[:, None])
    ring = np.minimum(apart, nodes - apart)
    halves = (place[:, :, None] < nodes // 2) == (place[:, None] < nodes // 2)
    pull = np.array([3.5, 2.0, 1.0, 0.7, 0.6, 0.5, 0.4, 0.3])[place]
    chances = np.stack([
        np.full(ring.shape, 0.37),
        np.select([ring == 1, ring == 2], [0.95, 0.25], 0.06),
        np.where(halves, 0.8, 0.08),
        np.minimum(0.38 * pull[:, :, None] * pull[:, None], 0.95),
    ])  # fmt: skip
    chance = chances[labels, np.arange(n)][:, *np.triu_indices(nodes, 1)]
    return (rng.random(chance.shape) < chance).astype(np.float64), labels


def morse(n: int = 2400, steps: int = 20) -> Table:
    """Return two noisy signals one after the other; the class is which of them are long."""
    rng = _rng()
    labels = rng.integers(4, size=n)
    lengths = np.stack([labels // 2, labels % 2], axis=1) * 3 + rng.integers(1, 3, size=(n, 2))
    start = rng.integers(steps - 12, size=n)
    again = start + lengths[:, 0] + rng.integers(1, 3, size=n)
    time = np.arange(steps)
    x = 0.5 * rng.normal(size=(n, steps))
    for begin, length in zip((start, again), lengths.T, strict=True):
        x += 1.5 * ((time >= begin[:, None]) & (time < (begin + length)[:, None]))
    return x, labels
