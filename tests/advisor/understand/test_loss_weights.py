from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.roles import Role, Understanding
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.understand.loss_weights import Weighing, is_loss_weight, weighing
from advisor.understand.words import parse
from tests.support import FALLING, RISING

N = len(FALLING)


def vae(**further: object) -> Run:
    series: Mapping[str, object] = {"train/loss": FALLING, "val/loss": FALLING, **further}
    return make_run(series=series)  # type: ignore[arg-type]


def role(understanding: Understanding, tag: str) -> Role:
    return next(r for r in understanding.roles if r.series == tag)


@pytest.mark.parametrize(
    "tag",
    [
        "beta", "train/beta", "vae/beta", "kl_weight", "train/kl_coef", "kld_weight", "loss_weight",
        "kl_anneal", "annealing", "lambda_gp", "lambda_kl", "kl/weight", "loss/kl_weight",
        "adv_weight", "beta_kl", "lambda_bc",
    ],
)  # fmt: skip
def test_the_weight_of_a_loss_is_known_by_its_name(tag: str) -> None:
    assert is_loss_weight(parse(tag))


@pytest.mark.parametrize(
    "tag",
    [
        "beta1", "beta_2", "adam/beta", "optimizer/beta", "weight_decay", "layer1/weight", "weight",
        "weights/mean", "loss_scale", "lr_lambda", "lambda_max", "momentum", "alpha", "loss/alpha",
        "weight_loss", "beta_loss", "kl", "train/kl_loss", "val/loss", "entropy", "factor", "",
    ],
)  # fmt: skip
def test_other_names_are_no_weight_of_a_loss(tag: str) -> None:
    assert not is_loss_weight(parse(tag))


def test_a_weight_that_changes_is_told_from_where_to_where() -> None:
    beta = np.concatenate([np.zeros(3), np.linspace(0, 1, 11), np.ones(N - 14)])
    assert weighing(vae(beta=beta)) == Weighing("beta", 3, 12)


def test_of_several_weights_the_one_that_changes_longest_counts() -> None:
    short = np.concatenate([np.zeros(3), np.ones(N - 3)])
    found = weighing(vae(beta=short, kl_weight=np.linspace(0, 1, N)))
    assert found is not None
    assert found.tag == "kl_weight"


@pytest.mark.parametrize(
    "values", [np.full(N, 4.0), np.linspace(0.95, 1, N), np.zeros(N), np.full(N, np.nan), [1.0]]
)
def test_a_weight_that_stays_changes_nothing(values: object) -> None:
    run = vae(beta=values)
    understanding = understand(run)
    assert weighing(run) is None
    assert understanding.objective is not None
    assert not any("beta" in sentence for sentence in understanding.ambiguous)


def test_the_momentum_of_an_optimizer_weighs_no_loss() -> None:
    assert weighing(vae(beta1=np.linspace(0.85, 0.95, N), momentum=np.linspace(0, 1, N))) is None


def test_a_run_whose_losses_are_weighed_anew_is_not_judged_by_them() -> None:
    understanding = understand(vae(beta=np.linspace(0, 1, N)))
    assert understanding.objective is None
    assert any("`beta` changes from step 0" in said for said in understanding.ambiguous)


def test_it_is_judged_by_its_metric_or_by_what_the_user_names() -> None:
    run = vae(beta=np.linspace(0, 1, N), **{"val/accuracy": RISING})
    by_metric = understand(run).objective
    assert by_metric is not None
    assert by_metric.series == "val/accuracy"
    named = understand(run, objective="val/loss").objective
    assert named is not None
    assert named.series == "val/loss"


def test_the_weight_of_a_divergence_is_no_loss() -> None:
    understanding = understand(vae(kl_anneal=np.linspace(0, 1, N)))
    assert role(understanding, "kl_anneal").kind == "other"


@pytest.mark.parametrize("total", ["elbo_loss", "neg_elbo", "total", "total_loss", "loss/elbo"])
def test_the_total_of_a_vae_leads_its_parts(total: str) -> None:
    tags = [f"{split}/{name}" for split in ("train", "val") for name in (total, "recon", "kl")]
    understanding = understand(make_run(series=dict.fromkeys(tags, FALLING)))
    for split in ("train", "val"):
        assert role(understanding, f"{split}/{total}").primary
        assert not role(understanding, f"{split}/{total}").part
        assert role(understanding, f"{split}/recon").part
    assert not understanding.ambiguous


def test_a_plain_loss_comes_before_the_total_of_a_vae() -> None:
    understanding = understand(vae(**{"train/elbo_loss": FALLING}))
    assert role(understanding, "train/loss").primary


def test_a_total_of_something_else_is_no_loss() -> None:
    understanding = understand(vae(**{"train/total": FALLING}))
    assert role(understanding, "train/total").kind == "other"
