"""The data sets: those that scikit-learn ships, synthetic ones, and text that Python ships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.feature_extraction.image import PatchExtractor
from torch import Tensor

from benchmarks.diagnosis import eighth_draw_data as eighth
from benchmarks.diagnosis import fifth_draw_data as fifth
from benchmarks.diagnosis import fourth_draw_data as fourth
from benchmarks.diagnosis import ninth_draw_data as ninth
from benchmarks.diagnosis import second_draw_data as second
from benchmarks.diagnosis import seventh_draw_data as seventh
from benchmarks.diagnosis import sixth_draw_data as sixth
from benchmarks.diagnosis import synthetic, text
from benchmarks.diagnosis import tenth_draw_data as tenth
from benchmarks.diagnosis import third_draw_data as third
from benchmarks.diagnosis.setup import Setup

HELD_OUT = 0.3
"""Share of a shipped data set that validates."""


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Samples first. Targets are classes (int64), or numbers (float32) of shape (n, outputs)."""

    train_x: Tensor
    train_y: Tensor
    val_x: Tensor
    val_y: Tensor
    outputs: int

    @property
    def classes(self) -> bool:
        """Whether the targets are classes."""
        return not self.train_y.is_floating_point()

    @property
    def inputs(self) -> int:
        """Columns of a sample, or steps of a sequence."""
        return self.train_x.shape[1]


def load(setup: Setup) -> Problem:
    """Return the data of a setup, with what it does to them. All seeds split the data alike."""
    problem = _whole(setup.problem)
    rng = np.random.default_rng(1000 + setup.seed)
    problem = _fewer(problem, setup, rng)
    problem = _mislabelled(problem, setup.label_noise, rng)
    return _out_of_scale(problem, setup.input_scale)


@cache
def _whole(name: str) -> Problem:
    return PROBLEMS[name]()


def _fewer(problem: Problem, setup: Setup, rng: np.random.Generator) -> Problem:
    keep = np.ones(len(problem.train_x), dtype=bool)
    if setup.rare:
        chosen = problem.train_y.numpy() == 1
        keep = ~chosen | (rng.random(len(keep)) < setup.rare)
    rows = np.flatnonzero(keep)
    if setup.samples:
        rows = rng.permutation(rows)[: setup.samples]
    found = torch.from_numpy(rows)
    return replace(problem, train_x=problem.train_x[found], train_y=problem.train_y[found])


def _mislabelled(problem: Problem, share: float, rng: np.random.Generator) -> Problem:
    if not share:
        return problem
    wrong = torch.from_numpy(np.flatnonzero(rng.random(len(problem.train_y)) < share))
    targets = problem.train_y.clone()
    targets[wrong] = targets[torch.from_numpy(rng.permutation(len(targets)))[: len(wrong)]]
    return replace(problem, train_y=targets)


def _out_of_scale(problem: Problem, largest: float) -> Problem:
    """Multiply the columns by factors from 1 to ``largest``, evenly spaced in their logarithm."""
    if largest == 1.0:
        return problem
    factors = torch.logspace(0, np.log10(largest), problem.inputs)
    return replace(problem, train_x=problem.train_x * factors, val_x=problem.val_x * factors)


def _problem(x: NDArray[Any], y: NDArray[Any], outputs: int) -> Problem:
    """Shuffle, split and scale columns by the training part's mean and deviation."""
    order = np.random.default_rng(7).permutation(len(x))
    count = round(len(x) * HELD_OUT)
    train, held_out = order[count:], order[:count]
    x = x.astype(np.float32)
    mean, deviation = x[train].mean(0), x[train].std(0)
    # A pixel that hardly ever varies in training must not explode in validation.
    x = (x - mean) / np.maximum(deviation, 0.1 * deviation.mean())
    kind = np.float32 if y.dtype == np.float32 else np.int64
    return _split(x, y.astype(kind), train, held_out, outputs)


def _split(
    x: NDArray[Any], y: NDArray[Any], train: NDArray[Any], val: NDArray[Any], outputs: int
) -> Problem:
    return Problem(
        train_x=torch.from_numpy(x[train]),
        train_y=torch.from_numpy(y[train]),
        val_x=torch.from_numpy(x[val]),
        val_y=torch.from_numpy(y[val]),
        outputs=outputs,
    )


def _classes(load_data: Callable[..., Any]) -> Problem:
    x, y = load_data(return_X_y=True)
    return _problem(x, y, int(y.max()) + 1)


def _numbers(x: NDArray[Any], y: NDArray[Any]) -> Problem:
    target = ((y - y.mean()) / y.std()).astype(np.float32).reshape(len(x), -1)
    return _problem(x, target, target.shape[1])


def _patches() -> Problem:
    grey = datasets.load_sample_image("china.jpg").mean(2, dtype=np.float64) / 255.0
    extractor = PatchExtractor(patch_size=(8, 8), max_patches=2500, random_state=7)
    flat = extractor.transform(grey[None]).reshape(-1, 64)
    made = _numbers(flat, flat)
    return replace(made, train_y=made.train_x, val_y=made.val_x)


