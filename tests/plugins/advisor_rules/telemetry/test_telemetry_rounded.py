from __future__ import annotations

import numpy as np
import pytest

from advisor.notes import Note, NoteKind, note
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.telemetry.telemetry_rounded import TelemetryRounded
from tests.plugins.advisor_rules.conftest import Advise

FALLS = falling(300, seed=1)
SETTLES = falling(300, seed=2, floor=0.004, rate=8, size=1e-4)


def rounded(digits: int, *series: str) -> tuple[Note, ...]:
    return (note(NoteKind.ROUNDED, *series, digits=digits),)


def test_a_logger_that_rounds_is_told_where_neighbours_are_equal(advise: Advise) -> None:
    run = make_run(train_loss=np.full(300, 0.0001), notes=rounded(4))
    finding = advise(TelemetryRounded(), run).findings[0]
    assert finding.evidence[0].value == 1
    assert "1e-4" in finding.advice.evidence.text


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(
            make_run(train_loss=FALLS.round(4), notes=rounded(4)), id="finer than the scatter"
        ),
        pytest.param(
            make_run(train_loss=np.full(300, 0.5), notes=rounded(4, "val/loss")),
            id="another series is rounded",
        ),
    ],
)
def test_a_logger_that_rounds_without_harm_passes(advise: Advise, run: Run) -> None:
    assert advise(TelemetryRounded(), run).findings == ()


@pytest.mark.parametrize("digits", [2, 3])
def test_a_loss_that_settles_below_its_rounding_is_found(advise: Advise, digits: int) -> None:
    finding = advise(TelemetryRounded(), make_run(train_loss=SETTLES.round(digits))).findings[0]
    assert finding.evidence[0].series == "train/loss"
    assert finding.evidence[0].value > 0.5


def test_the_unit_of_the_rounding_does_not_matter(advise: Advise) -> None:
    run = make_run(val_loss=SETTLES.round(2) * 37)
    assert advise(TelemetryRounded(), run).findings


def test_a_rate_logged_as_zero_while_the_loss_falls_was_rounded(advise: Advise) -> None:
    finding = advise(TelemetryRounded(), make_run(train_loss=FALLS, lr=np.zeros(300))).findings[0]
    assert finding.evidence[0].series == "lr"
    assert "rounded" in finding.advice.evidence.text


@pytest.mark.parametrize("points", [8, 300])
def test_a_rate_logged_as_zero_beside_a_recorded_one_is_not_the_one_used(
    advise: Advise, points: int
) -> None:
    run = make_run(train_loss=falling(points, seed=8), lr=np.zeros(points), config={"lr": 0.05})
    (finding,) = advise(TelemetryRounded(), run).findings
    assert finding.evidence[0].series == "lr"
    assert "0.05" in finding.advice.evidence.text


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(make_run(train_loss=FALLS), id="not rounded"),
        pytest.param(make_run(train_loss=FALLS.round(4)), id="four decimals, above the noise"),
        pytest.param(make_run(train_loss=FALLS.astype(np.float32)), id="single precision"),
        pytest.param(make_run(train_loss=np.full(300, 0.25)), id="a constant"),
        pytest.param(make_run(train_loss=np.repeat([3.0, 2.0, 1.0], 100)), id="three levels"),
        pytest.param(make_run(train_loss=np.repeat(falling(30, seed=4), 10)), id="repeated values"),
        pytest.param(
            make_run(train_loss=FALLS, val_accuracy=(0.5 + noise(300, 0.01, 5)).round(2)),
            id="an accuracy on a hundred samples",
        ),
        pytest.param(make_run(train_loss=SETTLES.round(2)[:15]), id="fifteen points"),
        pytest.param(
            make_run(train_loss=2 + noise(300, 0.1, 6), lr=np.zeros(300)),
            id="a rate of zero, and a loss that stands still",
        ),
        pytest.param(
            make_run(train_loss=FALLS, lr=np.linspace(1e-3, 0, 300)), id="a rate that ends at zero"
        ),
        pytest.param(
            make_run(series={"train/loss": FALLS, "lr/pg0": np.zeros(300), "lr/pg1": FALLS / 9}),
            id="a group that is frozen",
        ),
    ],
)
def test_values_that_show_their_changes_pass(advise: Advise, run: Run) -> None:
    assert advise(TelemetryRounded(), run).findings == ()
