"""Comparisons of choices: better only beyond seed noise, at no more than the declared cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.plugins.advisor_probe.probing import found, parts, probed, target

pytestmark = pytest.mark.needs("torch")


def curve(run: Any, name: str) -> Any:
    return run.series[f"advisor-probe/{name}"].values


def dropped(share: float) -> Any:
    nn = parts()["nn"]
    return lambda: nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Dropout(share), nn.Linear(32, 4))


def test_dropout_that_keeps_the_model_from_learning_is_seen() -> None:
    data = parts()["batches"](count=512)
    run = probed(target(model=dropped(0.8), train=data), "dropout")
    assert curve(run, "dropout/none").mean() < curve(run, "dropout/user").mean()
    assert "probe-dropout-range" in found(run)


def test_a_model_without_dropout_is_not_compared() -> None:
    assert not probed(target(), "dropout").series


def test_an_optimizer_in_order_is_not_replaced() -> None:
    adam = target(train=parts()["batches"](count=512))
    fired = found(probed(adam, "optimizers"))
    assert not fired & {"probe-adam-is-forgiving", "probe-momentum-range"}


def test_twice_the_data_are_better_where_the_model_overfits() -> None:
    few = parts()["batches"](count=128)
    assert "probe-more-data-or-regularization" in found(probed(target(train=few), "data"))


def test_the_mean_prediction_is_no_worse_than_the_mean_seed() -> None:
    run = probed(target(train=parts()["batches"](count=256)), "averaging")
    together = float(curve(run, "averaging/predictions")[0])
    assert together < float(np.mean(curve(run, "averaging/seeds")))


def test_schedules_end_where_they_should() -> None:
    from advisor_probe.workbench.comparison import constant, cosine, onecycle

    assert (cosine(0.0), constant(0.7)) == (1.0, 1.0)
    assert cosine(1.0) == pytest.approx(0.0)
    assert onecycle(0.0) == pytest.approx(0.04)
    assert onecycle(0.3) == pytest.approx(1.0)
    assert onecycle(1.0) == pytest.approx(0.0)


def test_the_throughput_is_measured_at_each_size() -> None:
    run = probed(target(), "throughput")
    assert curve(run, "throughput/size").tolist() == [8, 16, 32, 64, 128]
    assert (curve(run, "throughput/samples_per_second") > 0).all()
