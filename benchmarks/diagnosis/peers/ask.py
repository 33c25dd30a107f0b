"""Asks every tool about the logs that advisor was asked about, in the tools' own environment."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.diagnosis.cases import Case
from benchmarks.diagnosis.healthy import DEVELOPMENT
from benchmarks.diagnosis.peers.mapping import MEANINGS
from benchmarks.diagnosis.peers.worker import Job, Row

PYTHON = Path(".env-peers/bin/python")
MOST = {"training-doctor": 320, "trainspotter": 1600}
"""Trainings that a tool is asked about at most: where a log takes it over 0.1 s."""
BASES = 20
"""Data sets with their models that the tools are asked about, the first ones: on all of them the
tools would take longer than the trainings."""


def ask(cases: Iterable[Case], folder: Path, workers: int = 2) -> list[Row]:
    """Return what each tool says of the logs of the first bases, and of the same values as arrays.

    A row for each tool, log and kind of input; a ``FileNotFoundError`` where the tools are not
    installed.
    """
    asked = of_first_bases(cases)
    with ThreadPoolExecutor(workers) as pool:
        answers = pool.map(lambda tool: _answers(tool, asked, folder), _slowest_first())
        return [row for rows in answers for row in rows]


def of_first_bases(cases: Iterable[Case]) -> list[Case]:
    """Return the cases of the first bases, each log once."""
    first = {f"{base.problem}-{base.model}" for base in DEVELOPMENT[:BASES]}
    found = {(c.training, c.log): c for c in cases if c.base in first}
    return list(found.values())


def _slowest_first() -> list[str]:
    return [*MOST, *(tool for tool in MEANINGS if tool not in MOST)]


def chosen(cases: list[Case], most: int | None) -> list[Case]:
    """Return the cases of at most ``most`` trainings: of all kinds, and always the same ones."""
    kinds = {case.training: (case.truth.state, case.title) for case in cases}
    if most is None or len(kinds) <= most:
        return cases
    drawn = sorted(kinds, key=lambda training: (*kinds[training], _shuffled(training)))
    kept = {drawn[i * len(drawn) // most] for i in range(most)}
    return [case for case in cases if case.training in kept]


def _shuffled(training: str) -> str:
    return hashlib.sha256(training.encode()).hexdigest()


def _answers(tool: str, cases: list[Case], folder: Path) -> list[Row]:
    jobs = _jobs(chosen(cases, MOST.get(tool)), folder.resolve())
    done = subprocess.run(
        [PYTHON, "-m", "benchmarks.diagnosis.peers.worker", tool],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _jobs(cases: Iterable[Case], folder: Path) -> Iterator[Job]:
    for case in cases:
        yield _job(case, "logs", folder / "logs" / case.training / case.log)
        if case.whole:
            yield _job(case, "arrays", folder / "trainings" / f"{case.training}.npz")


def _job(case: Case, given: str, path: Path) -> Job:
    by_step = case.log.split("-")[1] == "step"
    row = {"training": case.training, "log": case.log, "input": given}
    return {**row, "path": str(path), "by_step": by_step}
