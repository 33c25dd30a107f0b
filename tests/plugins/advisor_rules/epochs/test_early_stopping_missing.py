from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.epochs.early_stopping_missing import EarlyStoppingMissing
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from tests.plugins.advisor_rules.conftest import Advise

PAST = turning(100, seed=82, at=0.3)
OFF: dict[str, Value] = {"early_stopping": False}
WHOLE: dict[str, Value] = {
    "lr": 1e-3, "epochs": 100, "batch_size": 32, "seed": 1, "model": "mlp", "optimizer": "adam",
    "weight_decay": 0.1, "hidden": 64, "workers": 2,
}  # fmt: skip


def unlucky(waited: int, epochs: int = 40) -> Floats:
    """A loss that is still falling when ``waited`` unlucky validations follow its best one."""
    values = falling(epochs, seed=83, rate=1.2, size=0.01)
    values[-waited:] = values[-waited - 1] + np.abs(noise(waited, 0.01, 84))
    return values


def test_the_best_step_and_the_setting_that_is_off_are_found(advise: Advise) -> None:
    (finding,) = advise(EarlyStoppingMissing(), make_run(val_loss=PAST, config=OFF)).findings
    assert 22 <= finding.first_step <= 38
    assert finding.last_step == 99
    (change,) = finding.changes
    assert (change.parameter, change.path, change.before) == ("patience", "early_stopping", False)
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"patience": 0}, id="patience 0"),
        pytest.param({"patience": 100, "epochs": 100}, id="patience as long as the run"),
        pytest.param({"early_stopping": -1, "patience": 2, "scheduler": "plateau"}, id="-1"),
        pytest.param({"es.early_stop": "none"}, id="none in words"),
        pytest.param({"early_stopping_patience": None}, id="null"),
        pytest.param(WHOLE, id="not among nine settings"),
        pytest.param(WHOLE | {"scheduler.patience": 3}, id="only the patience of a schedule"),
    ],
)
def test_a_config_without_early_stopping_is_found(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(EarlyStoppingMissing(), make_run(val_loss=PAST, config=config)).findings


def test_what_is_turned_off_is_surer_than_what_is_not_named(advise: Advise) -> None:
    off, absent = (
        advise(EarlyStoppingMissing(), make_run(val_loss=PAST, config=config)).findings[0]
        for config in (OFF, WHOLE)
    )
    assert off.confidence > absent.confidence
    assert absent.changes[0].path is None


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"early_stopping": True}, id="on"),
        pytest.param({"early_stopping": "val_loss"}, id="on, by what it watches"),
        pytest.param({"patience": 10, "epochs": 100}, id="a patience"),
        pytest.param({"early_stopping_patience": 3, "early_stopping_min_delta": 0.0}, id="delta 0"),
        pytest.param(WHOLE | {"callbacks": ("EarlyStopping", "CSVLogger")}, id="a callback"),
        pytest.param(WHOLE | {"callbacks.early-stopping.monitor": "val_loss"}, id="a block"),
        pytest.param({}, id="nothing recorded"),
        pytest.param({"lr": 1e-3, "epochs": 100}, id="hardly anything recorded"),
    ],
)
def test_a_config_that_stops_or_does_not_tell_passes(
    advise: Advise, config: dict[str, Value]
) -> None:
    assert advise(EarlyStoppingMissing(), make_run(val_loss=PAST, config=config)).findings == ()


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(falling(100, seed=85), id="falls to its end"),
        pytest.param(falling(100, seed=86, rate=12), id="a plateau"),
        pytest.param(turning(100, seed=87, at=0.95), id="turns at the end"),
        pytest.param(1 + noise(100, 0.1, 88), id="noise"),
    ],
)
def test_a_run_that_is_not_past_its_best_passes(advise: Advise, val: Floats) -> None:
    assert advise(EarlyStoppingMissing(), make_run(val_loss=val, config=OFF)).findings == ()


def test_a_patience_that_ended_an_improving_run_is_found(advise: Advise) -> None:
    run = make_run(val_loss=unlucky(4), config={"es.patience": 4, "epochs": 200})
    (finding,) = advise(EarlyStoppingMissing(), run).findings
    (change,) = finding.changes
    assert (change.path, change.before, change.after) == ("es.patience", 4, 8)
    assert (finding.first_step, finding.last_step) == (35, 39)


@pytest.mark.parametrize(
    ("waited", "config"),
    [
        pytest.param(4, {"patience": 4, "epochs": 40}, id="all epochs were done"),
        pytest.param(4, {"patience": 20, "epochs": 200}, id="patience was left"),
        pytest.param(4, {"epochs": 200}, id="no patience is recorded"),
        pytest.param(4, {"patience": 4}, id="the number of epochs is not recorded"),
        pytest.param(4, {"lr_scheduler.patience": 4, "epochs": 200}, id="of a schedule"),
    ],
)
def test_an_improving_run_that_ended_otherwise_passes(
    advise: Advise, waited: int, config: dict[str, Value]
) -> None:
    run = make_run(val_loss=unlucky(waited), config=config)
    assert advise(EarlyStoppingMissing(), run).findings == ()


def test_it_goes_beneath_what_it_explains_and_above_what_it_answers(advise: Advise) -> None:
    rules = {
        rule.name: rule
        for rule in (PastBest(), Overfitting(), StillImproving(), EarlyStoppingMissing())
    }
    train = falling(100, seed=89, floor=0.1)
    runs = {
        "overfitting": make_run(train_loss=train, val_loss=PAST, config=OFF),
        "past-best": make_run(val_loss=PAST, config=OFF),
        "early-stopping-missing": make_run(
            val_loss=unlucky(4), config={"patience": 4, "epochs": 200}
        ),
    }
    for leader, run in runs.items():
        findings = [f for rule in rules.values() for f in advise(rule, run).findings]
        (diagnosis,) = Diagnoser(rules).diagnose(findings)
        assert [h.rule for h in diagnosis.hypotheses] == [leader]
        assert len(diagnosis.consequences) == len(findings) - 1 >= 1
