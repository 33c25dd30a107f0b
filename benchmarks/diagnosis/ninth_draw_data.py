"""Data sets of the ninth held-out draw: ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.diagnosis.sixth_draw_data import shipped

Table = tuple[NDArray[Any], NDArray[Any]]

AIR, DRAG, FALLS = 1.2, 0.47, 9.81
"""Density of the air (kg/m³), drag of a ball, and how fast what is let go gains speed (m/s²)."""
TICK, TICKS = 0.03, 240
"""Seconds between two places of a ball, and how many are followed: more than any is in the air."""
GASES, SENSORS = 6, 8
ARMS = np.array([[1, 0, 0, 0], [1, 0, 1, 0], [1, 1, 0, 0], [1, 1, 0, 1], [1, 1, 1, 1]])
"""In which of four directions, one after the other, the roads of each kind of junction lead."""
LESSONS, ROOMS = 5, 3
"""Lessons of a day; there are as many teachers as rooms."""


def _rng() -> np.random.Generator:
    return np.random.default_rng(89)


def panes() -> Table:
    """Return how strongly 163 panes of glass refract, as a forensic laboratory found.

    The columns are the shares (%) of eight oxides (Evett and Spiehler 1987).
    """
    rows = np.array(shipped(40675), dtype=np.float64)
    return rows[:, 1:-1], rows[:, 0]


def throws(n: int = 1700) -> Table:
    """Return how far a ball flies (m) that the air slows down, measured badly.

    The columns are how fast (m/s), how steeply (°) and from how high (m) it is thrown, its mass
    (kg) and width (m), and the wind (m/s), from behind or from ahead.
    """
    rng = _rng()
    least, most = np.array([[8, 10, 0, 0.05, 0.04, -8], [32, 70, 3, 0.4, 0.14, 8]])
    x = rng.uniform(least, most, size=(n, 6))
    speed, steep, high, mass, wide, wind = x.T
    slows = AIR * DRAG * np.pi * wide**2 / (8 * mass)
    turn = np.deg2rad(steep)
    ahead, up, far = speed * np.cos(turn), speed * np.sin(turn), np.zeros(n)
    for _ in range(TICKS):
        flies = high >= 0
        against = slows * np.hypot(ahead - wind, up)
        far, high = far + flies * TICK * ahead, high + flies * TICK * up
        ahead, up = ahead - TICK * against * (ahead - wind), up - TICK * (FALLS + against * up)
    return x, far * (1 + 0.08 * rng.normal(size=n)) + 2.5 * rng.normal(size=n)


def noses(n: int = 1800) -> Table:
    """Return which gas sensors smell that answer to every gas, and to damp air as well.

    The columns are logarithms of what ``SENSORS`` show, and how damp and how warm the air is. How
    much of the gas there is varies by a factor of a hundred.
    """
    rng = _rng()
    labels = rng.integers(GASES, size=n)
    answers = rng.normal(size=(GASES, SENSORS))
    steep = rng.uniform(0.5, 0.9, size=SENSORS)
    damps, warms = 0.5 * rng.normal(size=(2, SENSORS))
    much = rng.uniform(-2, np.log(100) - 2, size=(n, 1))
    damp, warm = rng.uniform(-1, 1, size=(2, n, 1))
    shown = np.logaddexp(0.0, steep * (answers[labels] + much)) + damps * damp + warms * warm
    drifts = 0.1 * rng.normal(size=(n, 1))
    return np.hstack([shown + drifts + 0.3 * rng.normal(size=shown.shape), damp, warm]), labels


def junctions(n: int = 2000, side: int = 8) -> Table:
    """Return noisy pictures of roads: a dead end, a road, a bend, a fork or a crossing.

    Roads are of any width and brightness and lead along rows and columns; a car stands somewhere.
    """
    rng = _rng()
    labels = rng.integers(len(ARMS), size=n)
    row, column = np.mgrid[:side, :side]
    middle = rng.uniform(side / 2 - 2, side / 2 + 1, size=(2, n, 1, 1))
    down, across = row - middle[0], column - middle[1]
    wide = rng.uniform(0.6, 1.1, size=(n, 1, 1))
    turned = (np.arange(4) + rng.integers(4, size=(n, 1))) % 4
    leads = np.take_along_axis(ARMS[labels], turned, axis=1)
    ways = np.stack([-down, across, down, -across], axis=1)
    asides = np.stack([across, down, across, down], axis=1)
    roads = np.exp(-((asides / wide[:, None]) ** 2)) / (1 + np.exp(-3 * (ways + 0.5)))
    lit = rng.uniform(1.1, 1.7, size=(n, 1, 1)) * (leads[:, :, None, None] * roads).max(1)
    car = rng.integers(side, size=(2, n, 1, 1))
    pictures = lit + 1.2 * ((row == car[0]) & (column == car[1]))
    return (pictures + 0.45 * rng.normal(size=pictures.shape)).reshape(n, -1), labels


def contests(n: int = 2000, steps: int = 8) -> Table:
    """Return how far two throw, in any order: the class is who throws farthest, and in which half.

    A step holds who throws, -1 or 1, and how far; both are noted badly.
    """
    rng = _rng()
    who = rng.choice([-1.0, 1.0], size=(n, steps))
    far = rng.normal(size=(n, steps))
    best = far.argmax(1)
    wins = who[np.arange(n), best] > 0
    noted = np.stack([who, far], axis=2) + np.array([0.35, 0.15]) * rng.normal(size=(n, steps, 2))
    return noted.reshape(n, -1), 2 * wins + (best >= steps // 2)


def appliances(n: int = 1800, steps: int = 32) -> Table:
    """Return what power a house draws while a kettle, a fridge, an oven, a washer or a lamp is on.

    It is turned on at any time; other things are on as well and change now and then.
    """
    rng = _rng()
    labels = rng.integers(5, size=n)
    start = rng.integers(1, steps // 2, size=(n, 1))
    since = np.arange(steps) - start
    takes = rng.integers(3, 7, size=(n, 1))
    cycle = since % rng.integers(4, 8, size=(n, 1))
    kinds = np.stack([
        1.0 * (since < takes),
        np.where(cycle < 2, 0.9 - 0.4 * (cycle == 1), 0.0),
        np.where(since < takes, 1.0, 0.9 * (cycle == 0)),
        np.where(since < takes, 0.8, 0.35 * rng.random((n, steps))),
        0.5 * np.ones((n, steps)),
    ])  # fmt: skip
    strength = rng.uniform(0.7, 1.3, size=(n, 1))
    drawn = strength * kinds[labels, np.arange(n)] * (since >= 0)
    changes = 0.3 * rng.normal(size=(n, steps)) * (rng.random((n, steps)) < 0.1)
    return drawn + changes.cumsum(1) + 0.22 * rng.normal(size=(n, steps)), labels


def timetables(n: int = 2400) -> Table:
    """Return lessons in any order: the class is whether two clash by room, teacher, or both.

    Of each lesson the columns tell when it begins and ends (hours, not quite as it is), then its
    room and its teacher.
    """
    rng = _rng()
    many = 12 * n
    begin = rng.uniform(0, 8, size=(many, LESSONS))
    end = begin + rng.uniform(0.7, 1.6, size=(many, LESSONS))
    place = rng.integers(ROOMS, size=(2, many, LESSONS))
    one, other = np.triu_indices(LESSONS, 1)
    together = np.minimum(end[:, one], end[:, other]) > np.maximum(begin[:, one], begin[:, other])
    room, teacher = (together & (place[..., one] == place[..., other])).any(2)
    kinds = 2 * room + teacher
    rows = np.concatenate([np.flatnonzero(kinds == kind)[: n // 4] for kind in range(4)])
    times = np.stack([begin, end], axis=2)[rows] + 0.12 * rng.normal(size=(len(rows), LESSONS, 2))
    known = np.eye(ROOMS)[place[:, rows]]
    return np.concatenate([times, *known], axis=2).reshape(len(rows), -1), kinds[rows]
