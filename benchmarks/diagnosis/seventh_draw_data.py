"""Data sets of the seventh held-out draw: ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.diagnosis.sixth_draw_data import shipped

Table = tuple[NDArray[Any], NDArray[Any]]

LEAST = np.array([0.05, 100.0, 63070.0, 990.0, 63.1, 700.0, 1120.0, 1500.0])
MOST = np.array([0.15, 50000.0, 115600.0, 1110.0, 116.0, 820.0, 1680.0, 15000.0])
"""Bounds of what is known of a well: see ``wells``."""
ILLNESSES = (0.3, 0.25, 0.2, 0.15, 0.1)
"""How many of those who are ill have each illness."""
SIGNS = 10
"""Signs of an illness that somebody has or has not."""
BONDS = np.array([[0.9, -0.4, 0.5], [-0.4, 0.3, 1.0], [0.5, 1.0, -1.0]])
CHARGES = np.array([1.0, -0.6, 0.1])
"""What a bond between two of the three kinds of atoms adds, and what each kind carries."""


def _rng() -> np.random.Generator:
    return np.random.default_rng(79)


def penguins() -> Table:
    """Return which of 333 penguins are male (Gorman et al. 2014); others are not known.

    The columns are which of three species a penguin is and which of three islands it is from, the
    length and depth of its bill (mm), the length of a flipper (mm), and its mass (g).
    """
    found = [row for row in shipped(42585) if row[6] in ("MALE", "FEMALE")]
    species = np.array(
        [[row[0] == name for name in ("Adelie", "Chinstrap", "Gentoo")] for row in found]
    )
    island = np.array(
        [[row[1] == name for name in ("Biscoe", "Dream", "Torgersen")] for row in found]
    )
    measured = np.array([row[2:6] for row in found], dtype=np.float64)
    male = np.array([row[6] == "MALE" for row in found])
    return np.column_stack([species, island, measured]), male.astype(np.int64)


def wells(n: int = 1600) -> Table:
    """Return how fast water flows through a well into the ground (m³/a), as a root, measured badly.

    The columns are, each from -1 to 1 within ``LEAST`` and ``MOST``, the radius of the well (m) and
    that of its influence (m), transmissivity (m²/a) and head (m) of the upper aquifer and of the
    lower one, then length (m) and conductivity (m/a) of the well (Harper and Gupta 1983).
    """
    rng = _rng()
    x = rng.uniform(-1, 1, size=(n, 8))
    radius, reach, upper, high, lower, low, length, conducts = (
        LEAST + (MOST - LEAST) * (x + 1) / 2
    ).T
    wide = np.log(reach / radius)
    resists = 1 + 2 * length * upper / (wide * radius**2 * conducts) + upper / lower
    flow = np.sqrt(2 * np.pi * upper * (high - low) / (wide * resists))
    return x, flow * (1 + 0.15 * rng.normal(size=n)) + 0.8 * rng.normal(size=n)


def symptoms(n: int = 1500) -> Table:
    """Return which of five illnesses somebody has who may have it in a mild or a grave form.

    The columns are ``SIGNS`` that they have or have not, how many degrees (K) they are too warm,
    whether they take something against that, and their age (decades).
    """
    rng = _rng()
    labels = rng.choice(len(ILLNESSES), size=n, p=ILLNESSES)
    shape = (len(ILLNESSES), 2)
    often = rng.choice([0.05, 0.3, 0.85], size=(*shape, SIGNS), p=(0.5, 0.2, 0.3))
    warm = rng.choice([0.0, 1.2, 2.4], size=shape)
    usual = rng.uniform(2, 7, size=shape)
    grave = rng.integers(2, size=n)
    has = rng.random((n, SIGNS)) < often[labels, grave]
    takes = rng.random(n) < 0.4
    fever = np.where(takes, 0.3, 1.0) * warm[labels, grave] + 0.4 * rng.normal(size=n)
    age = usual[labels, grave] + 1.2 * rng.normal(size=n)
    return np.column_stack([has, fever, takes, age]), labels


def cultures(n: int = 2400, side: int = 9) -> Table:
    """Return noisy pictures of a cell: a round one, a long one, one that divides, or a hollow one.

    It is of any size, at any place and turned any way; a smaller spot of dirt lies somewhere.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    row, column = np.mgrid[:side, :side]
    middle = rng.uniform(2.8, side - 3.8, size=(2, n, 1, 1))
    angle = rng.uniform(0, np.pi, size=(n, 1, 1))
    down, across = row - middle[0], column - middle[1]
    along = down * np.sin(angle) + across * np.cos(angle)
    aside = down * np.cos(angle) - across * np.sin(angle)
    size = rng.uniform(1.3, 1.9, size=(n, 1, 1))
    away = np.hypot(along, aside)
    kinds = np.stack([
        np.exp(-((away / size) ** 2)),
        np.exp(-((along / (1.6 * size)) ** 2) - (aside / (0.6 * size)) ** 2),
        np.exp(-(((np.abs(along) - 1.1 * size) / 0.8) ** 2) - (aside / (0.7 * size)) ** 2),
        np.exp(-(((away - 1.2 * size) / 0.7) ** 2)),
    ])  # fmt: skip
    dirt = rng.uniform(0, side - 1, size=(2, n, 1, 1))
    spot = np.exp(-((row - dirt[0]) ** 2 + (column - dirt[1]) ** 2) / 0.6)
    strength = rng.uniform(1.2, 1.8, size=(n, 1, 1))
    pictures = strength * kinds[labels, np.arange(n)] + spot
    return (pictures + 0.3 * rng.normal(size=pictures.shape)).reshape(n, -1), labels


