"""What hand-written trainings print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.notes import NoteKind
from advisor.run import Axis, Run
from tests.plugins.advisor_textlog import writing

Write = Callable[[str, str], Path]
Runs = Callable[[Path], list[Run]]


def test_lines_by_epoch_have_the_time_in_front_of_them(write: Write, runs_of: Runs) -> None:
    (run,) = runs_of(write("a.log", writing.text(writing.epochs(25))))
    loss = run.series["Train Loss"]
    assert (run.source, loss.axis, loss.steps.tolist()) == ("Text log", Axis.EPOCH, [*range(1, 26)])
    assert loss.values[0] == 0.9
    assert loss.wall_times is not None
    assert loss.wall_times[1] - loss.wall_times[0] == 60
    assert run.notes == ()


def test_a_log_that_is_appended_to_holds_a_run_for_each_start(write: Write, runs_of: Runs) -> None:
    runs = runs_of(write("a.log", writing.text(writing.epochs(25) + writing.epochs(25))))
    assert [len(run.series["Val Loss"]) for run in runs] == [25, 25]


def test_batches_in_epochs_are_placed_by_their_order(write: Write, runs_of: Runs) -> None:
    lines = [
        f"Epoch [{epoch}/3], Step [{step}/900], Loss: {100 / (epoch * step):.4f}"
        for epoch in (1, 2, 3)
        for step in range(100, 1000, 100)
    ]
    (run,) = runs_of(write("a.log", writing.text(lines)))
    loss = run.series["Loss"]
    assert (loss.axis, loss.steps.tolist()) == (Axis.ROW, [*range(27)])
    assert {each.kind for each in run.notes} == {NoteKind.STEP_GUESSED}


def test_an_evaluation_without_a_step_stands_at_the_last_one(write: Write, runs_of: Runs) -> None:
    lines = []
    for step in range(0, 300, 10):
        lines.append(f"step: {step} | loss: {3 - step / 100:.3f} | lr: 1e-3")
        if step % 100 == 90:
            lines.append("  validation loss: 2.5, accuracy: 0.5")
    (run,) = runs_of(write("a.log", writing.text(lines)))
    assert run.series["validation loss"].steps.tolist() == [90, 190, 290]
    assert run.series["lr"].values[0] == 1e-3


def test_an_epoch_on_a_line_of_its_own_counts_the_lines_below_it(
    write: Write, runs_of: Runs
) -> None:
    lines = []
    for epoch in range(1, 25):
        bar = "\r".join(f"{at}/9 [==>] - loss: 9.9{at}" for at in range(9))
        lines += [f"Epoch {epoch}/24", f"{bar}\r9/9 - 5s - loss: 0.{epoch:02} - val_loss: 0.5"]
    (run,) = runs_of(write("a.log", writing.text(lines)))
    loss = run.series["loss"]
    assert loss.steps.tolist() == [*range(1, 25)]
    assert loss.values.max() < 1


def test_what_is_printed_once_is_no_series(write: Write, runs_of: Runs) -> None:
    lines = [*writing.epochs(25), "Best Val Loss: 0.5", "test accuracy: 0.91"]
    (run,) = runs_of(write("a.log", writing.text(lines)))
    assert set(run.series) == {"Train Loss", "Val Loss"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("epoch {i} loss: 0.5 took: 12:30:01", {"loss"}),
        ("epoch {i} loss: 0.5 batch: 3/10", {"loss"}),
        ("epoch {i} loss: 0.5 date: 2024-01-02", {"loss"}),
        ("epoch {i} loss: nan acc: -inf", {"loss", "acc"}),
        ("\x1b[32mepoch {i}\x1b[0m loss: \x1b[1m0.5\x1b[0m", {"loss"}),
        ("[epoch: {i}] loss=1.5e-3s; acc=93.1%", {"loss", "acc"}),
        ("Train Epoch: {i} [640/60000 (1%)]\tLoss: 2.3", {"Loss"}),
    ],
)
def test_only_numbers_are_taken_for_numbers(
    write: Write, runs_of: Runs, line: str, expected: set[str]
) -> None:
    (run,) = runs_of(write("a.log", writing.text(line.format(i=i) for i in range(30))))
    assert set(run.series) == expected
