"""Data sets of the sixth held-out draw: inputs ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets

Table = tuple[NDArray[Any], NDArray[Any]]

SKY = np.array([[0.3, 1.5, 2.3, 5.4, 0.6], [0.9, 1.6, 0.8, 0.0, 0.9],
                [-0.2, 0.7, 11.0, 3.5, 0.8], [0.0, 1.6, -4.5, 0.0, 1.5]])  # fmt: skip
"""Of each kind of star the least and largest colour, its magnitude at colour 0, how many magnitudes
it is fainter for one of colour, and how much its magnitude varies.
"""
BEATS = np.array([[-0.2, 0.06, 0.35], [0.0, 0.03, 1.4], [0.3, 0.08, 0.45]])
"""When each wave of a heartbeat comes (share of a beat), its width (likewise), and its height."""


def _rng() -> np.random.Generator:
    return np.random.default_rng(67)


def shipped(number: int) -> list[list[str]]:
    """Return the rows of a data set of OpenML that scikit-learn ships whole, for its tests."""
    folder = Path(datasets.__file__).parent.joinpath("tests", "data", "openml", f"id_{number}")
    (file,) = folder.glob("data-*.arff.gz")
    text = gzip.decompress(file.read_bytes()).decode("utf-8")
    lines = text.splitlines()
    begin = next(at for at, line in enumerate(lines) if line.strip().lower() == "@data")
    return [row for row in csv.reader(lines[begin + 1 :]) if len(row) > 1]


def processors() -> Table:
    """Return how fast 209 computers of about 1980 were thought to be, as a logarithm.

    The columns are logarithms of the time of a cycle (ns), the cache (kB), and the least and
    largest number of channels; the memory is left out (Ein-Dor and Feldmesser 1987).
    """
    cycle, _, _, cache, least, most, speed = np.array(
        [row[1:] for row in shipped(561)], dtype=np.float64
    ).T
    return np.log1p(np.stack([cycle, cache, least, most], axis=1)), np.log(speed)


def passengers() -> Table:
    """Return who of 1,309 passengers of the Titanic lived.

    The columns are which of three classes they travelled in, whether they were women, their age
    (years; the middle one where nobody knows it) and whether it is known, how many siblings and
    spouses, and parents and children, were with them, the logarithm of the fare, whether their
    cabin is known, and which of three ports they came from.
    """
    rows = shipped(40945)
    age = np.array([row[4] for row in rows])
    known = age != "?"
    years = np.full(len(rows), np.median(age[known].astype(np.float64)))
    years[known] = age[known].astype(np.float64)
    fare = np.array([float(row[8].replace("?", "8")) for row in rows])
    travelled = np.array([[row[0] == name for name in "123"] for row in rows])
    port = np.array([[row[10] == name for name in "CQS"] for row in rows])
    woman, cabin = ([row[at] == what for row in rows] for at, what in ((3, "female"), (9, "?")))
    family = np.array([row[5:7] for row in rows], dtype=np.float64)
    columns = (travelled, woman, years, known, family, np.log1p(fare), cabin, port)
    return np.column_stack(columns), np.array([int(row[1]) for row in rows])


def stars(n: int = 1800) -> Table:
    """Return which of four kinds a star is: dwarf, giant, white dwarf or supergiant.

    The columns are its magnitude as it is seen, the logarithm of a bad measure of its parallax
    (seconds of arc), and its colour measured twice, better and worse.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    least, largest, bright, fainter, varies = SKY[labels].T
    colour = rng.uniform(least, largest)
    magnitude = bright + fainter * colour + varies * rng.normal(size=n)
    away = rng.uniform(1, 3, size=n)
    seen = magnitude + 5 * away - 5
    parallax = -away + 0.6 * rng.normal(size=n)
    blue = colour + 0.25 * rng.normal(size=n)
    red = 2.2 * colour + 0.5 * rng.normal(size=n)
    return np.stack([seen, parallax, blue, red], axis=1), labels


