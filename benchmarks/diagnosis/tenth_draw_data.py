"""Data sets of the tenth held-out draw: ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.diagnosis.sixth_draw_data import shipped

Table = tuple[NDArray[Any], NDArray[Any]]

KNOWN_TOO_WELL = (0, 2, 4, 8, 9, 10, 12, 17)
"""Columns of an animal: name and kind, and what tells most of others, such as feathers."""
KINDS = (("mammal",), ("bird",), ("fish",), ("insect", "invertebrate"), ("reptile", "amphibian"))
"""Kinds of animals that are told apart."""
DOMINANT = np.array([0.1, 0.12, 0.45, 0.4, 0.3, 0.5, 0.2, 0.5])
"""How often an allele of each gene of a horse is the dominant one; the last four tell nothing."""
STAYS = 0.5
"""How fast a medicine leaves the blood (per hour)."""
BIDDERS, GOODS = 6, 3
BANDS = 3
"""Wavelengths at which each plastic swallows light."""


def _rng() -> np.random.Generator:
    return np.random.default_rng(97)


def animals() -> Table:
    """Return which of five kinds 101 animals are, see ``KINDS`` (Forsyth 1990).

    The columns are whether they have hair, lay eggs, fly, swim, prey, are venomous, how
    many legs they have, whether they have a tail, are kept, and are as large as a cat.
    """
    rows = [row for row in shipped(62) if len(row) == KNOWN_TOO_WELL[-1] + 1]
    told = np.delete(np.array(rows), KNOWN_TOO_WELL, axis=1)
    numbers = np.where(told == "true", "1", np.where(told == "false", "0", told))
    labels = [next(at for at, kind in enumerate(KINDS) if row[-1] in kind) for row in rows]
    return numbers.astype(np.float64), np.array(labels)


def bicycles(n: int = 1800) -> Table:
    """Return how many bicycles a town lends in an hour, as a logarithm.

    The columns are the time of the day (h), whether people are off work, how warm it is (°C), the
    rain (mm/h), the wind (m/s), and how long ago the bicycles were new (years).
    """
    rng = _rng()
    time, off = rng.uniform(5, 24, size=n), rng.random(n) < 0.35
    warm, wind, old = rng.uniform([[-5], [0], [0]], [[35], [14], [6]], size=(3, n))
    rain = np.where(rng.random(n) < 0.3, rng.exponential(1.5, size=n), 0.0)
    hours = ((8, 1.2, 1.6), (17.5, 1.6, 1.8), (14, 3.5, 1.7), (12.5, 5, 0.4))
    rush, home, idle, always = (
        high * np.exp(-(((time - at) / wide) ** 2)) for at, wide, high in hours
    )
    wanted = 0.15 + always + np.where(off, idle, rush + home)
    fair = np.exp(-(((warm - 22) / 15) ** 2) - 0.45 * rain - (wind / 14) ** 2)
    mean = 60 * wanted * (0.1 + fair) * np.exp(-0.05 * old + 0.25 * rng.normal(size=n))
    lent = np.log1p(rng.poisson(mean))
    return np.column_stack([time, off, warm, rain, wind, old]), lent


def coats(n: int = 1800) -> Table:
    """Return which coat a horse has: grey, pale, chestnut, bay or black.

    The columns are how many of its two alleles of each gene are dominant, now and then misread. A
    dominant allele of the first gene hides all other genes, one of the second those after it; the
    fourth shows where the third has one.
    """
    rng = _rng()
    alleles = rng.random((n, 2, len(DOMINANT))) < DOMINANT
    grey, pale, dark, bay = (alleles[:, 0] | alleles[:, 1])[:, :4].T
    labels = np.select([grey, pale, ~dark, bay], [0, 1, 2, 3], default=4)
    misread = rng.random(alleles.shape) < 0.05
    return (alleles ^ misread).sum(1).astype(np.float64), labels


def phases(n: int = 2000, side: int = 8) -> Table:
    """Return noisy pictures of the moon behind a bank of clouds; the class is its phase, of six.

    It is of any size, at any place and tilted.
    """
    rng = _rng()
    labels = rng.integers(6, size=n)
    angle = ((labels + rng.random(n)) * np.pi / 3)[:, None, None]
    row, column = np.mgrid[:side, :side]
    middle = rng.uniform(side / 2 - 1.4, side / 2 + 0.4, size=(2, n, 1, 1))
    tilt = rng.uniform(-0.6, 0.6, size=(n, 1, 1))
    radius = rng.uniform(2.4, 3.4, size=(n, 1, 1))
    down, across = row - middle[0], column - middle[1]
    along = (across * np.cos(tilt) + down * np.sin(tilt)) / radius
    aside = (down * np.cos(tilt) - across * np.sin(tilt)) / radius
    half = np.sqrt(np.maximum(1 - aside**2, 0.0))
    bright = np.where(angle < np.pi, along, -along) - np.cos(angle) * half
    inside = 1 / (1 + np.exp(8 * (np.hypot(along, aside) - 1)))
    moon = 1.6 * inside / (1 + np.exp(-6 * bright))
    bank = rng.uniform(0, side, size=(n, 1, 1))
    pictures = moon * (1 - 0.7 * np.exp(-((row - bank) ** 2) / 2))
    return (pictures + 0.35 * rng.normal(size=pictures.shape)).reshape(n, -1), labels


def doses(n: int = 2200, steps: int = 10) -> Table:
    """Return when somebody took how much: the class is whether it was too much, and is enough.

    A step holds the hours since the one before and a dose, both noted badly. What is in the blood
    leaves it at the rate ``STAYS``; too much was what half of all people had at most, and enough is
    what half of them have at the end.
    """
    rng = _rng()
    since = rng.uniform(0.2, 2.5, size=(n, steps))
    taken = rng.uniform(0.3, 1.5, size=(n, steps)) * (rng.random((n, steps)) < 0.6)
    levels = [np.zeros(n)]
    for wait, dose in zip(since.T, taken.T, strict=True):
        levels.append(levels[-1] * np.exp(-STAYS * wait) + dose)
    most, last = np.max(levels, axis=0), levels[-1]
    noted = np.stack([since, taken], axis=2)
    noted += np.array([0.2, 0.1]) * rng.normal(size=noted.shape)
    labels = 2 * (most > np.median(most)) + (last > np.median(last))
    return noted.reshape(n, -1), labels


def plastics(n: int = 1800, steps: int = 32) -> Table:
    """Return how much light a piece of waste swallows by wavelength: the class is which plastic.

    It is thick or thin and dirty, and a label of another plastic sticks to it.
    """
    rng = _rng()
    kinds = 5
    at = rng.uniform(4, steps - 4, size=(kinds, BANDS))
    wide, deep = rng.uniform(1, 3, size=at.shape), rng.uniform(0.5, 1.2, size=at.shape)
    labels = rng.integers(kinds, size=n)
    label = (labels + rng.integers(1, kinds, size=n)) % kinds
    shift = rng.uniform(-1.5, 1.5, size=(n, 1))
    place = np.arange(steps) - shift

    def swallowed(kind: NDArray[Any]) -> NDArray[Any]:
        apart = (place[..., None] - at[kind][:, None]) / wide[kind][:, None]
        light: NDArray[Any] = (deep[kind][:, None] * np.exp(-(apart**2))).sum(2)
        return light

    share, thick = rng.uniform(0, 0.5, size=(n, 1)), rng.uniform(0.5, 1.4, size=(n, 1))
    clear = thick * ((1 - share) * swallowed(labels) + share * swallowed(label))
    dirt = 0.4 * rng.normal(size=(n, 1)) + 0.5 * rng.normal(size=(n, 1)) * place / steps
    return clear + dirt + 0.28 * rng.normal(size=(n, steps)), labels


def auctions(n: int = 1800) -> Table:
    """Return what is paid for a good: the second highest bid of who wants it, known badly.

    The first columns tell which good it is. For each bidder, in any order, follow columns for which
    one is wanted, and what is bid; nothing is paid where less than two want the good.
    """
    rng = _rng()
    good = rng.integers(GOODS, size=(n, 1))
    other = (good + rng.integers(1, GOODS, size=(n, BIDDERS))) % GOODS
    wants = np.where(rng.random((n, BIDDERS)) < 0.6, good, other)
    bids = rng.gamma(3.0, 0.5, size=(n, BIDDERS))
    paid = np.sort(np.where(wants == good, bids, 0.0), axis=1)[:, -2]
    known = np.concatenate([np.eye(GOODS)[wants], bids[..., None]], axis=2)
    return np.hstack([np.eye(GOODS)[good[:, 0]], known.reshape(n, -1)]), paid + 0.25 * rng.normal(
        size=n
    )
