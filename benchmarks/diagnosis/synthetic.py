"""Data sets made from a seed: inputs ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = tuple[NDArray[Any], NDArray[Any]]


def _rng() -> np.random.Generator:
    return np.random.default_rng(11)


def clusters(n: int = 2600) -> Table:
    """Return five classes around centres that overlap, in ten columns."""
    rng = _rng()
    centres = rng.normal(size=(5, 10)) * 0.9
    labels = rng.integers(5, size=n)
    return centres[labels] + rng.normal(size=(n, 10)), labels


def waves(n: int = 2600) -> Table:
    """Return a smooth function of three inputs with some noise."""
    rng = _rng()
    x = rng.uniform(-2, 2, size=(n, 3))
    y = np.sin(2 * x[:, 0]) + 0.5 * x[:, 1] * x[:, 2]
    return x, y + 0.2 * rng.normal(size=n)


def friedman(n: int = 2200) -> Table:
    """Return Friedman's first function of ten inputs, five of them without effect."""
    rng = _rng()
    x = rng.uniform(size=(n, 10))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2
    return x, y + 10 * x[:, 3] + 5 * x[:, 4] + rng.normal(size=n)


def spirals(n: int = 2400) -> Table:
    """Return three spiral arms in the plane, with some scatter."""
    rng = _rng()
    labels = rng.integers(3, size=n)
    radius = rng.uniform(0.2, 1.0, size=n)
    angle = 4.0 * radius + labels * 2 * np.pi / 3 + 0.25 * rng.normal(size=n)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels


def rings(n: int = 1600) -> Table:
    """Return three shells around one centre in four dimensions, with some scatter."""
    rng = _rng()
    labels = rng.integers(3, size=n)
    x = rng.normal(size=(n, 4))
    radius = 1.0 + 0.8 * labels + 0.2 * rng.normal(size=n)
    return x / np.linalg.norm(x, axis=1, keepdims=True) * radius[:, None], labels


def tones(n: int = 2200, steps: int = 16) -> Table:
    """Return noisy tones of four pitches and any phase, one value a step."""
    rng = _rng()
    labels = rng.integers(4, size=n)
    pitch = np.array([1.0, 1.5, 2.2, 3.2])[labels][:, None]
    time = np.linspace(0, 2 * np.pi, steps)[None]
    phase = rng.uniform(0, 2 * np.pi, size=(n, 1))
    return np.sin(pitch * time + phase) + 0.5 * rng.normal(size=(n, steps)), labels


def counts(n: int = 2400, steps: int = 16) -> Table:
    """Return sequences of -1, 0 and 1; the class is the sign of the sum."""
    rng = _rng()
    x = rng.integers(-1, 2, size=(n, steps))
    return x.astype(np.float64), np.sign(x.sum(1)) + 1


def motifs(n: int = 2400, steps: int = 16) -> Table:
    """Return noise into which one of four short motifs was added somewhere."""
    rng = _rng()
    shapes_ = np.array([[2, -2, 2], [2, 2, 2], [-2, -2, 2], [-2, 2, -2]]) * 1.3
    labels = rng.integers(4, size=n)
    x = rng.normal(size=(n, steps))
    starts = rng.integers(steps - 3, size=n)
    for offset in range(3):
        x[np.arange(n), starts + offset] += shapes_[labels, offset]
    return x, labels


def shapes(n: int = 1800, side: int = 10) -> Table:
    """Return pictures of a bar, a column, a diagonal or a square at any place, with noise."""
    rng = _rng()
    labels = rng.integers(4, size=n)
    pictures = 0.7 * rng.normal(size=(n, side, side))
    for picture, label in zip(pictures, labels, strict=True):
        row, column = rng.integers(side - 5, size=2)
        i = np.arange(5)
        picture[_cells(label, row, column, i)] += 1.5
    return pictures.reshape(n, -1), labels


def _cells(label: int, row: int, column: int, i: NDArray[Any]) -> tuple[Any, Any]:
    if label == 0:
        return row + 0 * i, column + i
    if label == 1:
        return row + i, column + 0 * i
    if label == 2:
        return row + i, column + i
    return row + np.array([0, 0, 1, 1, 1]), column + np.array([0, 1, 0, 1, 1])
