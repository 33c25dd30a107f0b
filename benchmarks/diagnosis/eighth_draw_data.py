"""Data sets of the eighth held-out draw: ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.diagnosis.sixth_draw_data import shipped

Table = tuple[NDArray[Any], NDArray[Any]]

KNOWN_TOO_WELL = (9, 20)
"""Facts of an endgame: who holds the square that the pawn needs, and whether the rook is lost."""
VOWELS = np.array([[270, 2290, 3010], [390, 1990, 2550], [530, 1840, 2480], [660, 1720, 2410],
                   [520, 1190, 2390], [730, 1090, 2440], [570, 840, 2410], [440, 1020, 2240],
                   [300, 870, 2240], [490, 1350, 1690]])  # fmt: skip
"""The first three formants (Hz) of ten vowels of men (Peterson and Barney 1952)."""
VOICES = np.array([[130, 1.0], [220, 1.17], [270, 1.35]])
"""Of men, women and children the pitch (Hz), and how much higher their formants are."""
RANKS, SUITS = 6, 4
"""Kinds of cards of a deck, and how often it holds each."""
DEALT = np.array([[0, 1, 2, 3, 4], [0, 0, 1, 2, 3], [0, 0, 1, 1, 2], [0, 0, 0, 1, 2],
                  [0, 1, 2, 3, 4]])  # fmt: skip
"""Which cards of a hand are alike: none, two, two and two, three; in the last the suits are."""


def _rng() -> np.random.Generator:
    return np.random.default_rng(83)


def endgames(n: int = 2400) -> Table:
    """Return at which positions of king and rook against king and pawn white wins (Shapiro 1987).

    Columns tell which facts hold of a position; the two that tell most, ``KNOWN_TOO_WELL``, are
    left out. The positions are a part of 3,196.
    """
    rows = np.array(shipped(3))
    rows = rows[_rng().permutation(len(rows))[:n]]
    facts = np.delete(rows, (*KNOWN_TOO_WELL, -1), axis=1).T
    columns = [fact == kind for fact in facts for kind in np.unique(fact)[1:]]
    return np.stack(columns, axis=1).astype(np.float64), (rows[:, -1] == "'won'").astype(np.int64)


def harvests(n: int = 1700) -> Table:
    """Return what a field bears (t/ha): what is scarcest limits it, and luck.

    The columns are rain (mm), what of it the soil holds (a share), nitrogen and phosphorus given
    (kg/ha), how warm (°C) and how sour (pH) it is, how many days too late was sown, and weeds (from
    none at 0 to many at 1).
    """
    rng = _rng()
    least, most = np.array([[150, 0.4, 0, 2, 11, 5, 0, 0], [700, 1, 200, 40, 23, 8, 40, 1]])
    x = rng.uniform(least, most, size=(n, 8))
    rain, holds, nitrogen, phosphorus, warm, sour, late, weeds = x.T
    fed = np.stack([rain * holds / 200, (nitrogen + 20) / 70, phosphorus / 12])
    grows = 10 * (1 - np.exp(-fed)).min(0)
    grows *= np.exp(-(((warm - 17) / 6) ** 2) - ((sour - 6.5) / 1.8) ** 2)
    borne = grows * (1 - 0.01 * late) / (1 + 0.6 * weeds)
    return x, borne * (1 + 0.15 * rng.normal(size=n)) + 0.4 * rng.normal(size=n)


def vowels(n: int = 1800) -> Table:
    """Return which of ten vowels somebody says: a man, a woman or a child.

    The columns are logarithms of the pitch and of the first three formants of the voice.
    """
    rng = _rng()
    labels = rng.integers(len(VOWELS), size=n)
    pitch, higher = VOICES[rng.integers(len(VOICES), size=n)].T
    voice = np.log(pitch) + 0.12 * rng.normal(size=n)
    own = np.log(higher) + 0.04 * rng.normal(size=n)
    spoken = np.log(VOWELS[labels]) + own[:, None]
    heard = spoken + np.array([0.12, 0.085, 0.07]) * rng.normal(size=(n, 3))
    return np.column_stack([voice, heard]), labels


def galaxies(n: int = 2000, side: int = 9) -> Table:
    """Return noisy pictures of galaxies; the class is how many arms, none to three.

    A galaxy is of any size, turned any way and wound to the left or to the right, and a star of our
    own stands before it somewhere.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    row, column = np.mgrid[:side, :side]
    middle = rng.uniform(side / 2 - 1.2, side / 2 + 0.2, size=(2, n, 1, 1))
    down, across = row - middle[0], column - middle[1]
    away = np.hypot(down, across)
    size = rng.uniform(2.6, 3.8, size=(n, 1, 1))
    wound = rng.choice([-0.4, 0.4], size=(n, 1, 1)) * away
    turn = np.arctan2(down, across) + wound + rng.uniform(0, 2 * np.pi, size=(n, 1, 1))
    arms = np.where(labels == 0, 0.0, 1.0)[:, None, None] * np.cos(labels[:, None, None] * turn)
    light = 1.5 * np.exp(-((away / size) ** 2)) * (1 + arms)
    star = rng.integers(side, size=(2, n, 1, 1))
    pictures = light + 1.5 * ((row == star[0]) & (column == star[1]))
    return (pictures + 0.5 * rng.normal(size=pictures.shape)).reshape(n, -1), labels