def charts(n: int = 2400, side: int = 8) -> Table:
    """Return noisy pictures of a ring with a gap, as eyes are tested with; the class is where.

    The ring is of any size at any place, and its gap is in one of eight directions.
    """
    rng = _rng()
    labels = rng.integers(8, size=n)
    radius = rng.uniform(1.8, 2.8, size=(n, 1, 1))
    row, column = np.mgrid[:side, :side]
    middle = rng.uniform(2.8, side - 3.8, size=(2, n, 1, 1))
    down, across = row - middle[0], column - middle[1]
    ring = np.exp(-((np.hypot(down, across) - radius) ** 2) / 0.6)
    towards = (labels * np.pi / 4 + 0.12 * rng.normal(size=n))[:, None, None]
    off = np.abs((np.arctan2(down, across) - towards + np.pi) % (2 * np.pi) - np.pi)
    pictures = 1.5 * ring * (off > 0.6) + 0.4 * rng.normal(size=(n, side, side))
    return pictures.reshape(n, -1), labels


def sums(n: int = 1800, steps: int = 10) -> Table:
    """Return numbers, each with a mark of 0 or 1 after it: the sum of the two that are marked.

    It is measured with some error (the adding problem of Hochreiter and Schmidhuber 1997).
    """
    rng = _rng()
    numbers = rng.uniform(-1, 1, size=(n, steps))
    marks = np.argsort(rng.random((n, steps)), axis=1) < 2
    total = (numbers * marks).sum(1)
    return np.stack([numbers, marks], axis=2).reshape(n, -1), total + 0.3 * rng.normal(size=n)


def heartbeats(n: int = 1800, steps: int = 32) -> Table:
    """Return a noisy trace of a heart: well, fluttering, blocked, or short of blood.

    A fluttering one lacks the first wave, and beats irregularly; in a blocked one the second wave
    is wide and low; in one short of blood the third is upside down.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    beats = 5
    begin, widths, heights = (np.repeat(part[None], n, axis=0) for part in BEATS.T)
    heights[labels == 1, 0] = 0.0
    widths[labels == 2, 1], heights[labels == 2, 1] = 0.06, 1.0
    heights[labels == 3, 2] *= -0.6
    irregular = np.where(labels == 1, 0.25, 0.05)[:, None]
    every = rng.uniform(11, 16, size=(n, 1))
    between = every * np.maximum(1 + irregular * rng.normal(size=(n, beats)), 0.5)
    first = between.cumsum(1) - every * rng.uniform(0.5, 2, size=(n, 1))
    at = first[..., None] + every[..., None] * begin[:, None]
    apart = (np.arange(steps)[:, None, None] - at[:, None]) / (every[..., None] * widths[:, None])[
        :, None
    ]
    waves = heights[:, None, None] * np.exp(-(apart**2) / 2)
    wander = 0.4 * np.sin(np.linspace(0, np.pi, steps) + rng.uniform(0, 2 * np.pi, size=(n, 1)))
    strength = rng.uniform(0.8, 1.3, size=(n, 1))
    return strength * waves.sum((2, 3)) + wander + 0.15 * rng.normal(size=(n, steps)), labels


def flocks(n: int = 1800, birds: int = 6) -> Table:
    """Return where birds are in the plane and where they fly: the class is how.

    Two columns for the place of each bird come before two for its speed. All fly one way, to the
    middle, around it, or each its own way; every bird errs.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    place = rng.normal(size=(n, birds, 2))
    from_middle = place - place.mean(1, keepdims=True)
    out = np.arctan2(from_middle[..., 1], from_middle[..., 0])
    side = np.where(rng.random((n, 1)) < 0.5, -1, 1)
    own = rng.uniform(0, 2 * np.pi, size=(n, birds))
    ways = np.stack(
        [np.broadcast_to(own[:, :1], own.shape), out + np.pi, out + side * np.pi / 2, own]
    )
    angle = ways[labels, np.arange(n)] + 0.7 * rng.normal(size=(n, birds))
    speed = rng.uniform(0.5, 1.5, size=(n, birds, 1))
    flown = speed * np.stack([np.cos(angle), np.sin(angle)], axis=2)
    return np.concatenate([place, flown], axis=2).reshape(n, -1), labels
