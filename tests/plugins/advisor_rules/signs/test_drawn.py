from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.drawn import draws_in_validation


@pytest.mark.parametrize(
    ("tag", "config", "expected"),
    [
        ("val/loss", {"model": "latent-diffusion"}, True),
        ("val/loss", {"scheduler.num_train_timesteps": 1000}, True),
        ("val/loss", {"model.beta_schedule": "linear"}, True),
        ("val/loss", {"model": "BetaVAE"}, True),
        ("val/loss", {"mlm_probability": 0.15}, True),
        ("val/loss", {"mask_ratio": 0.75}, True),
        ("val/elbo_loss", {}, True),
        ("val/flow_matching_loss", {}, True),
        ("val/loss", {"model": "autoencoder"}, False),
        ("val/loss", {"model": "lstm", "timesteps": 30}, False),
        ("val/loss", {"betas": "0.9, 0.999", "beta_1": 0.9}, False),
        ("val/loss", {"model": "resnet18", "dropout": 0.1}, False),
        ("val/loss", {}, False),
    ],
)
def test_a_model_that_draws_in_validation_is_known_by_its_names(
    tag: str, config: dict[str, Value], expected: bool
) -> None:
    run = make_run(series={tag: [1.0, 0.9, 0.8]}, config=config)
    view = RunView(Judged(run, understand(run)), ("val/loss",))
    assert draws_in_validation(view, view["val/loss"]) is expected