def storms(n: int = 2500, steps: int = 13) -> Table:
    """Return what is seen and heard of a lightning: the class is how far away it struck.

    A step holds how bright and how loud it is. Thunder comes after one or two steps, after three to
    five, after six to eight, or is not heard; now and then there was another noise before.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    struck = rng.integers(1, 4, size=n)
    first, last = np.array([[1, 3, 6, steps], [2, 5, 8, steps]])[:, labels]
    heard = struck + rng.integers(first, last + 1)
    since = np.arange(steps) - np.stack([struck, heard, rng.integers(struck)])[..., None]
    flash, thunder = since[0] == 0, (since[1] >= 0) * np.exp(-since[1].clip(0) / 1.5)
    other = (since[2] == 0) & (rng.random((n, 1)) < 0.5)
    clear = np.stack([1.5 * flash, 1.3 * thunder + 1.3 * other], axis=2)
    return (clear + 0.45 * rng.normal(size=clear.shape)).reshape(n, -1), labels


def calls(n: int = 1800, steps: int = 32) -> Table:
    """Return a whale that calls among other noise: higher and higher, lower, evenly, or trembling.

    A call takes a half of the time or more.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    time = np.arange(steps)
    takes = rng.uniform(steps / 2, steps, size=(n, 1))
    middle = takes / 2 + (steps - takes) * rng.random((n, 1))
    since = (time - middle) / takes
    trembles = np.sin(2 * np.pi * (time / rng.uniform(7, 11, size=(n, 1)) + rng.random((n, 1))))
    kinds = np.stack([0.2 * since, -0.2 * since, 0 * since, 0.08 * trembles])
    pitch = rng.uniform(0.14, 0.28, size=(n, 1)) + kinds[labels, np.arange(n)]
    wave = np.sin(2 * np.pi * (pitch.cumsum(1) + rng.random((n, 1))))
    loud = 1.6 * np.exp(-((2 * since) ** 4))
    return loud * wave + 0.45 * rng.normal(size=(n, steps)), labels


def hands(n: int = 2400) -> Table:
    """Return hands of five cards in any order: the class is which are alike, see ``DEALT``.

    Of each card ``RANKS`` columns tell its kind and ``SUITS`` its suit; some kinds are misread.
    """
    rng = _rng()
    labels = rng.integers(len(DEALT), size=n)
    kinds = rng.permuted(np.tile(np.arange(RANKS), (n, 1)), axis=1)
    kind = np.take_along_axis(kinds, DEALT[labels], axis=1)
    suits = rng.permuted(np.tile(np.arange(SUITS), (n, 1)), axis=1)
    suit = np.hstack([suits, rng.integers(SUITS, size=(n, 1))])
    suit = np.where(labels[:, None] == len(DEALT) - 1, suit[:, :1], suit)
    misread = rng.random(kind.shape) < 0.06
    seen = np.where(misread, rng.integers(RANKS, size=kind.shape), kind)
    cards = np.concatenate([np.eye(RANKS)[seen], np.eye(SUITS)[suit]], axis=2)
    order = rng.permuted(np.tile(np.arange(5), (n, 1)), axis=1)
    return cards[np.arange(n)[:, None], order].reshape(n, -1), labels