def switches(n: int = 2200, steps: int = 12) -> Table:
    """Return pulses, up or down, on two noisy lines; the class is how both switches stand.

    Each switch stands as the last pulse on its line put it (the flip-flop of Sussillo and Barak
    2013). A step holds a value of each line.
    """
    rng = _rng()
    signs = rng.choice([-1.0, 1.0], size=(n, steps, 2))
    sure = np.arange(steps)[:, None] == rng.integers(steps, size=(n, 1, 2))
    comes = sure | (rng.random(signs.shape) < 0.25)
    last = steps - 1 - comes[:, ::-1].argmax(1)
    up = np.take_along_axis(signs, last[:, None], axis=1)[:, 0] > 0
    x = 1.2 * comes * signs + 0.3 * rng.normal(size=signs.shape)
    return x.reshape(n, -1), up @ np.array([2, 1])


def gaits(n: int = 1800, steps: int = 32) -> Table:
    """Return how hard a phone is shaken by who carries it: at rest, walking, running, or limping.

    Who runs is in the air for a part of each step, and who limps treads softly every other time;
    some have a firmer tread than others.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    period = rng.uniform(5, 9, size=(n, 1)) - 0.8 * (labels == 2)[:, None]
    turn = np.arange(steps) / period + 2 * rng.random((n, 1))
    tread = np.sin(2 * np.pi * turn) + 0.4 * np.sin(4 * np.pi * turn + 0.8)
    soft = np.where(np.floor(turn) % 2 == 0, 1.5, 0.5)
    rest = 0.6 * np.sin(2 * np.pi * turn / 3)
    kinds = np.stack([rest, tread, 1.9 * np.maximum(tread, -0.3), soft * tread])
    firm = rng.uniform(0.6, 1.3, size=(n, 1))
    return firm * kinds[labels, np.arange(n)] + 0.45 * rng.normal(size=(n, steps)), labels


def molecules(n: int = 1500, atoms: int = 6) -> Table:
    """Return how firm a molecule is, measured badly: bonds count, and charges two bonds apart.

    For each atom three columns tell its kind, then one for each pair of atoms whether a bond joins
    them: a tree, and mostly one bond more.
    """
    rng = _rng()
    kind = rng.integers(3, size=(n, atoms))
    bonds = np.zeros((n, atoms, atoms))
    order = np.argsort(rng.random((n, atoms)), axis=1)
    every = np.arange(n)
    for number in range(1, atoms):
        bonds[every, order[:, number], order[every, rng.integers(number, size=n)]] = 1
    ends = np.argsort(rng.random((n, atoms)), axis=1)
    bonds[every, ends[:, 0], ends[:, 1]] = 1
    bonds = np.maximum(bonds, bonds.transpose(0, 2, 1))
    charge = CHARGES[kind]
    apart = (bonds @ bonds) * (1 - np.eye(atoms))
    pulls = (charge[:, :, None] * charge[:, None] * apart).sum((1, 2)) / 2
    firm = (BONDS[kind[:, :, None], kind[:, None]] * bonds).sum((1, 2)) / 2
    pairs = bonds[:, *np.triu_indices(atoms, 1)]
    x = np.hstack([np.eye(3)[kind].reshape(n, -1), pairs])
    return x, firm - 0.7 * pulls + 0.8 * rng.normal(size=n)
