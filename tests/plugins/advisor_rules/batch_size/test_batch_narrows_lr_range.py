from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Run
from advisor.testing import make_run
from advisor_rules.batch_size.batch_narrows_lr_range import BatchNarrowsLrRange
from tests.plugins.advisor_rules.search.asking import found

RATES = (1e-3, 1e-2, 1e-1)


def runs(batch: int, *stable: bool) -> list[Run]:
    made = []
    for rate, well in zip(RATES, stable, strict=True):
        loss = np.exp(-np.linspace(0, 4, 40))
        loss[20:] = loss[20:] if well else np.nan
        config = {"lr": rate, "batch_size": batch}
        made.append(make_run(name=f"{batch}-{rate}", val_loss=loss, config=config))
    return made


@pytest.mark.parametrize("stable", [(True, True, False), (True, False, False)])
def test_rates_that_only_the_larger_batch_loses_are_found(stable: tuple[bool, ...]) -> None:
    (finding,) = found(BatchNarrowsLrRange(), *runs(32, True, True, True), *runs(512, *stable))
    assert finding.evidence[0].value == stable.count(False)


@pytest.mark.parametrize(
    ("small", "large"),
    [
        pytest.param((True, True, True), (True, True, True), id="all stable"),
        pytest.param((True, True, False), (True, True, False), id="the same range"),
        pytest.param((True, True, False), (True, True, True), id="a wider range"),
        pytest.param((True, False, True), (True, True, False), id="a range that moved"),
        pytest.param((True, True, True), (False, False, False), id="nothing works: not the rate"),
    ],
)
def test_other_ranges_pass(small: tuple[bool, ...], large: tuple[bool, ...]) -> None:
    assert found(BatchNarrowsLrRange(), *runs(32, *small), *runs(512, *large)) == ()


def test_two_rates_show_no_range() -> None:
    few = [*runs(32, True, True, True)[:2], *runs(512, True, False, False)[:2]]
    assert found(BatchNarrowsLrRange(), *few) == ()
