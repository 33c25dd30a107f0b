from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import noise
from advisor_rules.smooth_fall import roughness

AT = np.linspace(0.0, 1.0, 40)
FALL = 1.0 + np.exp(-3 * AT)
COSINE = 1e-3 * (1 + np.cos(np.pi * AT)) / 2


def _roughness(val: Floats, rate: Floats | None = None) -> float:
    logged = {"train/loss": val, "val/loss": val} | ({} if rate is None else {"lr": rate})
    run = make_run(series=logged, axis=Axis.EPOCH)
    view = RunView(Judged(run, understand(run)), ("train/loss", "val/loss", "lr"))
    return roughness(view, view["val/loss"])


@pytest.mark.parametrize("rate", [COSINE, np.full(40, 1e-3)])
def test_a_decay_is_smooth(rate: Floats) -> None:
    assert _roughness(FALL, rate) < 0.05


def test_scatter_makes_a_fall_rough() -> None:
    line, rate = 2.0 - AT, np.full(40, 1e-3)
    smooth, rough = (_roughness(line + noise(40, size, 80), rate) for size in (0.0001, 0.005))
    assert smooth < 0.02 < 0.1 < rough < 0.9


def test_what_comes_after_the_rate_has_fallen_does_not_count() -> None:
    calm = FALL + np.where(AT > 0.65, noise(40, 0.1, 81), 0.0)
    assert _roughness(calm, COSINE) < 0.05
    assert _roughness(calm, np.full(40, 1e-3)) == math.inf


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(FALL + noise(40, 0.1, 82), id="up and down"),
        pytest.param(FALL[::-1].copy(), id="rising"),
        pytest.param(FALL[:12], id="seven points at a high rate"),
        pytest.param(1.0 + 0.01 * FALL, id="hardly a fall"),
        pytest.param(np.full(40, 1.0), id="no movement at all"),
        pytest.param(FALL.round(1), id="rounded, so that many are equal"),
    ],
)
def test_of_others_nothing_is_said(val: Floats) -> None:
    assert _roughness(val, 1e-3 * (1 + np.cos(np.pi * np.linspace(0, 1, len(val)))) / 2) == math.inf


def test_nothing_is_said_where_nothing_is_known_of_the_rate() -> None:
    assert _roughness(FALL) == math.inf


def test_a_validation_that_became_nan_says_nothing() -> None:
    assert _roughness(np.append(FALL[:-1], np.nan), COSINE) == math.inf
