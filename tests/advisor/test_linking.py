"""One run in two formats is one run; two runs that lie together stay two."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.execution import RunResult
from advisor.judging.summarize import summarize
from advisor.linking import link
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged

LOSS = np.exp(-np.linspace(0, 3, 40))


def result(run: Run, name: str, source: str) -> RunResult:
    moved = Run(name, run.series, run.config, source, (f"{name}/{source}",))
    return RunResult(summary=summarize(Judged(moved, understand(moved)), ()), outcomes=())


def table(name: str = "run", **more: object) -> RunResult:
    return result(make_run(train_loss=LOSS, val_loss=LOSS + 0.1, **more), name, "table")  # type: ignore[arg-type]  # any keyword of make_run


def events(name: str = "run", scale: float = 1.0) -> RunResult:
    run = make_run(series={"loss/train": np.round(LOSS * scale, 4), "loss/val": LOSS + 0.1})
    return result(run, name, "events")


def names(results: list[RunResult]) -> list[tuple[str, str]]:
    return [(r.summary.name, r.summary.source) for r in results]


@pytest.mark.parametrize("inner", [".", "logs", "runs/Nov20_example"])
def test_a_run_that_lies_in_logs_itself_is_linked_with_what_lies_below(inner: str) -> None:
    linked = link([table("."), events(inner)])
    assert [r.summary.name for r in linked] == ["."]


@pytest.mark.parametrize("inner", ["run", "run/logs", "run/runs/Nov20_example"])
def test_the_same_curves_in_one_place_are_one_run(inner: str) -> None:
    linked = link([table(), events(inner)])
    assert len(linked) == 1
    assert [note.kind.value for note in linked[0].summary.notes] == ["linked"]


def test_the_form_with_settings_is_kept() -> None:
    assert names(link([table(), events()])) == [("run", "table")]
    assert names(link([events(), table(config={"lr": 0.1})])) == [("run", "table")]


def test_the_form_with_more_points_is_kept() -> None:
    assert names(link([table(lr=np.full(40, 0.1)), events()])) == [("run", "table")]


def test_the_order_of_reading_changes_nothing() -> None:
    assert link([table(), events()]) == link([events(), table()])


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(events(scale=1.1), id="other values"),
        pytest.param(events("elsewhere"), id="another directory"),
        pytest.param(events("run2"), id="a name that only begins alike"),
        pytest.param(table("run/inner"), id="the same format: two trainings of one seed"),
        pytest.param(
            result(make_run(lr=np.full(40, 0.1)), "run", "events"), id="no curve in common"
        ),
    ],
)
def test_what_is_not_the_same_run_stays(other: RunResult) -> None:
    assert len(link([table(), other])) == 2
