"""What a run is judged by."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.model import Value
from advisor.roles import Objective
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.understand import understand


def logged(tags: str, config: dict[str, Value] | None = None) -> Run:
    return make_run(series={t: np.linspace(1, 0.5, 20) for t in tags.split()}, config=config)


def chosen(run: Run, objective: str | None = None) -> tuple[str, str] | None:
    found: Objective | None = understand(run, objective=objective).objective
    return (found.series, found.direction) if found else None


BOTH = "train/loss val/loss val/foo val/auc val/acc metrics/mAP_0.5:0.95"


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("val/auc:max", ("val/auc", "max")),
        ("val/acc", ("val/acc", "max")),
        ("acc", ("val/acc", "max")),
        ("val/loss", ("val/loss", "min")),
        ("loss", ("val/loss", "min")),
        ("valid_auc", ("val/auc", "max")),
        ("val/foo:min", ("val/foo", "min")),
        ("metrics/mAP_0.5:0.95", ("metrics/mAP_0.5:0.95", "max")),
        ("train/loss", ("train/loss", "min")),
    ],
)
def test_the_objective_is_what_the_user_names(objective: str, expected: tuple[str, str]) -> None:
    understanding = understand(logged(BOTH), objective=objective)
    assert chosen(logged(BOTH), objective) == expected
    assert understanding.ambiguous == ()


@pytest.mark.parametrize("objective", ["val/foo", "val/nope", "nope:max", ":", "val/*"])
def test_an_objective_that_cannot_be_used_is_named_and_the_usual_rules_choose(
    objective: str,
) -> None:
    understanding = understand(logged(BOTH), objective=objective)
    assert chosen(logged(BOTH), objective) == ("metrics/mAP_0.5:0.95", "max")
    assert f"`{objective.removesuffix(':max')}`" in understanding.ambiguous[0]


def test_the_objective_stands_for_its_role() -> None:
    understanding = understand(logged(BOTH), objective="val/foo:min")
    metric = understanding.primary("val/metric")
    assert metric is not None
    assert (metric.series, metric.direction) == ("val/foo", "min")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"metric_for_best_model": "accuracy"}, ("eval_accuracy", "max")),
        ({"early_stopping.monitor": "eval_accuracy"}, ("eval_accuracy", "max")),
        ({"metric_for_best_model": "foo", "greater_is_better": True}, ("eval_foo", "max")),
        ({"monitor": "eval_foo", "mode": "min"}, ("eval_foo", "min")),
        ({"metric_for_best_model": "foo"}, ("eval_f1", "max")),
        ({"metric_for_best_model": "eval_loss"}, ("eval_f1", "max")),
        ({"monitor": 3}, ("eval_f1", "max")),
    ],
)
def test_the_metric_that_the_config_monitors_is_preferred(
    config: dict[str, Value], expected: tuple[str, str]
) -> None:
    assert chosen(logged("loss eval_loss eval_accuracy eval_f1 eval_foo", config)) == expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("train_loss val_loss val_acc", ("val_acc", "max")),
        ("train_loss val_loss val_foo", ("val_loss", "min")),
        ("train_loss train_acc", ("train_loss", "min")),
        ("rollout/ep_rew_mean train/loss", ("rollout/ep_rew_mean", "max")),
        ("rollout/ep_rew_mean eval/mean_reward train/loss", ("eval/mean_reward", "max")),
        ("D_loss G_loss", None),
        ("D_loss G_loss fid", ("fid", "min")),
        ("lr", None),
    ],
)
def test_without_one_the_stated_rules_choose(tags: str, expected: tuple[str, str] | None) -> None:
    assert chosen(logged(tags)) == expected


def test_a_training_loss_is_a_weak_objective() -> None:
    weak, firm = understand(logged("loss")).objective, understand(logged("val_loss")).objective
    assert weak is not None
    assert weak.weak
    assert firm is not None
    assert not firm.weak


@pytest.mark.parametrize(
    ("tags", "how"),
    [
        ("train/loss", "no validation data are logged"),
        ("train/loss eval/foo", "no validation series with a known direction is logged"),
    ],
)
def test_it_is_said_why_the_training_loss_is_what_a_run_is_judged_by(tags: str, how: str) -> None:
    objective = understand(logged(tags)).objective
    assert objective is not None
    assert how in objective.how


def test_a_single_number_does_not_judge_a_run_with_a_validation_curve() -> None:
    run = make_run(train_loss=np.ones(9), val_loss=np.ones(9), val_accuracy=[0.9])
    assert chosen(run) == ("val/loss", "min")
