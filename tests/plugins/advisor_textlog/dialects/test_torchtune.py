from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from advisor.run import Run
from tests.plugins.advisor_textlog import writing

Write = Callable[[str, str], Path]
Runs = Callable[[Path], list[Run]]


def points(run: Run) -> dict[str, int]:
    return {tag: len(one) for tag, one in run.series.items()}


def test_torchtune_has_a_value_for_each_name(write: Write, runs_of: Runs) -> None:
    (run,) = runs_of(write("log_1.txt", writing.text(writing.torchtune(25))))
    assert points(run) == {"loss": 25, "lr": 25, "tokens_per_second_per_gpu": 25}
    assert run.series["lr"].values[0] == 2e-5
