from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.validation.no_validation import NoValidation
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(50, seed=40)
ACCURACY = 1 - LOSS / 3


def test_a_classifier_without_validation_is_warned_about(advise: Advise) -> None:
    run = make_run(train_loss=LOSS, train_accuracy=ACCURACY)
    finding = advise(NoValidation(), run).findings[0]
    assert finding.severity is Severity.WARNING
    assert (finding.first_step, finding.last_step) == (0, 49)


def test_where_the_task_is_not_known_it_is_a_note(advise: Advise) -> None:
    findings = advise(NoValidation(), make_run(train_loss=LOSS)).findings
    assert [f.severity for f in findings] == [Severity.NOTE]


@pytest.mark.parametrize(
    ("steps", "epochs", "severity"),
    [
        pytest.param(50, 8, Severity.NOTE, id="eight epochs, fifty steps"),
        pytest.param(200, 8, Severity.WARNING, id="eight epochs, two hundred steps"),
        pytest.param(50, 1, Severity.WARNING, id="one epoch"),
        pytest.param(50, 50, Severity.WARNING, id="fifty epochs, a row each"),
    ],
)
def test_few_steps_may_be_those_of_the_first_of_several_epochs(
    advise: Advise, steps: int, epochs: int, severity: Severity
) -> None:
    loss = falling(steps, seed=40)
    run = make_run(train_loss=loss, train_accuracy=1 - loss / 3, config={"epochs": epochs})
    (finding,) = advise(NoValidation(), run).findings
    assert finding.severity is severity


@pytest.mark.parametrize(
    ("share", "config", "severity"),
    [
        pytest.param(0.1, {}, Severity.NOTE, id="a tenth of a schedule of unknown epochs"),
        pytest.param(0.1, {"epochs": 8}, Severity.NOTE, id="a tenth of eight epochs"),
        pytest.param(0.1, {"epochs": 100}, Severity.WARNING, id="ten of a hundred epochs"),
        pytest.param(0.5, {}, Severity.WARNING, id="half of a schedule"),
        pytest.param(1.0, {}, Severity.WARNING, id="all of a schedule"),
    ],
)
def test_the_start_of_a_schedule_may_be_all_in_the_first_epoch(
    advise: Advise, share: float, config: dict[str, Value], severity: Severity
) -> None:
    loss = falling(400, seed=40)
    rate = 0.005 * (1 + np.cos(np.pi * np.linspace(0, share, 400)))
    run = make_run(train_loss=loss, train_accuracy=1 - loss / 3, lr=rate, config=config)
    (finding,) = advise(NoValidation(), run).findings
    assert finding.severity is severity


def test_an_agent_is_advised_to_evaluate(advise: Advise) -> None:
    run = make_run(series={"train/loss": LOSS, "rollout/ep_rew_mean": -LOSS})
    (finding,) = advise(NoValidation(), run).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].series == "rollout/ep_rew_mean"


@pytest.mark.parametrize(
    "series",
    [
        pytest.param({"train/loss": LOSS, "val/loss": LOSS}, id="validation loss"),
        pytest.param({"loss": LOSS, "val_accuracy": ACCURACY}, id="validation metric only"),
        pytest.param({"train/loss": LOSS, "test/loss": LOSS}, id="a test loss every epoch"),
        pytest.param({"train/loss": LOSS, "val/loss": LOSS[:1]}, id="one validation"),
        pytest.param({"train/loss": LOSS, "eval/loss": LOSS * np.nan}, id="a NaN validation"),
        pytest.param({"train/loss": LOSS, "bbox/AP": ACCURACY}, id="a metric of unknown data"),
        pytest.param({"generator_loss": LOSS, "discriminator_loss": LOSS}, id="a GAN"),
    ],
)
def test_a_run_that_measures_something_else_passes(
    advise: Advise, series: dict[str, Floats]
) -> None:
    assert advise(NoValidation(), make_run(series=series)).findings == ()