def _text(source: Callable[[], str]) -> Problem:
    x, y, characters = text.windows(source())
    rows = np.arange(len(x))
    return _split(x, y, rows[: len(x) * 4 // 5], rows[len(x) * 4 // 5 :], characters)


PROBLEMS: dict[str, Callable[[], Problem]] = {
    "digits": lambda: _classes(datasets.load_digits),
    "cancer": lambda: _classes(datasets.load_breast_cancer),
    "clusters": lambda: _problem(*synthetic.clusters(), outputs=5),
    "diabetes": lambda: _numbers(*datasets.load_diabetes(return_X_y=True)),
    "waves": lambda: _numbers(*synthetic.waves()),
    "tones": lambda: _problem(*synthetic.tones(), outputs=4),
    "docstrings": lambda: _text(text.docstrings),
    "wine": lambda: _classes(datasets.load_wine),
    "patches": _patches,
    "shapes": lambda: _problem(*synthetic.shapes(), outputs=4),
    "friedman": lambda: _numbers(*synthetic.friedman()),
    "spirals": lambda: _problem(*synthetic.spirals(), outputs=3),
    "rings": lambda: _problem(*synthetic.rings(), outputs=3),
    "counts": lambda: _problem(*synthetic.counts(), outputs=3),
    "motifs": lambda: _problem(*synthetic.motifs(), outputs=4),
    "source": lambda: _text(text.source),
    "links": lambda: _problem(*second.links(), outputs=2),
    "forks": lambda: _problem(*second.forks(), outputs=3),
    "pendulum": lambda: _numbers(*second.pendulum()),
    "blots": lambda: _problem(*second.blots(), outputs=4),
    "orders": lambda: _problem(*second.orders(), outputs=4),
    "peaks": lambda: _numbers(*second.peaks()),
    "rhythms": lambda: _problem(*second.rhythms(), outputs=4),
    "reference": lambda: _text(text.reference),
    "hills": lambda: _numbers(*third.hills()),
    "choices": lambda: _problem(*third.choices(), outputs=4),
    "colours": lambda: _numbers(*third.colours()),
    "gratings": lambda: _problem(*third.gratings(), outputs=4),
    "constellations": lambda: _problem(*third.constellations(), outputs=4),
    "chains": lambda: _problem(*third.chains(), outputs=4),
    "changes": lambda: _problem(*third.changes(), outputs=4),
    "names": lambda: _text(text.names),
    "pipes": lambda: _numbers(*fourth.pipes()),
    "arms": lambda: _numbers(*fourth.arms()),
    "iris": lambda: _classes(datasets.load_iris),
    "matches": lambda: _problem(*fourth.matches(), outputs=3),
    "overlaps": lambda: _problem(*fourth.overlaps(), outputs=3),
    "graphs": lambda: _problem(*fourth.graphs(), outputs=4),
    "morse": lambda: _problem(*fourth.morse(), outputs=4),
    "messages": lambda: _text(text.messages),
    "pistons": lambda: _numbers(*fifth.pistons()),
    "functions": lambda: _problem(*fifth.functions(), outputs=4),
    "loans": lambda: _problem(*fifth.loans(), outputs=2),
    "displays": lambda: _problem(*fifth.displays(), outputs=10),
    "lookups": lambda: _problem(*fifth.lookups(), outputs=3),
    "stores": lambda: _problem(*fifth.stores(), outputs=4),
    "machines": lambda: _problem(*fifth.machines(), outputs=4),
    "descriptions": lambda: _text(text.descriptions),
    "processors": lambda: _numbers(*sixth.processors()),
    "passengers": lambda: _problem(*sixth.passengers(), outputs=2),
    "stars": lambda: _problem(*sixth.stars(), outputs=4),
    "charts": lambda: _problem(*sixth.charts(), outputs=8),
    "sums": lambda: _numbers(*sixth.sums()),
    "heartbeats": lambda: _problem(*sixth.heartbeats(), outputs=4),
    "flocks": lambda: _problem(*sixth.flocks(), outputs=4),
    "examples": lambda: _text(text.examples),
    "penguins": lambda: _problem(*seventh.penguins(), outputs=2),
    "wells": lambda: _numbers(*seventh.wells()),
    "symptoms": lambda: _problem(*seventh.symptoms(), outputs=5),
    "cultures": lambda: _problem(*seventh.cultures(), outputs=4),
    "switches": lambda: _problem(*seventh.switches(), outputs=4),
    "gaits": lambda: _problem(*seventh.gaits(), outputs=4),
    "molecules": lambda: _numbers(*seventh.molecules()),
    "headers": lambda: _text(text.headers),
    "endgames": lambda: _problem(*eighth.endgames(), outputs=2),
    "harvests": lambda: _numbers(*eighth.harvests()),
    "vowels": lambda: _problem(*eighth.vowels(), outputs=10),
    "galaxies": lambda: _problem(*eighth.galaxies(), outputs=4),
    "storms": lambda: _problem(*eighth.storms(), outputs=4),
    "calls": lambda: _problem(*eighth.calls(), outputs=4),
    "hands": lambda: _problem(*eighth.hands(), outputs=5),
    "comments": lambda: _text(text.comments),
    "panes": lambda: _numbers(*ninth.panes()),
    "throws": lambda: _numbers(*ninth.throws()),
    "noses": lambda: _problem(*ninth.noses(), outputs=6),
    "junctions": lambda: _problem(*ninth.junctions(), outputs=5),
    "contests": lambda: _problem(*ninth.contests(), outputs=4),
    "appliances": lambda: _problem(*ninth.appliances(), outputs=5),
    "timetables": lambda: _problem(*ninth.timetables(), outputs=4),
    "stubs": lambda: _text(text.stubs),
    "animals": lambda: _problem(*tenth.animals(), outputs=5),
    "bicycles": lambda: _numbers(*tenth.bicycles()),
    "coats": lambda: _problem(*tenth.coats(), outputs=5),
    "phases": lambda: _problem(*tenth.phases(), outputs=6),
    "doses": lambda: _problem(*tenth.doses(), outputs=4),
    "plastics": lambda: _problem(*tenth.plastics(), outputs=5),
    "auctions": lambda: _numbers(*tenth.auctions()),
    "formulas": lambda: _text(text.formulas),
}
"""Every data set by name."""
