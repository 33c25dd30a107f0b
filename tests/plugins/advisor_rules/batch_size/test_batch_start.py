from __future__ import annotations

import numpy as np
import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.batch_size.batch_start import BatchStart
from advisor_rules.examples import falling
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=402)


@pytest.mark.parametrize(
    ("config", "direction"),
    [({"batch_size": 1}, "up"), ({"bs": "8192"}, "down")],
)
def test_an_unusual_batch_is_a_note(
    advise: Advise, config: dict[str, Value], direction: str
) -> None:
    (finding,) = advise(BatchStart(), make_run(train_loss=LOSS, config=config)).findings
    assert [(c.after, c.direction) for c in finding.changes] == [(32, direction)]


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"batch_size": 2}, id="2, as for volumes"),
        pytest.param({"batch_size": 1, "num_samples": 10**4}, id="one, judged by the data"),
        pytest.param({"batch_size": 32}, id="32"),
        pytest.param({"batch_size": 4096}, id="4096"),
        pytest.param({"train_batch_size": 1}, id="of one device"),
        pytest.param({"per_device_train_batch_size": 1}, id="of one device, in so many words"),
        pytest.param({"batch_size": 1, "accumulate_grad_batches": 8}, id="accumulated"),
        pytest.param({"batch_size": 1, "accumulate": "auto"}, id="accumulated somehow"),
        pytest.param({"batch_size": 8192, "num_samples": 10**7}, id="judged by the data"),
    ],
)
def test_a_usual_batch_passes(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(BatchStart(), make_run(train_loss=LOSS, config=config)).result == "passed"


@pytest.mark.parametrize("config", [{}, {"batch_size": -1}, {"batch_size": "auto"}])
def test_a_batch_that_is_not_recorded_is_not_judged(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=LOSS, config=config)
    assert advise(BatchStart(), run).result == "not-applicable"


def test_a_batch_whose_samples_are_counted_is_judged_by_the_data(advise: Advise) -> None:
    run = make_run(
        train_loss=LOSS,
        val_loss=LOSS[::3],
        steps={"val/loss": 600 * np.arange(1, 21)},
        config={"batch_size": 2, "epochs": 20},
    )
    assert advise(BatchStart(smallest=4), run).result == "passed"


def test_language_models_and_agents_are_left_alone(advise: Advise) -> None:
    config: dict[str, Value] = {"batch_size": 1, "vocab_size": 50_257, "block_size": 1024}
    run = make_run(train_loss=LOSS, config=config)
    assert advise(BatchStart(), run).result == "not-applicable"
