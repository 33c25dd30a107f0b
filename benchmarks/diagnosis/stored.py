"""Trainings on disk, each made once, and their logs beside what was the matter with them."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from benchmarks.diagnosis.labels import Label, labels
from benchmarks.diagnosis.logs import write
from benchmarks.diagnosis.plan import SPLITS, Cell, cells
from benchmarks.diagnosis.setup import Setup, digest
from benchmarks.diagnosis.sweeps import Sweep, sweeps
from benchmarks.diagnosis.training import Floats, train
from benchmarks.diagnosis.truth import Judge, Results

FOLDER = Path("build/diagnosis")
"""Where trainings and logs are kept, from the root of the repository."""
WRITING = ("forms.py", "damage.py", "logs.py")
"""The modules that decide what is in a log."""
UNJUDGED = ("layers", "norm", "rate")
"""What a training measured that no truth depends on."""


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """One log of one training: ``label`` says what was the matter, and which grain it has."""

    label: Label
    setup: Setup
    folder: Path
    """Of this log alone."""
    store: Path

    @property
    def arrays(self) -> dict[str, Floats]:
        """What the training measured, by name: see ``training.Record``."""
        return trained(self.setup, self.store)

    def written(self) -> Path:
        """Return the log's folder, written now if it is not there yet."""
        if not self.folder.exists():
            partial_ = self.folder.with_name(f"{self.folder.name}.{os.getpid()}")
            shutil.rmtree(partial_, ignore_errors=True)
            write(partial_, self.setup, self.arrays, self.label.form)
            partial_.rename(self.folder)
        return self.folder


def logs(split: str, store: Path = FOLDER, plan: Iterable[Cell] = ()) -> Iterator[Log]:
    """Yield each log of each training of a split (or of a part of its plan) that is judged.

    Cells of which a training is not stored are left out.
    """
    _forget_old_logs(store)
    whole = complete(plan or cells(split), store)
    for setup, label in labels(whole, split, results(store)):
        yield Log(label, setup, store / "logs" / setup.id / label.form.name, store)


def _forget_old_logs(store: Path) -> None:
    """Remove the logs that were written by other code than this."""
    stamp, code = store / "logs" / "written-by", digest(WRITING)
    if not stamp.exists() or stamp.read_text() != code:
        shutil.rmtree(stamp.parent, ignore_errors=True)
        stamp.parent.mkdir(parents=True)
        stamp.write_text(code)


def results(store: Path) -> Results:
    """Return what truths are judged by, kept once read: of the curves by step only the loss."""

    @cache
    def read(setup: Setup) -> dict[str, Floats]:
        with np.load(_file(setup, store)) as found:
            return {name: found[name] for name in found.files if name not in UNJUDGED}

    return read


def all_sweeps(split: str, store: Path) -> list[Sweep]:
    """Return the sweeps of a split of which every training is in its plan, and stored.

    What else is stored, of earlier plans, counts for nothing: a new store would not hold it.
    """
    plan = complete(cells(split), store)
    made = {setup for cell in plan for setup in cell.needed}
    return list(sweeps(SPLITS[split], Judge(plan, results(store)), made.__contains__))


def complete(plan: Iterable[Cell], store: Path) -> list[Cell]:
    """Return the cells of which every training is stored, with none whose checks are not."""
    found = list(plan)
    there = {setup for c in found for setup in c.needed if _file(setup, store).exists()}
    short = {c.twin for c in found if c.kind == "check" and not there.issuperset(c.needed)}
    return [
        c for c in found if there.issuperset(c.needed) and not (c.setup in short or c.twin in short)
    ]


def train_all(plan: Iterable[Cell], store: Path, jobs: int) -> None:
    """Make every training of a plan that is not stored; say on stderr how far it is."""
    setups = dict.fromkeys(setup for cell in plan for setup in cell.needed)
    missing = [setup for setup in setups if not _file(setup, store).exists()]
    os.environ["OMP_NUM_THREADS"] = "1"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.diagnosis.training"])
    started = time.monotonic()
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        work = pool.map(partial(_make, store=store), missing, chunksize=4)
        for done, _ in enumerate(work, 1):
            if sys.stderr.isatty() or done % 100 == 0 or done == len(missing):
                seconds = time.monotonic() - started
                print(f"{done} of {len(missing)} trainings, {seconds:.0f} s", file=sys.stderr)


def _make(setup: Setup, store: Path) -> None:
    trained(setup, store)


def trained(setup: Setup, store: Path) -> dict[str, Floats]:
    """Return what a training measured, from its file if it was trained before."""
    file = _file(setup, store)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        with unfinished.open("wb") as stream:
            np.savez_compressed(stream, allow_pickle=False, **train(setup).arrays())
        unfinished.rename(file)
    with np.load(file) as stored:
        return dict(stored)


def _file(setup: Setup, store: Path) -> Path:
    return store / "trainings" / f"{setup.id}.npz"
