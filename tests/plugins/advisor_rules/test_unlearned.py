from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import noise, with_values
from advisor_rules.unlearned import thrown_about, varying_answers

LEVEL = 2.3 + noise(30, 0.004, 500)


def _seen(val: Floats | None = None, accuracy: Floats | None = None) -> RunView:
    curves = {"train/loss": LEVEL, "val/loss": val, "val/accuracy": accuracy}
    run = make_run(series={tag: values for tag, values in curves.items() if values is not None})
    roles = ("train/loss", "val/loss", "val/metric")
    return RunView(Judged(run, understand(run)), roles)


@pytest.mark.parametrize("unit", [1.0, 1000.0])
def test_the_scatter_of_validation_is_measured_against_its_level(unit: float) -> None:
    share = thrown_about(_seen(unit * (2.0 + noise(30, 0.02, 501))))
    assert share == pytest.approx(0.01, rel=0.5)


def test_a_smooth_course_is_no_scatter() -> None:
    share = thrown_about(_seen(2.0 - 0.5 * np.linspace(0, 1, 30) ** 2))
    assert share is not None
    assert share < 0.001


@pytest.mark.parametrize(
    "val", [None, LEVEL[:7], with_values(LEVEL, np.nan, 20)], ids=["none", "seven", "a NaN"]
)
def test_what_cannot_be_seen_is_not_known(val: Floats | None) -> None:
    assert thrown_about(_seen(val)) is None


def test_answers_that_change_all_the_time_are_counted() -> None:
    found = varying_answers(_seen(accuracy=np.arange(30) % 6 / 100))
    assert found is not None
    assert (found.curve.tag, found.values) == ("val/accuracy", 6)


@pytest.mark.parametrize(
    "accuracy",
    [
        pytest.param(None, id="not logged"),
        pytest.param(np.full(30, 0.1), id="one answer"),
        pytest.param(np.arange(30) % 2 / 10, id="two in turn"),
        pytest.param(np.maximum(np.arange(30) - 20, 0) / 100, id="one for most of the run"),
        pytest.param(np.arange(7) / 100, id="seven validations"),
    ],
)
def test_other_answers_do_not_vary(accuracy: Floats | None) -> None:
    assert varying_answers(_seen(accuracy=accuracy)) is None
