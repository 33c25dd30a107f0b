from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.fit.oversized_then_shrunk import OversizedThenShrunk
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 100)
TRAIN = falling(100, seed=102, floor=0.1)
TURNED = turning(100, seed=103)
SIZES: dict[str, Value] = {"num_params": 2_000_000, "num_samples": 5_000}
OFF: dict[str, Value] = {"dropout": 0.0, "patience": 0}
WHOLE: dict[str, Value] = {
    "lr": 1e-3, "epochs": 100, "batch_size": 32, "seed": 1, "model": "mlp", "optimizer": "adam",
    "weight_decay": 0.1, "hidden": 64,
}  # fmt: skip


def test_the_sizes_are_compared_and_dropout_is_proposed(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=SIZES | OFF)
    (finding,) = advise(OversizedThenShrunk(), run).findings
    assert finding.advice.observed.params["times"] == 400
    assert 20 <= finding.first_step <= 40
    assert [(c.parameter, c.path, c.after) for c in finding.changes] == [
        ("dropout", "dropout", 0.2)
    ]
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    ("series", "config"),
    [
        pytest.param({}, SIZES | WHOLE, id="neither among ten settings"),
        pytest.param({}, SIZES | WHOLE | {"drop_last": True}, id="a loader that drops batches"),
        pytest.param({}, SIZES | OFF | {"num_params": 50_000}, id="ten times as many"),
        pytest.param(
            {"n_parameters": np.full(100, 2e6)}, {"dataset_size": 5_000, **OFF}, id="a series"
        ),
    ],
)
def test_a_large_model_that_nothing_holds_back_is_found(
    advise: Advise, series: dict[str, Floats], config: dict[str, Value]
) -> None:
    run = make_run(series={"train/loss": TRAIN, "val/loss": TURNED, **series}, config=config)
    assert advise(OversizedThenShrunk(), run).findings


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(SIZES | OFF | {"dropout": 0.1}, id="dropout"),
        pytest.param(SIZES | WHOLE | {"a.dropout": 0.0, "b.dropout": 0.3}, id="in some layers"),
        pytest.param(SIZES | WHOLE | {"drop_path_rate": 0.1}, id="stochastic depth"),
        pytest.param(SIZES | OFF | {"patience": 10, "epochs": 100}, id="early stopping"),
        pytest.param(SIZES, id="neither recorded, in a poor config"),
        pytest.param(SIZES | {"dropout": 0.0}, id="stopping not recorded, in a poor config"),
        pytest.param(SIZES | OFF | {"num_params": 40_000}, id="eight times as many"),
        pytest.param(SIZES | OFF | {"num_samples": 0.8}, id="a share of the samples"),
        pytest.param({"num_params": 2_000_000, **OFF}, id="samples not recorded"),
        pytest.param({"num_samples": 5_000, **OFF}, id="parameters not recorded"),
    ],
)
def test_a_model_that_is_held_back_or_not_known_to_be_large_passes(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=config)
    assert advise(OversizedThenShrunk(), run).findings == ()


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(TRAIN + 0.05, id="both fall"),
        pytest.param(falling(100, seed=104, floor=0.9, rate=8), id="a gap that stays"),
        pytest.param(0.9 + noise(100, 0.1, 105), id="only noise"),
    ],
)
def test_a_large_model_that_does_not_overfit_passes(advise: Advise, val: Floats) -> None:
    run = make_run(train_loss=TRAIN, val_loss=val, config=SIZES | OFF)
    assert advise(OversizedThenShrunk(), run).findings == ()


def test_it_goes_beneath_overfitting(advise: Advise) -> None:
    rules = {rule.name: rule for rule in (Overfitting(), OversizedThenShrunk())}
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=SIZES | OFF)
    over, large = (f for rule in rules.values() for f in advise(rule, run).findings)
    (diagnosis,) = Diagnoser(rules).diagnose((over, large))
    assert diagnosis.consequences == (large.id,)
