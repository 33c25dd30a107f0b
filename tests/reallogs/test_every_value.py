"""Every value of every real run is what an independent reading of its file gives, bit for bit.

The other readings are in ``oracles``: the logger's own library where there is one, else pandas,
``json`` or a regular expression. Nothing of advisor is used in them.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from advisor.claims import Filters, find_tasks
from advisor.manager import load_plugins
from advisor.reader import Unreadable
from advisor.run import Run, Series
from tests.reallogs.oracles import events, mlflow_store, objects, tables, texts, wandb_files
from tests.reallogs.oracles.points import Points, Runs

pytestmark = [
    pytest.mark.skipif(
        "ADVISOR_REALLOGS" not in os.environ,
        reason="ADVISOR_REALLOGS names no folder with labelled real runs",
    ),
    pytest.mark.needs("mlflow", "pandas", "tensorboard"),
]


class Form(NamedTuple):
    """Files of one form, and how they are read independently."""

    pattern: str
    read: Callable[[Path], Runs]
    differences: Mapping[str, str] = {}
    """Tags that only the independent reading has, and why advisor leaves them out."""


FORMS = (
    Form(
        "**/events.out.tfevents.*",
        events.read,
        {"hp_metric": "Lightning's placeholder: a single -1 that was never measured"},
    ),
    Form("**/*.wandb", wandb_files.read),
    Form("**/wandb_export.csv", tables.read_chart),
    Form("**/metrics.csv", tables.read),
    Form("**/results.csv", tables.read),
    Form("**/log.csv", tables.read),
    Form("**/progress.csv", tables.read),
    Form("**/progress.txt", tables.read),
    Form("4hmet*/training.log", tables.read),
    Form("**/trainer_state.json", objects.read_state),
    Form("**/*.log.json", objects.read_mmcv),
    Form("**/metrics.json", objects.read_lines),
    Form("**/metrics.jsonl", objects.read_lines),
    Form("**/*log.txt", objects.read_lines),
    Form("**/mlruns/*/*/meta.yaml", mlflow_store.read),
    Form("AmmarRashed*/training.log", texts.read_epochs),
    Form("KellerJordan*/**/*.log", texts.read_llmc),
    Form("KellerJordan*/**/*.txt", texts.read_speedrun),
)


def folder() -> Path:
    return Path(os.environ["ADVISOR_REALLOGS"])


@pytest.fixture(scope="module")
def read() -> dict[str, Runs]:
    """Return what advisor reads of each file: by its path, and the label of the run."""
    readers = load_plugins().readers
    found: dict[str, dict[str, Run]] = {}
    for task in find_tasks((folder(),), readers.values(), Filters()).tasks:
        try:
            runs = list(readers[task.claim.reader].read(task.claim))
        except Unreadable:
            continue
        for run in runs:
            for file in run.files:
                found.setdefault(file, {})[run.name.partition("#")[2]] = run
    return {file: {label: _points(run) for label, run in runs.items()}
            for file, runs in found.items()}  # fmt: skip


def _points(run: Run) -> dict[str, Points]:
    return {tag: _plain(series) for tag, series in run.series.items()}


def _plain(series: Series) -> Points:
    times = None if series.wall_times is None else series.wall_times.tolist()
    return Points(series.steps.tolist(), series.values.tolist(), times)


def table(name: str) -> list[dict[str, str]]:
    with (folder() / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


def answered() -> set[str]:
    """Return the odd files: each gets an answer, but hardly one holds a run."""
    return {row["path"] for row in table("odd/odd.csv")}


def files(form: Form) -> list[str]:
    return sorted(p.relative_to(folder()).as_posix() for p in folder().glob(form.pattern))


def bits(numbers: list[float]) -> list[int]:
    found: list[int] = np.array(numbers, dtype=np.float64).view(np.int64).tolist()
    return found


@pytest.mark.parametrize("form", FORMS, ids=[form.pattern for form in FORMS])
def test_every_tag_step_value_and_time_is_that_of_an_independent_reading(
    form: Form, read: dict[str, Runs]
) -> None:
    odd = answered()
    compared = 0
    for file in files(form):
        if file not in read and file in odd:
            continue
        expected = form.read(folder() / file)
        assert read[file].keys() == expected.keys(), file
        for label, series in expected.items():
            compare(series, read[file][label], form.differences, f"{file}#{label}")
            compared += 1
    assert compared


def compare(
    expected: dict[str, Points], found: dict[str, Points], left_out: Mapping[str, str], where: str
) -> None:
    assert found.keys() == expected.keys() - left_out.keys(), where
    for tag, mine in found.items():
        theirs = expected[tag]
        assert mine.steps == theirs.steps, (where, tag)
        assert bits(mine.values) == bits(theirs.values), (where, tag)
        assert (mine.times is None) == (theirs.times is None), (where, tag)
        if mine.times is not None and theirs.times is not None:
            assert bits(mine.times) == bits(theirs.times), (where, tag)


def test_every_labelled_run_is_among_those_that_are_compared(read: dict[str, Runs]) -> None:
    compared = {file for form in FORMS for file in files(form) if file in read}
    missing = [
        row["id"]
        for row in table("manifest.csv")
        if not any(
            file == path.rstrip("/") or file.startswith(f"{path.rstrip('/')}/")
            for path in row["paths"].split(";")
            for file in compared
        )
    ]
    assert not missing
