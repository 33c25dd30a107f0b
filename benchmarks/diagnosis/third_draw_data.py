"""Data sets of the third held-out draw: inputs ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_sample_image
from sklearn.feature_extraction.image import PatchExtractor

Table = tuple[NDArray[Any], NDArray[Any]]


def _rng() -> np.random.Generator:
    return np.random.default_rng(31)


def hills(n: int = 1800) -> Table:
    """Return the height of a plane of twelve hills and hollows, measured worse the higher up."""
    rng = _rng()
    x = rng.uniform(-1, 1, size=(n, 2))
    centres, heights = rng.uniform(-1, 1, size=(12, 2)), rng.uniform(0.5, 1.5, size=12)
    heights[::2] *= -1
    away = ((x[:, None] - centres) ** 2).sum(2)
    height = (heights * np.exp(-away / 0.1)).sum(1)
    return x, height + (0.1 + 0.2 * np.abs(height)) * rng.normal(size=n)


def choices(n: int = 2200) -> Table:
    """Return which of four offers somebody chose, who does not always choose the one liked most.

    The columns are price and quality of each, then income and patience of who chooses; how much
    price and quality count depends on the last two (a multinomial logit).
    """
    rng = _rng()
    price, quality = rng.normal(size=(2, n, 4))
    income, patience = rng.normal(size=(2, n, 1))
    liked = 1.5 * np.tanh(patience) * quality - np.exp(-0.6 * income) * price
    chosen = (1.6 * liked + rng.gumbel(size=(n, 4))).argmax(1)
    return np.hstack([price, quality, income, patience]), chosen


def colours(n: int = 1800, side: int = 3) -> Table:
    """Return the green of patches of a photograph; red and blue in the middle of each, as logs."""
    picture = load_sample_image("flower.jpg")[::2, ::2]
    extractor = PatchExtractor(patch_size=(side, side), max_patches=n, random_state=7)
    patches = extractor.transform(picture[None])
    return patches[..., 1].reshape(n, -1), np.log1p(patches[:, side // 2, side // 2, ::2])


def gratings(n: int = 1800, side: int = 8) -> Table:
    """Return pictures of noisy stripes of any width; the class is which of four ways they run.

    They run at any angle, and near the border of two classes their label is a matter of luck.
    """
    rng = _rng()
    angle = rng.uniform(0, np.pi, size=(n, 1, 1))
    length, phase = rng.uniform(3, 6, size=(n, 1, 1)), rng.uniform(0, 2 * np.pi, size=(n, 1, 1))
    row, column = np.mgrid[:side, :side]
    along = column * np.cos(angle) + row * np.sin(angle)
    pictures = np.sin(2 * np.pi * along / length + phase) + 0.8 * rng.normal(size=(n, side, side))
    judged = angle.ravel() + 0.1 * rng.normal(size=n)
    return pictures.reshape(n, -1), (judged * 4 / np.pi).astype(np.int64) % 4


def constellations(n: int = 1600, points: int = 8) -> Table:
    """Return points of the plane in any order: the class is what they lie on.

    That is a line, a circle, two clumps, or nothing; all of any place, size and direction.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    along = rng.uniform(-1.5, 1.5, size=(n, points))
    turn = rng.uniform(0, 2 * np.pi, size=(n, points))
    clump = np.where(rng.random((n, points)) < 0.5, -1.0, 1.0)
    nothing = np.zeros((n, points))
    kinds = np.stack([
        np.stack([along, nothing], axis=2),
        np.stack([np.cos(turn), np.sin(turn)], axis=2),
        np.stack([clump, nothing], axis=2),
        rng.uniform(-1, 1, size=(n, points, 2)),
    ])  # fmt: skip
    x = kinds[labels, np.arange(n)] + 0.15 * rng.normal(size=(n, points, 2))
    angle = rng.uniform(0, 2 * np.pi, size=n)
    across = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1)
    x = np.einsum("npi,nij->npj", x, across.reshape(n, 2, 2))
    x = x * rng.uniform(0.7, 1.3, size=(n, 1, 1)) + 0.2 * rng.normal(size=(n, 1, 2))
    return x.reshape(n, -1), labels


def chains(n: int = 1800, steps: int = 14) -> Table:
    """Return series in which each value follows from the two before it; the class is how.

    They are autoregressions of second order, each driven by noise alone, so that a short one may
    look like another.
    """
    rng = _rng()
    follows = np.array([[1.2, -0.5], [0.6, 0.3], [-0.5, 0.4], [0.3, -0.8]])
    labels = rng.integers(4, size=n)
    x = rng.normal(size=(n, steps))
    for step in range(2, steps):
        x[:, step] += (follows[labels] * x[:, [step - 1, step - 2]]).sum(1)
    return x, labels


def changes(n: int = 1500, steps: int = 24) -> Table:
    """Return noise that changes somewhere: in its mean, its spread, its trend, or not at all."""
    rng = _rng()
    labels = rng.integers(4, size=n)[:, None]
    after = np.arange(steps) - rng.integers(6, steps - 8, size=(n, 1))
    up = np.where(rng.random((n, 1)) < 0.5, -1.0, 1.0)
    x = rng.normal(size=(n, steps)) * np.where((labels == 1) & (after >= 0), 2.5, 1.0)
    x += 1.2 * up * ((labels == 0) & (after >= 0))
    x += 0.2 * up * (labels == 2) * np.maximum(after, 0)
    return x, labels.ravel()
