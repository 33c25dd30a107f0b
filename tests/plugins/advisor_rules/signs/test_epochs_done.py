from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.model import Value
from advisor.rule import Rule
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.validation.no_validation import NoValidation
from tests.plugins.advisor_rules.conftest import Advise

LOSS = np.random.default_rng(7).normal(0.5, 0.1, 51)
"""The losses of single batches that get no better any more."""
PLANNED: Mapping[str, Value] = {"epochs": 8}


def _run(epochs: Floats | None, config: Mapping[str, Value] = PLANNED) -> Run:
    accuracy = np.full(51, 0.7)
    series = {"train/loss": LOSS, "train/accuracy": accuracy}
    return make_run(
        series=series if epochs is None else series | {"epoch": epochs}, config=dict(config)
    )


@pytest.mark.parametrize(
    "epochs",
    [
        pytest.param(np.zeros(51), id="counted from 0"),
        pytest.param(np.ones(51), id="counted from 1"),
        pytest.param(np.linspace(0.01, 0.9, 51), id="in parts of an epoch"),
    ],
)
def test_a_run_that_ended_in_its_first_epoch_was_cut_short_and_could_not_validate(
    advise: Advise, epochs: Floats
) -> None:
    (finding,) = advise(StillImproving(), _run(epochs)).findings
    assert finding.evidence[0].value == pytest.approx(1 / 8)
    assert "8" in finding.advice.evidence.text
    assert advise(NoValidation(), _run(epochs)).result == "not-applicable"


@pytest.mark.parametrize(
    ("rule", "epochs", "config", "result"),
    [
        (StillImproving(), np.zeros(51), {}, "not-applicable"),
        (StillImproving(), np.zeros(51), {"epochs": 2}, "not-applicable"),
        (StillImproving(), np.zeros(51), {"epochs": 8, "patience": 3}, "not-applicable"),
        (StillImproving(), np.repeat(np.arange(3), 17), PLANNED, "not-applicable"),
        (StillImproving(), None, PLANNED, "not-applicable"),
        (NoValidation(), np.zeros(51), {}, "failed"),
        (NoValidation(), np.zeros(51), {"epochs": 1}, "failed"),
        (NoValidation(), np.repeat(np.arange(3), 17), PLANNED, "failed"),
        (NoValidation(), None, PLANNED, "failed"),
    ],
)
def test_where_that_is_not_known_nothing_changes(
    advise: Advise, rule: Rule, epochs: Floats | None, config: Mapping[str, Value], result: str
) -> None:
    found = advise(rule, _run(epochs, config))
    assert (found.result == "failed") is (result == "failed")


LEARNS = 0.3 + 2.0 * np.exp(-np.linspace(0.1, 1.0, 60))


@pytest.mark.parametrize(
    ("every", "config", "fires"),
    [
        pytest.param(1, {"max_steps": 300}, True, id="a fifth of the steps"),
        pytest.param(10, {"max_steps": 3000, "log_interval": 10}, True, id="each tenth step"),
        pytest.param(1, {"max_steps": 300, "logging_steps": 5}, False, id="rows of five steps"),
        pytest.param(1, {"max_steps": 300, "log_every_n_steps": 1}, True, id="rows of a step"),
        pytest.param(1, {"max_steps": 600}, False, id="as many as each tenth step makes rows"),
    ],
)
def test_rows_of_several_steps_are_not_counted_as_steps(
    advise: Advise, every: int, config: dict[str, Value], fires: bool
) -> None:
    at = every * np.arange(60)
    run = make_run(
        train_loss=np.append(LEARNS[:50], np.full(10, LEARNS[50])),
        val_loss=np.full(6, 1.0) - 1e-6 * np.arange(6),
        steps={"train/loss": at, "val/loss": at[9::10]},
        config=config,
    )
    findings = advise(StillImproving(), run).findings
    assert [f.evidence[0].measured == "share of the plan that was trained" for f in findings] == (
        [True] if fires else []
    )
