from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import noise
from advisor_rules.shaken import Shaken, shaken

AT = np.linspace(0.0, 1.0, 40)
COSINE = 1e-1 * (1 + np.cos(np.pi * AT)) / 2
HELD = np.full(40, 1e-1)
SCATTER = noise(40, 0.2, 90)
THROWN = 1.0 + 0.3 * np.exp(-30 * AT) + SCATTER * np.where(AT < 0.6, 1.0, 0.05)


def _shaken(val: Floats, rate: Floats | None) -> Shaken | None:
    logged = {"train/loss": val, "val/loss": val} | ({} if rate is None else {"lr": rate})
    run = make_run(series=logged, axis=Axis.EPOCH)
    view = RunView(Judged(run, understand(run)), ("train/loss", "val/loss", "val/metric", "lr"))
    return shaken(view, view["val/loss"])


def test_the_median_change_at_a_high_rate_is_measured() -> None:
    found = _shaken(THROWN, COSINE)
    assert found is not None
    assert found.jump == pytest.approx(np.median(np.abs(np.diff(THROWN[7:26]))), rel=0.1)
    assert (found.first, found.last) == (7, 24)
    assert 0.3 < found.share < 1.0


def test_a_rate_that_is_held_need_not_calm_down() -> None:
    assert _shaken(1.0 + 0.3 * np.exp(-30 * AT) + SCATTER, HELD) is not None


@pytest.mark.parametrize(
    ("val", "rate"),
    [
        pytest.param(1.3 + SCATTER, COSINE, id="it scatters at a low rate too"),
        pytest.param(THROWN, None, id="nothing is known of the rate"),
        pytest.param(2.0 - AT, HELD, id="it only falls"),
        pytest.param(1.0 + 0.1 * SCATTER, HELD, id="a fiftieth of the level"),
        pytest.param((THROWN / 0.4).round() * 0.4, COSINE, id="rounded to such steps"),
        pytest.param(THROWN[::4], COSINE[::4], id="ten validations"),
        pytest.param(np.full(40, 1.0), HELD, id="no movement at all"),
    ],
)
def test_of_others_nothing_is_said(val: Floats, rate: Floats | None) -> None:
    assert _shaken(val, rate) is None
