from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.validation.metric_not_logged import MetricNotLogged
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(50, seed=70)
ACCURACY = 1 - LOSS / 3
CLASSES: dict[str, Value] = {"num_classes": 10}


def test_a_classifier_without_a_metric_is_found_over_all_its_validations(advise: Advise) -> None:
    run = make_run(train_loss=LOSS, val_loss=LOSS, config=CLASSES)
    (finding,) = advise(MetricNotLogged(), run).findings
    assert (finding.first_step, finding.last_step) == (0, 49)
    assert (finding.severity, finding.evidence[0].value) == (Severity.NOTE, 0)


@pytest.mark.parametrize(
    ("series", "config"),
    [
        pytest.param({"train/cross_entropy": LOSS, "val/cross_entropy": LOSS}, {}, id="by name"),
        pytest.param({"val/loss": LOSS}, {"criterion": "CrossEntropyLoss()"}, id="by its loss"),
        pytest.param({"val/loss": LOSS, "train/accuracy": ACCURACY}, {}, id="only in training"),
        pytest.param({"val/loss": LOSS, "val/accuracy": ACCURACY[:4]}, {}, id="four times in 50"),
        pytest.param({"val/loss": LOSS[:6]}, CLASSES, id="six epochs"),
    ],
)
def test_a_metric_that_is_missing_or_rare_is_asked_for(
    advise: Advise, series: dict[str, Floats], config: dict[str, Value]
) -> None:
    assert advise(MetricNotLogged(), make_run(series=series, config=config)).findings


@pytest.mark.parametrize(
    ("series", "config"),
    [
        pytest.param({"val/accuracy": ACCURACY}, {}, id="accuracy at every validation"),
        pytest.param({"val/f1": ACCURACY[::5]}, CLASSES, id="at every fifth"),
        pytest.param({"val/frobnication_accuracy": ACCURACY}, CLASSES, id="of a head"),
        pytest.param({"test/accuracy": ACCURACY}, CLASSES, id="on the test data"),
        pytest.param({"accuracy": ACCURACY}, CLASSES, id="on data that are not named"),
        pytest.param({"val/accuracy": np.full(50, np.nan)}, {}, id="not finite, but logged"),
        pytest.param({}, {}, id="an unknown task"),
        pytest.param({}, {"loss": "mse"}, id="a regression"),
        pytest.param({}, {"vocab_size": 50257, "block_size": 64}, id="a language model"),
        pytest.param({"generator_loss": LOSS, "discriminator_loss": LOSS}, {}, id="a GAN"),
        pytest.param({"rollout/ep_rew_mean": LOSS}, CLASSES, id="an agent"),
    ],
)
def test_it_stays_silent(
    advise: Advise, series: dict[str, Floats], config: dict[str, Value]
) -> None:
    run = make_run(series={"val/loss": LOSS, **series}, config=config)
    assert advise(MetricNotLogged(), run).findings == ()


def test_without_validation_it_says_what_is_missing(advise: Advise) -> None:
    outcome = advise(MetricNotLogged(), make_run(train_loss=LOSS, config=CLASSES))
    assert outcome.result == "missing-input"
