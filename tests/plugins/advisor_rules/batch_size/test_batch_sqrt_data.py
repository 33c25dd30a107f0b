from __future__ import annotations

import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.batch_size.batch_sqrt_data import BatchSqrtData
from advisor_rules.examples import falling
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=401)


@pytest.mark.parametrize(
    ("batch", "samples", "near", "direction"),
    [(1024, 2000, 32, "down"), (1, 60_000, 256, "up"), (16_384, 1_000_000, 1024, "down")],
)
def test_a_batch_far_from_the_root_is_a_note(
    advise: Advise, batch: int, samples: int, near: int, direction: str
) -> None:
    run = make_run(train_loss=LOSS, config={"data.bs": batch, "n_train": samples})
    (finding,) = advise(BatchSqrtData(), run).findings
    (change,) = finding.changes
    assert (change.path, change.after, change.direction) == ("data.bs", near, direction)
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"batch_size": 128, "num_samples": 50_000}, id="CIFAR"),
        pytest.param({"batch_size": 4096, "num_samples": 1_281_167}, id="ImageNet, large"),
        pytest.param({"batch_size": 8, "num_samples": 1_281_167}, id="small, as others advise"),
        pytest.param({"batch_size": 64, "num_samples": 30}, id="all of very little data"),
        pytest.param({"train_batch_size": 1, "num_samples": 60_000}, id="of one device"),
        pytest.param({"bs": 1, "grad_accum": 64, "num_samples": 60_000}, id="accumulated"),
        pytest.param({"batch_size": 1, "nbs": 64, "n_train": 60_000}, id="a nominal batch"),
    ],
)
def test_a_batch_that_some_guide_recommends_passes(
    advise: Advise, config: dict[str, Value]
) -> None:
    assert advise(BatchSqrtData(), make_run(train_loss=LOSS, config=config)).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"batch_size": 4096},
        {"num_samples": 2000},
        {"batch_size": "auto", "num_samples": 2000},
        {"batch_size": 4096, "num_samples": 0.8},
        {"batch_size": 0.5, "num_samples": 2000},
    ],
)
def test_without_both_numbers_it_says_what_to_record(
    advise: Advise, config: dict[str, Value]
) -> None:
    outcome = advise(BatchSqrtData(), make_run(train_loss=LOSS, config=config))
    assert outcome.result == "not-applicable"
