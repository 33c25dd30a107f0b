from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.epochs.best_checkpoint_not_kept import BestCheckpointNotKept
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.examples import falling, noise, turning, with_values
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 100)
PAST = turning(100, seed=80, at=0.4)


def test_the_drop_from_the_best_step_is_found(advise: Advise) -> None:
    (finding,) = advise(BestCheckpointNotKept(), make_run(val_loss=PAST)).findings
    assert 32 <= finding.first_step <= 48
    assert finding.last_step == 99
    assert finding.severity is Severity.NOTE
    assert [(c.parameter, c.path, c.after) for c in finding.changes] == [("save_best", None, True)]


@pytest.mark.parametrize(
    ("config", "path"),
    [
        ({"trainer.save_best_only": False}, "trainer.save_best_only"),
        ({"load_best_model_at_end": False}, "load_best_model_at_end"),
        ({"checkpoint.save_top_k": 0}, "checkpoint.save_top_k"),
        ({"best_model_checkpoint": None}, "best_model_checkpoint"),
    ],
)
def test_what_turns_it_off_is_named_and_makes_it_surer(
    advise: Advise, config: dict[str, Value], path: str
) -> None:
    (finding,) = advise(BestCheckpointNotKept(), make_run(val_loss=PAST, config=config)).findings
    (silent,) = advise(BestCheckpointNotKept(), make_run(val_loss=PAST)).findings
    assert finding.changes[0].path == path
    assert finding.confidence > silent.confidence


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(turning(100, seed=81, at=0.7), id="turns late"),
        pytest.param(turning(100, seed=82, rise=0.12), id="a slight rise"),
        pytest.param(PAST - 5, id="a loss below zero"),
        pytest.param(PAST[::8], id="13 validations"),
    ],
)
def test_an_end_that_is_worse_is_found(advise: Advise, val: Floats) -> None:
    assert advise(BestCheckpointNotKept(), make_run(val_loss=val)).findings


@pytest.mark.parametrize(
    "config",
    [
        {"save_best_only": True},
        {"load_best_model_at_end": "True"},
        {"trainer.save_top_k": 1},
        {"save_top_k": -1},
        {"best_model_checkpoint": "out/checkpoint-500"},
        {"callbacks": ("restore_best_weights", "csv")},
        {"saveBestOnly": True},
    ],
)
def test_a_config_that_keeps_the_best_silences_it(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(BestCheckpointNotKept(), make_run(val_loss=PAST, config=config)).findings == ()


def test_a_trainer_that_always_keeps_the_best_silences_it(advise: Advise) -> None:
    run = replace(make_run(val_loss=PAST), source="Ultralytics results.csv")
    assert advise(BestCheckpointNotKept(), run).findings == ()


@pytest.mark.parametrize(
    "val",
    [
        pytest.param(falling(100, seed=83), id="falls to the end"),
        pytest.param(falling(100, seed=84, rate=12), id="a plateau"),
        pytest.param(turning(100, seed=85, at=0.95), id="turns at the end"),
        pytest.param(1 + noise(100, 0.1, 86), id="noise"),
        pytest.param(with_values(falling(100, seed=87, rate=12), 0.1, 30), id="one lucky point"),
        pytest.param(falling(100, seed=88, rate=12) + 0.004 * X, id="one per cent worse"),
        pytest.param(np.ones(100), id="constant"),
        pytest.param(2.3 * np.exp(-12 * X) + 0.1 + 0.05 * X, id="little against the whole fall"),
    ],
)
def test_a_run_that_ends_at_its_best_passes(advise: Advise, val: Floats) -> None:
    assert advise(BestCheckpointNotKept(), make_run(val_loss=val)).findings == ()


def test_a_loss_that_rises_under_a_metric_that_holds_is_no_drop(advise: Advise) -> None:
    accuracy = 0.8 - 0.5 * np.exp(-15 * X) + noise(100, 0.005, 89)
    run = make_run(val_loss=PAST, val_accuracy=accuracy)
    assert advise(BestCheckpointNotKept(), run).findings == ()


def test_it_goes_beneath_past_best(advise: Advise) -> None:
    rules = {rule.name: rule for rule in (PastBest(), BestCheckpointNotKept())}
    run = make_run(val_loss=turning(100, seed=90, at=0.25))
    findings = [f for rule in rules.values() for f in advise(rule, run).findings]
    (diagnosis,) = Diagnoser(rules).diagnose(findings)
    assert [h.rule for h in diagnosis.hypotheses] == ["past-best"]
    assert len(diagnosis.consequences) == 1


@pytest.mark.parametrize(("best", "fires"), [(0.16, False), (0.6, True)])
def test_an_accuracy_that_never_left_guessing_has_no_best(
    advise: Advise, best: float, *, fires: bool
) -> None:
    accuracy = best * (1 - 0.4 * np.clip(X - 0.2, 0, None)) + noise(100, 5e-4, 86)
    losses = 2.303 + noise(100, 1e-3, 87)
    run = make_run(val_accuracy=accuracy, val_loss=losses)
    assert bool(advise(BestCheckpointNotKept(), run).findings) is fires
