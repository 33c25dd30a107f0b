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


@pytest.mark.parametrize(
    "rate",
    [
        pytest.param(COSINE, id="along a cosine"),
        pytest.param(None, id="as nobody logged"),
        pytest.param(np.where(AT < 0.62, 0.1, 0.001), id="in one drop"),
        pytest.param(np.where(AT < 0.3, 0.1, np.where(AT < 0.62, 0.05, 0.005)), id="in two"),
    ],
)
def test_a_validation_that_is_thrown_about_until_the_rate_falls_is_measured(
    rate: Floats | None,
) -> None:
    found = _shaken(NOWHERE, rate)
    assert found is not None
    assert found.jump == pytest.approx(np.median(np.abs(np.diff(NOWHERE[7:25]))), rel=0.1)
    assert found.share == pytest.approx(found.jump / 1.1, rel=0.05)
    assert found.first == 7
    assert found.last in {23, 24}


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(THROWN, id="thrown far, and it ended better"),
        pytest.param(NOWHERE + np.where(AT < 0.05, 1.0, 0.0), id="it began worse"),
        pytest.param(NOWHERE - np.where(AT < 0.6, 0.0, 0.1), id="it ended better"),
        pytest.param(1.1 + 0.1 * SCATTER, id="it never calmed down"),
        pytest.param(1.1 + (NOWHERE - 1.1) / 20, id="by a thousandth of its level"),
    ],
)
def test_a_validation_that_gets_somewhere_or_hardly_moves_is_not_shaken(val: Floats) -> None:
    assert _shaken(val, COSINE) is None


@pytest.mark.parametrize(
    "train",
    [
        pytest.param(0.5 * NOWHERE, id="it fitted the training data"),
        pytest.param(1.5 * NOWHERE, id="its own data are noisy"),
        pytest.param(np.where(AT == 0, 3.0, NOWHERE), id="the first epoch began far above"),
    ],
)
def test_where_training_ends_elsewhere_or_learned_nothing_is_said(train: Floats) -> None:
    assert _shaken(NOWHERE, COSINE, train) is None


@pytest.mark.parametrize(
    ("val", "rate"),
    [
        pytest.param(NOWHERE[:25], None, id="nothing is known of the rate, and it never calms"),
        pytest.param(NOWHERE, HELD, id="the rate was held"),
        pytest.param(2.0 - AT, COSINE, id="it only falls"),
        pytest.param((NOWHERE / 0.04).round() * 0.04, COSINE, id="rounded to such steps"),
        pytest.param(NOWHERE[::4], COSINE[::4], id="ten validations"),
        pytest.param(np.full(40, 1.0), COSINE, id="no movement at all"),
    ],
)
def test_of_others_nothing_is_said(val: Floats, rate: Floats | None) -> None:
    assert _shaken(val, rate) is None
