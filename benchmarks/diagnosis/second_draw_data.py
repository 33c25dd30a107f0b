"""Data sets of the second held-out draw: inputs ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = tuple[NDArray[Any], NDArray[Any]]


def _rng() -> np.random.Generator:
    return np.random.default_rng(23)


def links(n: int = 1600) -> Table:
    """Return two linked circles in three dimensions, with some scatter; the class is the circle."""
    rng = _rng()
    labels = rng.integers(2, size=n)
    turn = rng.uniform(0, 2 * np.pi, size=n)
    flat, nothing = np.stack([np.cos(turn), np.sin(turn)], axis=1), np.zeros((n, 1))
    lying = np.hstack([flat, nothing])
    standing = np.hstack([flat[:, :1] + 1.0, nothing, flat[:, 1:]])
    x = np.where(labels[:, None] == 0, lying, standing)
    return x + 0.2 * rng.normal(size=(n, 3)), labels


def forks(n: int = 2400) -> Table:
    """Return three classes by a decision tree over eight columns; a quarter are drawn anew."""
    rng = _rng()
    x = rng.normal(size=(n, 8))
    left = np.where(x[:, 1] > 0.3, 0, np.where(x[:, 2] > 0.0, 1, 2))
    right = np.where(x[:, 3] > -0.2, np.where(x[:, 4] > 0.4, 1, 2), 0)
    labels = np.where(x[:, 0] > 0.0, left, right)
    return x, np.where(rng.random(n) < 0.25, rng.integers(3, size=n), labels)


def pendulum(n: int = 1800) -> Table:
    """Return where a damped pendulum is after a while, measured badly.

    The columns are its first angle (rad) and speed (rad/s), its damping (1/s), and the while (s).
    """
    rng = _rng()
    x = rng.uniform((-2.5, -2.0, 0.0, 0.5), (2.5, 2.0, 0.6, 2.5), size=(n, 4))
    angle, speed, damping, while_ = x.T.copy()
    steps = 100
    for _ in range(steps):
        speed = speed - (4.0 * np.sin(angle) + damping * speed) * while_ / steps
        angle = angle + speed * while_ / steps
    return x, angle + 0.7 * rng.normal(size=n)


def blots(n: int = 1500, side: int = 10) -> Table:
    """Return pictures of one to four round blots at any place, with noise; the class counts."""
    rng = _rng()
    labels = rng.integers(4, size=n)
    row, column = np.mgrid[:side, :side]
    pictures = 0.3 * rng.normal(size=(n, side, side))
    for at, label in enumerate(labels):
        for down, across in rng.uniform(0.5, side - 1.5, size=(label + 1, 2)):
            pictures[at] += 2.0 * np.exp(-((row - down) ** 2 + (column - across) ** 2) / 1.5)
    return pictures.reshape(n, -1), labels


def orders(n: int = 1800, steps: int = 8) -> Table:
    """Return noise with two spikes, up or down; the class is the sign of the first and second."""
    rng = _rng()
    labels = rng.integers(4, size=n)
    x = 0.5 * rng.normal(size=(n, steps))
    rows = np.arange(n)
    first = rng.integers(steps // 2, size=n)
    second = first + rng.integers(2, steps // 2 + 1, size=n)
    x[rows, first] += 2.0 * np.where(labels // 2 == 0, -1, 1)
    x[rows, second] += 2.0 * np.where(labels % 2 == 0, -1, 1)
    return x, labels


def peaks(n: int = 1600, steps: int = 18) -> Table:
    """Return noise, and the largest mean of three steps in a row, measured with some error."""
    rng = _rng()
    x = rng.normal(size=(n, steps))
    largest = np.lib.stride_tricks.sliding_window_view(x, 3, axis=1).mean(2).max(1)
    return x, largest + 0.15 * rng.normal(size=n)


def rhythms(n: int = 2000, steps: int = 20) -> Table:
    """Return noisy pulses every three to six steps, some of them left out; the class is which."""
    rng = _rng()
    labels = rng.integers(4, size=n)
    time = np.arange(steps)[None] + rng.integers(60, size=(n, 1))
    beats = (time % (labels[:, None] + 3) == 0) & (rng.random((n, steps)) > 0.15)
    return 1.6 * beats + 0.6 * rng.normal(size=(n, steps)), labels
