"""Train, ask advisor, and write down how often it was right.

    make bench-diagnosis                        the development split: about an hour on two cores
    make bench-diagnosis ARGS='--quick 200'     as many cells as come to 200 trainings
    make bench-diagnosis-heldout                the held-out split: one row more in heldout.csv

Trainings are kept in the folder and not trained again; what advisor says is always asked anew.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from benchmarks.diagnosis.cases import cases
from benchmarks.diagnosis.heldout import append
from benchmarks.diagnosis.page import page
from benchmarks.diagnosis.plan import SPLITS, Cell, cells, quick
from benchmarks.diagnosis.score import score
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.work import Row, Task, trained, work

PAGE = Path("docs/accuracy.md")
DAMAGED = "plain"
"""The way to train whose logs are also written damaged."""


def main() -> int:
    """Train, ask, score and write."""
    given = _arguments()
    os.environ["OMP_NUM_THREADS"] = "1"
    plan = cells(given.split)
    if given.quick:
        plan = quick(plan, given.quick)
    rows = _work(plan, given)
    judged = cases(plan, rows, lambda setup: trained(setup, given.folder))
    result = score(judged, given.split, len({setup for cell in plan for setup in cell.needed}))
    given.folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=1)
    (given.folder / f"{given.split}.json").write_text(text)
    target = PAGE if given.split == "development" and not given.quick else None
    written = target or given.folder / f"accuracy-{given.split}.md"
    written.write_text(page(result))
    if given.split == "heldout" and not given.quick:
        append(result)
    print(f"{written} says how often advisor was right")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", type=int, default=0, help="about this many trainings only")
    parser.add_argument("--split", choices=SPLITS, default="development")
    parser.add_argument("--jobs", type=int, default=2, help="processes that train")
    parser.add_argument("--folder", type=Path, default=Path("build/diagnosis"))
    return parser.parse_args()


def _work(plan: Iterable[Cell], given: argparse.Namespace) -> list[Row]:
    tasks = _tasks(plan, given.folder)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.diagnosis.work"])
    rows: list[Row] = []
    started = time.monotonic()
    with ProcessPoolExecutor(given.jobs, mp_context=context) as pool:
        for done, found in enumerate(pool.map(work, tasks, chunksize=4), 1):
            rows += found
            if sys.stderr.isatty() or done % 100 == 0 or done == len(tasks):
                seconds = time.monotonic() - started
                print(f"{done} of {len(tasks)} trainings, {seconds:.0f} s", file=sys.stderr)
    return rows


def _tasks(plan: Iterable[Cell], folder: Path) -> list[Task]:
    """Return every training once; those that only serve as checks are not judged."""
    judged: dict[Setup, bool] = {}
    damaged: set[Setup] = set()
    for cell in plan:
        for setup in cell.seeds():
            judged[setup] = judged.get(setup, False) or cell.kind != "check"
        for setup in cell.needed:
            judged.setdefault(setup, False)
        if cell.name == DAMAGED:
            damaged |= set(cell.seeds())
    return [
        Task(setup, _number(setup), asked, setup in damaged, folder)
        for setup, asked in judged.items()
    ]


def _number(setup: Setup) -> int:
    """Return a number that turns with the values, and not with the code that trains."""
    text = f"{setup.problem}{setup.epochs}{setup.schedule}{setup.optimizer}{setup.batch_size}"
    return sum(text.encode()) + 7 * setup.seed


if __name__ == "__main__":
    sys.exit(main())
