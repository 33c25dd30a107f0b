from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import noise
from advisor_rules.signs.shaken import Shaken, shaken

AT = np.linspace(0.0, 1.0, 40)
COSINE = 1e-1 * (1 + np.cos(np.pi * AT)) / 2
HELD = np.full(40, 1e-1)
SCATTER = noise(40, 0.2, 90)
THROWN = 1.0 + 0.3 * np.exp(-30 * AT) + SCATTER * np.where(AT < 0.6, 1.0, 0.05)
NOWHERE = 1.1 + 0.1 * SCATTER * np.where((AT > 0) & (AT < 0.6), 1.0, 0.05)


def _shaken(val: Floats, rate: Floats | None, train: Floats | None = None) -> Shaken | None:
    logged = {"train/loss": val if train is None else train, "val/loss": val}
    logged |= {} if rate is None else {"lr": rate}
    run = make_run(series=logged, axis=Axis.EPOCH)
    view = RunView(Judged(run, understand(run)), ("train/loss", "val/loss", "val/metric", "lr"))
    return shaken(view, view["val/loss"])


def test_the_median_change_at_a_high_rate_is_measured() -> None:
    found = _shaken(THROWN, COSINE)
    assert found is not None
    assert found.jump == pytest.approx(np.median(np.abs(np.diff(THROWN[7:26]))), rel=0.1)
    assert (found.first, found.last) == (7, 24)
    assert 0.3 < found.share < 1.0


def test_what_comes_when_the_rate_has_fallen_counts_as_well() -> None:
    late = THROWN + np.where(AT < 0.7, 0.5, 0.0)
    found, sooner = _shaken(late, COSINE), _shaken(THROWN, COSINE)
    assert found is not None
    assert sooner is not None
    assert found.jump == pytest.approx(sooner.jump)
    assert found.share > sooner.share + 0.1


@pytest.mark.parametrize(
    "rate",
    [
        pytest.param(np.where(AT < 0.62, 0.1, 0.001), id="one drop"),
        pytest.param(np.where(AT < 0.3, 0.1, np.where(AT < 0.62, 0.05, 0.005)), id="two drops"),
    ],
)
def test_swings_until_a_step_schedule_drops_the_rate_are_its_purpose(rate: Floats) -> None:
    assert _shaken(THROWN, rate) is None
    nowhere = _shaken(NOWHERE, rate)
    assert nowhere is not None
    assert nowhere.nowhere


def test_a_rate_that_nobody_logged_is_seen_to_fall_as_validation_comes_to_rest() -> None:
    found, known = _shaken(THROWN, None), _shaken(THROWN, COSINE)
    assert found is not None
    assert known is not None
    assert found.share == pytest.approx(known.share, rel=0.1)


def test_what_was_learned_before_the_first_validation_counts_as_gained() -> None:
    soon = np.where(AT == 0, 3.0, THROWN)
    found, alone = _shaken(THROWN, COSINE, soon), _shaken(THROWN, COSINE)
    assert found is not None
    assert alone is not None
    assert found.jump == alone.jump
    assert found.share < 0.5 * alone.share


def test_training_data_that_are_noisy_shake_by_themselves() -> None:
    assert _shaken(THROWN, COSINE, THROWN + 0.2) is not None
    assert _shaken(THROWN, COSINE, THROWN + 0.5) is None


@pytest.mark.parametrize("rate", [COSINE, None])
def test_a_validation_that_gets_nowhere_is_thrown_by_less(rate: Floats | None) -> None:
    found = _shaken(NOWHERE, rate)
    assert found is not None
    assert found.nowhere


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(NOWHERE + np.where(AT < 0.05, 1.0, 0.0), id="it began worse"),
        pytest.param(NOWHERE - np.where(AT < 0.6, 0.0, 0.1), id="it ended better"),
        pytest.param(1.1 + 0.1 * SCATTER, id="it never calmed down"),
        pytest.param(1.1 + (NOWHERE - 1.1) / 20, id="by a thousandth of its level"),
    ],
)
def test_a_validation_that_gets_somewhere_must_be_thrown_by_more(val: Floats) -> None:
    assert _shaken(val, COSINE) is None


@pytest.mark.parametrize(
    "train",
    [
        pytest.param(0.5 * NOWHERE, id="it fitted the training data"),
        pytest.param(np.where(AT == 0, 3.0, NOWHERE), id="the first epoch began far above"),
    ],
)
def test_where_training_learned_validation_got_somewhere(train: Floats) -> None:
    assert _shaken(NOWHERE, COSINE, train) is None


@pytest.mark.parametrize(
    ("val", "rate"),
    [
        pytest.param(1.3 + SCATTER, COSINE, id="it scatters at a low rate too"),
        pytest.param(THROWN[:25], None, id="nothing is known of the rate, and it never calms"),
        pytest.param(THROWN, HELD, id="the rate was held"),
        pytest.param(2.0 - AT, COSINE, id="it only falls"),
        pytest.param((THROWN / 0.4).round() * 0.4, COSINE, id="rounded to such steps"),
        pytest.param(THROWN[::4], COSINE[::4], id="ten validations"),
        pytest.param(np.full(40, 1.0), COSINE, id="no movement at all"),
    ],
)
def test_of_others_nothing_is_said(val: Floats, rate: Floats | None) -> None:
    assert _shaken(val, rate) is None
