from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.signs.small_steps import FEWEST, small_steps, unshaken

N = 400
AT = np.arange(N) / N
HELD = np.full(N, 0.02)
COSINE = 0.02 * (1 + np.cos(np.pi * AT)) / 2
WARMED = 0.02 * np.minimum(AT / 0.2, 1.0)
SLOW, FAST = 2.0 + np.exp(-AT / 0.3), 2.0 + np.exp(-AT / 0.08)
LINE = 3.0 - 0.5 * AT
EARLY = 2.0 + np.exp(-AT / 0.2)
HURRIED = np.where(AT < 0.6, 3.0 - 0.1 * AT, 2.94 - 2.0 * (AT - 0.6))
SPENT = AT + np.sin(np.pi * AT) / np.pi
"""What a cosine schedule has spent, from 0 to 1."""


def _view(
    loss: Floats,
    validations: int = 20,
    rate: Floats | None = HELD,
    *,
    accuracy: float | None = None,
    shaken: Mapping[int, float] | None = None,
    config: Mapping[str, Value] | None = None,
) -> RunView:
    ends = np.linspace(0, N, validations + 1)[1:].astype(np.int64) - 1
    val = loss[ends] + 0.01
    for place, by in (shaken or {}).items():
        val[place] += by
    series = {"train/loss": loss, "val/loss": val} | ({} if rate is None else {"lr": rate})
    series |= {} if accuracy is None else {"val/accuracy": np.linspace(0.2, accuracy, validations)}
    steps = {"val/loss": ends, "val/accuracy": ends}
    run = make_run(series=series, steps=steps, config=dict(config or {}))
    return RunView(Judged(run, understand(run)), (*LrTooLow.requires, *LrTooLow.uses))


def _row(view: RunView) -> int | None:
    return small_steps(view, (view["val/loss"], view["train/loss"]))


@pytest.mark.parametrize(
    ("view", "row"),
    [
        pytest.param(_view(SLOW), 20, id="slowly, at a rate that was held"),
        pytest.param(_view(LINE), 20, id="evenly"),
        pytest.param(_view(np.round(SLOW, 2)), 20, id="rounded, so that some are the same"),
        pytest.param(_view(LINE, FEWEST), FEWEST, id="the fewest validations"),
        pytest.param(
            _view(2.0 + np.exp(-SPENT / 0.5), rate=COSINE), 12, id="until a cosine is low"
        ),
        pytest.param(_view(SLOW, rate=WARMED), 20, id="warmed up"),
        pytest.param(_view(SLOW, rate=None), 10, id="in the first half, at an unknown rate"),
        pytest.param(_view(SLOW, rate=COSINE, shaken={17: 0.1}), 12, id="shaken at a low rate"),
        pytest.param(_view(SLOW, 14, rate=None, shaken={9: 0.1}), 7, id="shaken once later"),
        pytest.param(_view(SLOW, 10, rate=None), 5, id="few, of which the first takes a part"),
        pytest.param(
            _view(SLOW, rate=None, config={"lr_schedule": "constant"}), 20, id="recorded as held"
        ),
        pytest.param(_view(FAST, rate=None, accuracy=0.7), 20, id="all along, and much is wrong"),
        pytest.param(_view(FAST, rate=None), 20, id="all along, at an unknown accuracy"),
        pytest.param(_view(EARLY, 10, rate=None), 10, id="few all along, of which most come later"),
        pytest.param(_view(EARLY, 10, rate=None, accuracy=0.7), 10, id="and much is wrong"),
    ],
)
def test_a_loss_that_nothing_shakes_counts_its_bests(view: RunView, row: int) -> None:
    assert _row(view) == row


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(_view(SLOW, shaken={5: 0.2}), id="one value is no best"),
        pytest.param(_view(np.round(LINE, 1), 20), id="too rounded to tell them apart"),
        pytest.param(_view(np.full(N, 3.0)), id="nothing moves"),
        pytest.param(_view(LINE, shaken={5: 0.026}), id="one hardly is worse"),
        pytest.param(_view(SLOW, shaken={15: np.nan}), id="one is NaN"),
        pytest.param(_view(SLOW, FEWEST - 1), id="too few validations"),
        pytest.param(_view(SLOW, FEWEST - 1, rate=None), id="too few at an unknown rate"),
        pytest.param(_view(FAST, 10, rate=None, accuracy=0.7), id="few all along"),
        pytest.param(_view(EARLY, 10, rate=None, accuracy=0.95), id="few, and most is right"),
        pytest.param(_view(SLOW, 10, rate=None, shaken={7: 0.1}), id="few, and shaken once later"),
        pytest.param(_view(LINE, 10, rate=COSINE), id="too few at a high rate"),
        pytest.param(
            _view(SLOW, 12, rate=None, shaken={7: 0.2, 9: 0.2}), id="a few, and shaken later"
        ),
        pytest.param(
            _view(SLOW, rate=COSINE, shaken=dict.fromkeys((13, 15, 17), 0.2)), id="shaken later"
        ),
        pytest.param(_view(FAST), id="most is learned before the first validation"),
        pytest.param(_view(FAST, 80), id="half is learned soon"),
        pytest.param(_view(FAST, accuracy=0.7), id="and much is wrong, at a known rate"),
        pytest.param(_view(FAST, 12, rate=None), id="and nobody knows what is wrong"),
        pytest.param(_view(FAST, rate=None, accuracy=0.85), id="and most is right"),
        pytest.param(
            _view(FAST, rate=None, accuracy=0.7, shaken={15: 0.02}), id="and one was no best"
        ),
        pytest.param(_view(2.0 + np.exp(-SPENT / 0.12), rate=COSINE), id="nothing at the end"),
        pytest.param(_view(SLOW + 2 * np.maximum(AT - 0.6, 0), rate=COSINE), id="best before"),
        pytest.param(_view(LINE + np.maximum(AT - 0.9, 0), rate=COSINE), id="best just before"),
    ],
)
def test_what_is_shaken_or_learns_at_once_counts_nothing(view: RunView) -> None:
    assert _row(view) is None


