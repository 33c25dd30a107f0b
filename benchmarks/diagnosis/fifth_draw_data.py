"""Data sets of the fifth held-out draw: inputs ``float64[n, columns]``, and classes or numbers."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = tuple[NDArray[Any], NDArray[Any]]

PACKAGES = ("asyncio", "email", "multiprocessing", "unittest")
SYNTAX = (ast.Call, ast.Attribute, ast.Name, ast.Constant, ast.Return, ast.If, ast.For, ast.Raise,
          ast.Try, ast.Assign, ast.Subscript, ast.Compare, ast.With, ast.Expr, ast.BoolOp,
          ast.Tuple, ast.FunctionDef, ast.Await, ast.Import, ast.Assert)  # fmt: skip
"""What is counted of a function."""
SEGMENTS = np.array([[0, 0, 1, 4], [0, 0, 4, 1], [0, 3, 4, 1], [3, 0, 1, 4], [3, 0, 4, 1],
                     [3, 3, 4, 1], [6, 0, 1, 4]])  # fmt: skip
"""Row, column, height and width (pixels) of the seven bars that a digit is made of."""
LIT = ("012456", "25", "02346", "02356", "1235", "01356", "013456", "025", "0123456", "012356")
"""Which of the bars are lit, by digit."""


def _rng() -> np.random.Generator:
    return np.random.default_rng(53)


def pistons(n: int = 1700) -> Table:
    """Return how long a piston takes for a cycle (s), read from a watch that is not good.

    The columns are its weight (30 to 60 kg), surface (50 to 200 cm²), first volume of gas (2 to
    10 l), spring (1 to 5 kN/m), pressure of the air (90 to 110 kPa), and temperature around it (290
    to 296 K) and of the gas (340 to 360 K), each from -1 to 1 (Ben-Ari and Steinberg 2007).
    """
    rng = _rng()
    x = rng.uniform(-1, 1, size=(n, 7))
    middle = np.array([45, 0.0125, 0.006, 3000, 1e5, 293, 350])
    either_way = np.array([15, 0.0075, 0.004, 2000, 1e4, 3, 10])
    weight, surface, volume, spring, air, around, gas = (middle + either_way * x).T
    held = air * volume / gas * around
    force = air * surface + 19.62 * weight - spring * volume / surface
    now = surface / (2 * spring) * (np.sqrt(force**2 + 4 * spring * held) - force)
    cycle = 2 * np.pi * np.sqrt(weight / (spring + surface**2 * held / now**2))
    return x, cycle + 0.06 * rng.normal(size=n)


def functions(n: int = 1600) -> Table:
    """Return which of four packages of the standard library a function is from.

    The columns are logarithms of how many lines and arguments it has, and of how often each kind
    of ``SYNTAX`` stands in it.
    """
    rng = _rng()
    folder = Path(ast.__file__).parent
    rows, labels = [], []
    for label, package in enumerate(PACKAGES):
        files = sorted(folder.joinpath(package).glob("*.py"))
        found = [row for file in files for row in _counted(file.read_text(encoding="utf-8"))]
        chosen = rng.permutation(len(found))[: n // len(PACKAGES)]
        rows += [found[row] for row in chosen]
        labels += [label] * len(chosen)
    return np.log1p(np.array(rows, dtype=np.float64)), np.array(labels)


def _counted(source: str) -> list[list[int]]:
    rows = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            kinds = Counter(map(type, ast.walk(node)))
            lines = (node.end_lineno or node.lineno) - node.lineno
            rows.append([lines, len(node.args.args), *(kinds[kind] for kind in SYNTAX)])
    return rows


def loans(n: int = 2000) -> Table:
    """Return who does not pay a loan back: what is known counts, each by itself, and luck.

    The columns are the logarithm of the income, the share of it that is owed, age (decades), time
    in the same job (decades), payments that came late, and which of three things the loan is for.
    """
    rng = _rng()
    income, owed = rng.normal(10.3, 0.5, size=n), rng.beta(2, 4, size=n)
    age, job, late = rng.uniform(2, 7.5, size=n), rng.exponential(0.6, n), rng.poisson(0.8, n)
    purpose = np.eye(3)[rng.choice(3, size=n, p=(0.5, 0.3, 0.2))]
    risk = 5 * np.maximum(owed - 0.3, 0) - 1.6 * np.tanh(2 * (income - 10.2)) + 1.2 * np.sqrt(late)
    risk += ((age - 4.6) / 1.6) ** 2 - np.tanh(3 * job) + purpose @ (-0.6, 0.2, 1.0)
    columns = np.column_stack([income, owed, age, job, late, purpose])
    return columns, (risk + 0.7 * rng.logistic(size=n) > 1.8).astype(np.int64)


def displays(n: int = 2400, side: int = 8) -> Table:
    """Return noisy pictures of a digit of seven bars at any place; now and then a bar is broken."""
    rng = _rng()
    labels = rng.integers(10, size=n)
    pictures = 0.4 * rng.normal(size=(n, side, side))
    works = rng.random((n, len(SEGMENTS))) > 0.06
    for picture, label, bars in zip(pictures, labels, works, strict=True):
        shown = np.zeros((7, 4))
        for bar in map(int, LIT[label]):
            row, column, height, width = SEGMENTS[bar]
            shown[row : row + height, column : column + width] += bars[bar]
        down, across = rng.integers(side - 6), rng.integers(side - 3)
        picture[down : down + 7, across : across + 4] += rng.uniform(0.9, 1.6) * (shown > 0)
    return pictures.reshape(n, -1), labels


def lookups(n: int = 2000, items: int = 5) -> Table:
    """Return a direction and some items: the class is the mark on the item in that direction.

    The direction is two columns, and so is that of each item, before three for its blurred mark.
    """
    rng = _rng()
    angle, marks = rng.uniform(0, 2 * np.pi, size=(n, items)), rng.integers(3, size=(n, items))
    wanted = angle[:, 0] + 0.2 * rng.normal(size=n)
    order = np.argsort(rng.random((n, items)), axis=1)[..., None]
    blurred = np.eye(3)[marks] + 0.3 * rng.normal(size=(n, items, 3))
    held = np.concatenate([_towards(angle), blurred], axis=2)
    held = np.take_along_axis(held, order, axis=1)
    return np.hstack([_towards(wanted), held.reshape(n, -1)]), marks[:, 0]


def _towards(angle: NDArray[Any]) -> NDArray[Any]:
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def stores(n: int = 2000, steps: int = 10, most: int = 3) -> Table:
    """Return what comes into a store and leaves it, counted badly; the class is what is left.

    It is empty at first. Nothing leaves an empty store, nothing comes into a full one.
    """
    rng = _rng()
    moves = rng.integers(-1, 2, size=(n, steps))
    left = np.zeros(n, dtype=np.int64)
    for move in moves.T:
        left = np.clip(left + move, 0, most)
    return moves + 0.25 * rng.normal(size=(n, steps)), left


def machines(n: int = 1800, steps: int = 32) -> Table:
    """Return how a machine trembles: sound, out of balance, out of line, or with a bad bearing.

    It turns at any speed. Out of balance it trembles once a turn, out of line twice; a ball of a
    bad bearing makes it ring for a moment, at times of its own.
    """
    rng = _rng()
    labels = rng.integers(4, size=n)
    once, twice = np.array([[0.5, 1.2, 0.6, 0.5], [0.4, 0.4, 1.1, 0.4]])[:, labels, None]
    time = np.linspace(0, 1, steps, endpoint=False)
    turn = 2 * np.pi * (rng.uniform(2, 5, size=(n, 1)) * time + rng.random((n, 1)))
    x = once * np.sin(turn) + twice * np.sin(2 * turn + rng.uniform(0, 2 * np.pi, size=(n, 1)))
    every, first = rng.uniform(0.2, 0.35, size=(n, 1)), rng.random((n, 1))
    since = (time / every + first) % 1
    x += (labels == 3)[:, None] * 2.5 * np.exp(-6 * since) * np.cos(4 * np.pi * since)
    return x + 0.6 * rng.normal(size=(n, steps)), labels
