"""Real runs of a folder that is not part of this project: read whole, and answered where odd.

``ADVISOR_REALLOGS`` names a folder like the one that ``benchmarks/score_real_logs.py`` scores.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.engine import Analysis, Request, analyze
from advisor.manager import load_plugins
from advisor.settings import Settings
from advisor.summary import RunSummary

pytestmark = pytest.mark.skipif(
    "ADVISOR_REALLOGS" not in os.environ,
    reason="ADVISOR_REALLOGS names no folder with labelled real runs",
)


def folder() -> Path:
    return Path(os.environ["ADVISOR_REALLOGS"])


def table(path: str) -> list[dict[str, str]]:
    with (folder() / path).open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyze(Request((folder(),)), Settings(show_secrets=True), load_plugins())


def runs_of(row: dict[str, str], analysis: Analysis) -> Iterator[RunSummary]:
    """Yield the runs that were read from the files of a row."""
    paths = [path.rstrip("/") for path in row["paths"].split(";")]
    for result in analysis.results:
        run = result.summary
        label = run.name.partition("#")[2]
        if row["series"] and row["series"].split(" - ")[0] != label:
            continue
        if any(file == p or file.startswith(f"{p}/") for file in run.files for p in paths):
            yield run


def words(tag: str) -> str:
    """Return a tag's words: readers name the split of a column that the log names apart."""
    return tag.replace("/", "_").replace(" ", "_").lower()


def points(tag: str, runs: list[RunSummary]) -> set[int]:
    """Return how many points the series of a tag has: in each run, and in all together."""
    wanted = words(tag.partition(";")[0])
    counts = [
        series.points
        for run in runs
        for name, series in run.series.items()
        if words(name).endswith(wanted) or wanted.endswith(words(name))
    ]
    return {*counts, sum(counts)}


def test_every_run_is_read_with_the_points_that_the_manifest_says(analysis: Analysis) -> None:
    wrong = []
    for row in table("manifest.csv"):
        runs = list(runs_of(row, analysis))
        for tag, count in ((row["train_tag"], row["points"]), (row["val_tag"], row["val_points"])):
            if tag and int(count or 0) and int(count) not in points(tag, runs):
                wrong.append((row["id"], tag, count, points(tag, runs)))
    assert not wrong


def test_every_odd_file_is_read_or_refused_by_name() -> None:
    plugins = load_plugins()
    unanswered = []
    for row in table("odd/odd.csv"):
        named = analyze(Request((folder() / row["path"],)), Settings(show_secrets=True), plugins)
        files = {file for result in named.results for file in result.summary.files}
        answered = files | {refusal.path.partition("#")[0] for refusal in named.report.refused}
        if Path(row["path"]).name not in answered:
            unanswered.append((row["path"], row["what"], answered))
    assert not unanswered


def test_no_rule_fails_on_a_real_run(analysis: Analysis) -> None:
    broken = [status for status in analysis.report.statuses if status.outcome == "error"]
    assert not broken
    assert not analysis.report.problems