@pytest.mark.parametrize(
    ("right_from", "whole", "row"),
    [(0.4, 1.0, None), (0.4, 100.0, None), (0.9, 1.0, 20), (0.9, 100.0, 20)],
)
def test_steps_that_learned_all_training_data_by_half_way_are_none_too_short(
    right_from: float, whole: float, row: int | None
) -> None:
    ends = np.arange(19, N, 20)
    series = {
        "train/loss": SLOW,
        "val/loss": SLOW[ends],
        "train/accuracy": whole * np.minimum(0.2 + 0.8 * AT[ends] / right_from, 1.0),
        "lr": HELD,
    }
    run = make_run(series=series, steps={"val/loss": ends, "train/accuracy": ends})
    view = RunView(Judged(run, understand(run)), (*LrTooLow.requires, *LrTooLow.uses))
    assert _row(view) == row


@pytest.mark.parametrize(("length", "row"), [(20, 20), (40, None)])
def test_many_steps_are_not_short_for_being_calm(length: int, row: int | None) -> None:
    ends = length * np.arange(1, N + 1) - 1
    series = {
        "train/loss": FAST,
        "val/loss": FAST[19::20],
        "val/accuracy": 1.2 - 0.3 * FAST[19::20],
    }
    steps = {"train/loss": ends, "val/loss": ends[19::20], "val/accuracy": ends[19::20]}
    run = make_run(series=series, steps=steps)
    view = RunView(Judged(run, understand(run)), (*LrTooLow.requires, *LrTooLow.uses))
    assert _row(view) == row


def test_a_log_that_begins_late_does_not_show_what_was_learned_first() -> None:
    steps, ends = np.arange(100, 500), np.arange(119, 500, 20)
    series = {"train/loss": SLOW, "val/loss": SLOW[ends - 100] + 0.01, "lr": HELD}
    run = make_run(series=series, steps=dict.fromkeys(series, steps) | {"val/loss": ends})
    view = RunView(Judged(run, understand(run)), (*LrTooLow.requires, *LrTooLow.uses))
    assert _row(view) is None


@pytest.mark.parametrize("every", [1, 10])
def test_a_validation_before_the_first_step_does_not_make_a_fall_slow(every: int) -> None:
    at = np.arange(N + 1)
    loss = 0.5 + 2.0 * (1.0 + 100 * at / N) ** -1.0
    series, steps = {"train/loss": loss, "val/loss": loss[::every]}, {"val/loss": at[::every]}
    run = make_run(series=series, steps=steps)
    view = RunView(Judged(run, understand(run)), (*LrTooLow.requires, *LrTooLow.uses))
    assert _row(view) is None


def test_without_validation_nothing_is_counted() -> None:
    view = _view(SLOW)
    assert small_steps(view, (view["train/loss"],)) is None


def test_unshaken_values_end_where_the_rate_was_last_high() -> None:
    view = _view(FAST, rate=COSINE)
    values = unshaken(view, view["val/loss"])
    assert values is not None
    assert values.tolist() == view["val/loss"].values[:12].tolist()
