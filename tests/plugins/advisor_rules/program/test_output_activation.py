from __future__ import annotations

import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.program.output_activation import OutputActivation
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=470)


@pytest.mark.parametrize(
    ("activation", "loss", "wanted"),
    [
        ("softmax", "nn.CrossEntropyLoss()", "raw"),
        ("nn.LogSoftmax(dim=1)", "CrossEntropyLoss", "raw"),
        ("sigmoid", "BCEWithLogitsLoss()", "raw"),
        ("Sigmoid", "binary_cross_entropy_with_logits", "raw"),
        ("linear", "torch.nn.BCELoss", "sigmoid"),
        ("none", "NLLLoss", "log-softmax"),
    ],
)
def test_an_activation_that_the_loss_does_not_expect_is_a_note(
    advise: Advise, activation: str, loss: str, wanted: str
) -> None:
    config: dict[str, Value] = {"head.activation": activation, "criterion": loss}
    (finding,) = advise(OutputActivation(), make_run(train_loss=LOSS, config=config)).findings
    assert finding.severity is Severity.NOTE
    assert [(c.path, c.after) for c in finding.changes] == [("head.activation", wanted)]


def test_a_softmax_over_one_output_is_a_note(advise: Advise) -> None:
    config: dict[str, Value] = {"output_activation": "softmax", "loss": "bce", "output_dim": 1}
    (finding,) = advise(OutputActivation(), make_run(train_loss=LOSS, config=config)).findings
    assert (finding.changes[0].after, finding.confidence) == ("sigmoid", 0.9)


def test_a_softmax_on_numbers_is_a_note(advise: Advise) -> None:
    config: dict[str, Value] = {"output_activation": "softmax", "loss": "mse"}
    run = make_run(train_loss=LOSS, val_rmse=LOSS, config=config)
    assert advise(OutputActivation(), run).findings[0].changes[0].after == "raw"


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("linear", "CrossEntropyLoss"),
        ("softmax", "categorical_crossentropy"),
        ("softmax", "SparseCategoricalCrossentropy"),
        ("softmax", "cross_entropy"),
        ("sigmoid", "binary_crossentropy"),
        ("sigmoid", "BCELoss()"),
        ("log_softmax", "NLLLoss"),
        ("linear", "BCEWithLogitsLoss"),
        ("tanh", "mse"),
        ("sigmoid", "mse"),
        ("softplus", "mse"),
        ("softmax", "kl_div"),
    ],
)
def test_an_activation_that_fits_or_may_fit_passes(
    advise: Advise, activation: str, loss: str
) -> None:
    config: dict[str, Value] = {"output_activation": activation, "loss": loss}
    assert advise(OutputActivation(), make_run(train_loss=LOSS, config=config)).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"output_activation": "softmax"},
        {"loss": "CrossEntropyLoss"},
        {"activation": "softmax", "loss": "CrossEntropyLoss"},
        {"output_activation": "own", "loss": "CrossEntropyLoss"},
    ],
)
def test_without_both_it_says_what_to_record(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(train_loss=LOSS, config=config)
    assert advise(OutputActivation(), run).result == "not-applicable"
