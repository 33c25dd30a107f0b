from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from advisor.run import Run
from tests.plugins.advisor_textlog import writing

Write = Callable[[str, str], Path]
Runs = Callable[[Path], list[Run]]


def points(run: Run) -> dict[str, int]:
    return {tag: len(one) for tag, one in run.series.items()}


def test_llmc_has_its_losses_rate_norm_and_evaluation(write: Write, runs_of: Runs) -> None:
    (run,) = runs_of(write("r/main.log", writing.text(writing.llmc(30))))
    assert (run.name, run.source) == ("r", "llm.c main.log")
    assert points(run) == {"tel": 3, "eval": 3, "trl": 30, "lr": 30, "norm": 30}
