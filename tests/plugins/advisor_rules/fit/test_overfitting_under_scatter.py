from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.fit.overfitting import Overfitting
from tests.plugins.advisor_rules.conftest import Advise

TRAIN = falling(100, seed=10, floor=0.1)
X = np.linspace(0, 1, 100)


def test_a_rise_under_noise_is_seen_by_its_slope(advise: Advise) -> None:
    x = np.linspace(0, 1, 75)
    val = 0.3 + 0.1 * np.exp(-20 * x) + 0.12 * np.clip(x - 0.15, 0, None) + noise(75, 0.03, 27)
    run = make_run(train_loss=falling(75, seed=28, floor=0.1), val_loss=val)
    assert advise(Overfitting(), run).findings


@pytest.mark.parametrize("seed", range(20))
def test_noise_about_a_level_has_no_slope(advise: Advise, seed: int) -> None:
    val = 0.3 + 0.1 * np.exp(-20 * X) + noise(100, 0.03, 400 + seed)
    run = make_run(train_loss=TRAIN, val_loss=val)
    assert advise(Overfitting(), run).findings == ()


def _given_back(n: int, share: float, seed: int) -> Run:
    """Return a run whose validation soon gives back a share of its gain, under heavy scatter."""
    x = np.linspace(0, 1, n)
    lost = share * np.clip((x - 0.1) / 0.2, 0, 1)
    val = 0.3 + np.where(x < 0.05, 1.0, lost) + noise(n, 0.12, seed)
    return make_run(train_loss=falling(n, seed=43, floor=0.1), val_loss=val)


def test_a_large_rise_under_heavy_scatter_is_a_note(advise: Advise) -> None:
    (finding,) = advise(Overfitting(), _given_back(60, 0.35, 524)).findings
    assert finding.severity is Severity.NOTE
    assert finding.confidence <= 0.5


@pytest.mark.parametrize(
    ("n", "share"), [(60, 0.0), (60, 0.1), (18, 0.35)], ids=["none", "small", "few points"]
)
def test_a_smaller_rise_or_one_of_few_points_is_lost_in_it(
    advise: Advise, n: int, share: float
) -> None:
    assert advise(Overfitting(), _given_back(n, share, 524)).findings == ()


def _creeping(seed: int, share: float, size: float) -> Run:
    """Return a run whose validation gives back a share of its gain, evenly, under scatter."""
    x = np.linspace(0, 1, 60)
    lost = share * np.clip((x - 0.1) / 0.9, 0, None)
    val = 0.3 + np.where(x < 0.05, 1.0, lost) + noise(60, size, seed)
    return make_run(train_loss=falling(60, seed=43, floor=0.1), val_loss=val)


def test_a_rise_that_only_its_slope_shows_under_scatter_is_a_note(advise: Advise) -> None:
    (finding,) = advise(Overfitting(), _creeping(525, 0.2, 0.08)).findings
    assert finding.severity is Severity.NOTE
    assert finding.confidence <= 0.5


@pytest.mark.parametrize(
    ("options", "fires"),
    [
        pytest.param({}, True, id="both"),
        pytest.param({"steady": 0.9}, True, id="its levels"),
        pytest.param({"steady": 0.9, "large": 0.5}, False, id="its levels, and it is no half"),
        pytest.param({"steady": 0.9, "large_t": 4.0}, False, id="too much scatter for levels"),
        pytest.param({"steady": 0.9, "large_lasting": 0.95}, False, id="some points are as good"),
        pytest.param({"large": 0.9}, True, id="its slope"),
        pytest.param({"large": 0.9, "steady": 0.5}, False, id="its slope, and it is no half"),
        pytest.param({"large": 0.9, "steady_t": 4.5}, False, id="too much scatter for a slope"),
        pytest.param({"many_points": 57}, False, id="too few points"),
    ],
)
def test_a_rise_under_scatter_is_shown_by_its_levels_or_its_slope(
    advise: Advise, options: dict[str, float], *, fires: bool
) -> None:
    found = advise(Overfitting.model_validate(options), _creeping(524, 0.25, 0.12)).findings
    assert bool(found) is fires
