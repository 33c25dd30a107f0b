from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from advisor.run import Run
from tests.plugins.advisor_textlog import writing

Write = Callable[[str, str], Path]
Runs = Callable[[Path], list[Run]]


def points(run: Run) -> dict[str, int]:
    return {tag: len(one) for tag, one in run.series.items()}


def test_nanogpt_has_a_loss_for_each_step_and_two_for_each_evaluation(
    write: Write, runs_of: Runs
) -> None:
    (run,) = runs_of(write("a.log", writing.text(writing.nanogpt(40, 10))))
    assert run.source == "nanoGPT text log"
    assert points(run) == {"train loss": 5, "val loss": 5, "loss": 41, "time": 41, "mfu": 41}
    assert run.series["val loss"].steps.tolist() == [0, 10, 20, 30, 40]
    assert run.series["mfu"].values[0] == -100
    assert run.notes == ()


def test_nanogpt_prints_the_settings_that_were_overridden(write: Write, runs_of: Runs) -> None:
    lines = ["Overriding: learning_rate = 1e-3", "Overriding: dataset = shakespeare_char"]
    (run,) = runs_of(write("a.log", writing.text([*lines, "", *writing.nanogpt()])))
    found = {path: (entry.value, entry.origin) for path, entry in run.config.items()}
    assert found == {
        "learning_rate": (1e-3, "a.log, line 1"),
        "dataset": ("shakespeare_char", "a.log, line 2"),
    }


def test_speedruns_are_read_and_announce_their_steps(write: Write, runs_of: Runs) -> None:
    text = writing.LISTING + writing.text(writing.modded(30, 10))
    (run,) = runs_of(write("a.txt", text))
    assert run.source == "modded-nanoGPT text log"
    assert points(run) == {"val_loss": 4, "train_time": 34, "step_avg": 34, "train_loss": 30}
    assert run.config["steps"].value == 30
    assert run.config["steps"].origin.startswith("a.txt, line 4")
    assert np.isnan(run.series["step_avg"].values[1])
