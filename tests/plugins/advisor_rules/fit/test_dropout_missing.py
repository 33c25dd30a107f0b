from __future__ import annotations

from collections.abc import Mapping

import pytest

from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import turning
from advisor_rules.fit.dropout_missing import DropoutMissing
from advisor_rules.fit.overfitting import Overfitting
from tests.plugins.advisor_rules.conftest import Advise
from tests.plugins.advisor_rules.fit.fits import GOOD, OVER, UNDER

WHOLE: dict[str, Value] = {
    "lr": 1e-3, "epochs": 100, "batch_size": 32, "seed": 1, "optimizer": "adam",
    "weight_decay": 0.1, "hidden_dim": 64, "num_layers": 2,
}  # fmt: skip


@pytest.mark.parametrize("config", [{"model.dropout": 0}, WHOLE, {"a.dropout": 0.0, "drop": 1}])
def test_dropout_is_proposed_where_a_run_overfits_without(
    advise: Advise, config: dict[str, Value]
) -> None:
    (finding,) = advise(DropoutMissing(), make_run(series=OVER, config=config)).findings
    assert [(c.parameter, c.after, c.direction) for c in finding.changes] == [
        ("dropout", 0.2, "up")
    ]
    assert 20 <= finding.first_step <= 40


def test_nothing_is_built_on_a_slight_rise(advise: Advise) -> None:
    slight = {**OVER, "val/loss": turning(100, seed=409, rise=0.12)}
    run = make_run(series=slight, config={"dropout": 0.0})
    assert advise(Overfitting(), run).findings
    assert not advise(DropoutMissing(), run).findings


def test_batch_norm_and_silence_make_it_less_sure(advise: Advise) -> None:
    configs: tuple[dict[str, Value], ...] = ({"dropout": 0}, {"dropout": 0, "bn": True}, WHOLE)
    found = [
        advise(DropoutMissing(), make_run(series=OVER, config=config)).findings[0].confidence
        for config in configs
    ]
    assert found[0] > found[1] == found[2]


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({}, id="nothing recorded"),
        pytest.param({"dropout": 0.1}, id="on"),
        pytest.param({"a.dropout": 0.0, "b.dropout": 0.5}, id="in some layers"),
        pytest.param(WHOLE | {"drop_path_rate": 0.1}, id="stochastic depth"),
        pytest.param(
            {k: v for k, v in WHOLE.items() if k not in ("hidden_dim", "num_layers")} | {"x": 1},
            id="the model is not described",
        ),
        pytest.param({"hidden_dim": 64}, id="a poor config"),
        pytest.param({"task": "detect", "dropout": 0.0}, id="a detector"),
    ],
)
def test_a_config_with_dropout_or_silent_on_it_passes(
    advise: Advise, config: dict[str, Value]
) -> None:
    assert advise(DropoutMissing(), make_run(series=OVER, config=config)).findings == ()


@pytest.mark.parametrize("series", [GOOD, UNDER])
def test_a_run_that_does_not_overfit_passes(advise: Advise, series: Mapping[str, Floats]) -> None:
    run = make_run(series=series, config={"dropout": 0.0})
    assert advise(DropoutMissing(), run).findings == ()


def test_it_goes_beneath_overfitting(advise: Advise) -> None:
    rules = {rule.name: rule for rule in (Overfitting(), DropoutMissing())}
    run = make_run(series=OVER, config={"dropout": 0.0})
    over, missing = (f for rule in rules.values() for f in advise(rule, run).findings)
    (diagnosis,) = Diagnoser(rules).diagnose((over, missing))
    assert diagnosis.consequences == (missing.id,)
