from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.better_before import Before, better_before


def _before(values: Floats) -> Before | None:
    run = make_run(val_loss=values)
    return better_before(RunView(Judged(run, understand(run)), ("val/loss",))["val/loss"])


FIRST = np.array([0.9, 0.6, 0.5, 0.55, *np.linspace(0.7, 0.8, 16)])


def test_the_best_of_three_is_named_and_the_worst_of_them_measured() -> None:
    found = _before(FIRST)
    assert found is not None
    assert found.best == (2, 0.5)
    assert found.turned.best.value == 0.6
    assert found.turned.rise == pytest.approx(0.8 - 0.6, abs=0.02)
    assert found.share == pytest.approx(found.turned.rise / (0.9 - 0.6))


def test_only_the_order_decides() -> None:
    for changed in (100 * FIRST, np.log(FIRST), FIRST**3):
        found = _before(changed)
        assert found is not None
        assert found.best[0] == 2
    assert _before(FIRST[::-1]) is None


@pytest.mark.parametrize(("half", "share"), [(10, 1 / 36), (30, 1 / 195)])
def test_in_a_random_order_it_is_as_rare_as_counted(half: int, share: float) -> None:
    random = np.random.default_rng(520)
    found = sum(_before(1 + random.random(2 * half)) is not None for _ in range(1000))
    assert found / 1000 <= share + 2 * np.sqrt(share / 1000)
