"""Losses whose weights change while the model trains, as rules judge them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from advisor.rule import Rule
from advisor.run import Run
from advisor.testing.rule_runs import outcome_on
from advisor.testing.runs import make_run
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.learning_rate.diverged import Diverged
from advisor_rules.non_finite.loss_not_finite import LossNotFinite
from advisor_rules.validation.no_validation import NoValidation

N = 200
WARMED_UP = np.linspace(0, 4, N)
CONSTANT = np.full(N, 4.0)


def annealed(weight: npt.ArrayLike, tag: str = "beta") -> Run:
    """Return a VAE whose reconstruction falls while its total follows the weight of its KL."""
    noise = np.random.default_rng(3).normal(0, 0.2, (2, N))
    steps = np.arange(N)
    recon = 38 + 90 * np.exp(-steps / 8)
    total = recon + WARMED_UP * 4 + noise
    return make_run(series={"train/loss": total[0], "val/loss": total[1], f"train/{tag}": weight})


@pytest.mark.parametrize("rule", [PastBest, Overfitting, Diverged])
def test_a_total_that_rises_with_its_weights_is_not_judged(rule: type[Rule]) -> None:
    assert outcome_on(rule(), annealed(WARMED_UP)).result == "missing-input"
    assert outcome_on(rule(), annealed(np.minimum(WARMED_UP, 1), "kl_weight")).findings == ()


@pytest.mark.parametrize(("tag", "weight"), [("beta", CONSTANT), ("beta1", WARMED_UP)])
def test_a_total_that_rises_at_fixed_weights_is_judged(tag: str, weight: npt.ArrayLike) -> None:
    assert outcome_on(PastBest(), annealed(weight, tag)).result == "failed"


def test_what_compares_nothing_is_judged_all_the_same() -> None:
    assert outcome_on(NoValidation(), annealed(WARMED_UP)).result == "passed"
    broken = dict(annealed(WARMED_UP).series)
    values = broken["train/loss"].values.copy()
    values[150:] = np.nan
    run = make_run(series={tag: one.values for tag, one in broken.items()} | {"train/loss": values})
    assert outcome_on(LossNotFinite(), run).result == "failed"
