from __future__ import annotations

import pytest

from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.batch_size.batch_too_large import BatchTooLarge
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from tests.plugins.advisor_rules.conftest import Advise

TRAIN, TURNED = falling(100, seed=403, floor=0.1), turning(100, seed=404)


@pytest.mark.parametrize(
    ("config", "smaller"),
    [
        ({"batch_size": 2048}, 512),
        ({"batch_size": 200, "num_samples": 2000}, 32),
        ({"per_device_train_batch_size": 1024}, 256),
    ],
)
def test_a_large_batch_is_named_where_a_run_overfits(
    advise: Advise, config: dict[str, Value], smaller: int
) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=config)
    (finding,) = advise(BatchTooLarge(), run).findings
    assert [(c.after, c.direction) for c in finding.changes] == [(smaller, "down")]
    assert finding.confidence < 0.5
    assert 20 <= finding.first_step <= 40


@pytest.mark.parametrize(
    "config",
    [
        {"batch_size": 64},
        {"batch_size": 512},
        {"batch_size": 64, "num_samples": 128},
        {"batch_size": 1024, "num_samples": 50_000},
    ],
)
def test_a_batch_that_is_not_large_passes(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=config)
    assert advise(BatchTooLarge(), run).result == "passed"


@pytest.mark.parametrize("val", [TRAIN + 0.05, falling(100, seed=405, floor=0.9), None])
def test_a_large_batch_is_no_finding_by_itself(advise: Advise, val: Floats | None) -> None:
    series = {"train/loss": TRAIN} | ({} if val is None else {"val/loss": val})
    run = make_run(series=series, config={"batch_size": 8192})
    assert advise(BatchTooLarge(), run).result == "passed"


def test_only_noise_is_no_overfitting(advise: Advise) -> None:
    val = 0.9 + noise(100, 0.1, 406)
    run = make_run(train_loss=TRAIN, val_loss=val, config={"batch_size": 8192})
    assert advise(BatchTooLarge(), run).result == "passed"


def test_without_a_batch_size_it_says_what_to_record(advise: Advise) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED)
    assert advise(BatchTooLarge(), run).result == "not-applicable"


def test_it_goes_beneath_overfitting(advise: Advise) -> None:
    rules = {rule.name: rule for rule in (Overfitting(), BatchTooLarge())}
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config={"batch_size": 8192})
    over, large = (f for rule in rules.values() for f in advise(rule, run).findings)
    (diagnosis,) = Diagnoser(rules).diagnose((over, large))
    assert diagnosis.consequences == (large.id,)
