from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.right_answers import Share, right_at_end, share_of

RIGHT = 0.9 - 0.8 * np.exp(-np.linspace(0, 6, 50))
LOGGED = {
    "val/accuracy": RIGHT,
    "val/acc": 100 * RIGHT,
    "val/error_rate": 1 - RIGHT,
    "val/top1_err": 100 * (1 - RIGHT),
    "val/err": 1 - RIGHT,
}
"""The same answers as loggers write them."""


def view(tag: str, values: Floats) -> RunView:
    loss = 0.4 + 2 * (0.9 - RIGHT)
    series = {"train/loss": loss, "val/loss": loss, tag: values}
    run = make_run(series=series, config={"num_classes": 10})
    return RunView(Judged(run, understand(run)), ("val/loss", "val/metric"))


def share(tag: str) -> Share:
    found = share_of(view(tag, LOGGED[tag]), 5, "val/metric")
    assert found is not None
    return found


@pytest.mark.parametrize("tag", LOGGED)
def test_what_is_right_is_the_same_whatever_is_logged(tag: str) -> None:
    found = share(tag)
    assert found.values == pytest.approx(RIGHT)
    assert found.ends == pytest.approx(share("val/accuracy").ends)
    assert found.best == pytest.approx(share("val/accuracy").best)
    assert found.level(0.2, 0.4) == pytest.approx(share("val/accuracy").level(0.2, 0.4))
    assert right_at_end(view(tag, LOGGED[tag])) == pytest.approx(found.ends[1])


@pytest.mark.parametrize("tag", LOGGED)
def test_it_is_shown_in_the_unit_that_is_logged(tag: str) -> None:
    found = share(tag)
    assert found.curve.values == pytest.approx(LOGGED[tag])
    assert found.logged(float(RIGHT[7])) == pytest.approx(LOGGED[tag][7])
    assert found.right(float(LOGGED[tag][7])) == pytest.approx(RIGHT[7])
    assert found.of_cost(found.curve.sign * float(LOGGED[tag][7])) == pytest.approx(RIGHT[7])


@pytest.mark.parametrize(
    ("tag", "values"),
    [
        ("val/wer", 1 - RIGHT),
        ("val/mae", 1 - RIGHT),
        ("val/top5_error", 1 - RIGHT),
        ("val/reconstruction_error", 1 - RIGHT),
        ("val/error_rate", 1.5 - RIGHT),
        ("val/err", 250 * RIGHT),
        ("val/f1", RIGHT),
    ],
)
def test_other_metrics_tell_no_share(tag: str, values: Floats) -> None:
    assert share_of(view(tag, values), 5, "val/metric") is None
