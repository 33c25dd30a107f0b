from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Run
from advisor.testing.runs import make_run
from advisor_rules.batch_size.batch_sqrt_data import BatchSqrtData
from advisor_rules.examples import falling
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=401)


@pytest.mark.parametrize(
    ("batch", "samples", "near", "direction"),
    [
        (1024, 2000, 32, "down"),
        (1, 60_000, 256, "up"),
        (2, 1000, 32, "up"),
        (16_384, 1_000_000, 1024, "down"),
    ],
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
        pytest.param({"batch_size": 4, "num_samples": 60_000}, id="four, as others advise"),
        pytest.param({"batch_size": 2, "num_samples": 60}, id="two of very little data"),
        pytest.param({"batch_size": 4, "num_samples": 300}, id="four of little data"),
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


def _validated(every: int, epochs: int = 20, axis: Axis = Axis.STEP, **config: Value) -> Run:
    """Make a run with a validation after so many updates, 20 in all."""
    at = every * np.arange(1, 21) - 1
    return make_run(
        train_loss=LOSS,
        val_loss=LOSS[::3],
        steps={"val/loss": at},
        axis=axis,
        config={"batch_size": 1024, "epochs": epochs, **config},
    )


@pytest.mark.parametrize("every", [2, 4, 10])
def test_updates_in_an_epoch_show_the_samples_of_a_large_batch(advise: Advise, every: int) -> None:
    (finding,) = advise(BatchSqrtData(), _validated(every)).findings
    assert f"{every} updates" in finding.advice.evidence.text
    assert finding.changes[0].direction == "down"


def test_updates_in_an_epoch_show_the_samples_of_a_tiny_batch(advise: Advise) -> None:
    (finding,) = advise(BatchSqrtData(), _validated(600, batch_size=2)).findings
    assert "some 1,200 samples" in finding.advice.evidence.text
    assert (finding.changes[0].after, finding.changes[0].direction) == (32, "up")


@pytest.mark.parametrize(
    ("run", "result"),
    [
        pytest.param(_validated(11), "passed", id="eleven updates"),
        pytest.param(_validated(2, num_samples=100_000), "passed", id="samples are recorded"),
        pytest.param(
            _validated(600, batch_size=2, accum=16), "passed", id="a small batch, accumulated"
        ),
        pytest.param(_validated(600, batch_size=4), "passed", id="a batch of four"),
        pytest.param(_validated(1), "not-applicable", id="steps that may be epochs"),
        pytest.param(_validated(2, epochs=100), "not-applicable", id="validated now and then"),
        pytest.param(_validated(2, axis=Axis.EPOCH), "not-applicable", id="by epoch"),
    ],
)
def test_what_does_not_show_a_large_batch_of_few_samples(
    advise: Advise, run: Run, result: str
) -> None:
    assert advise(BatchSqrtData(), run).result == result


def _seen(samples: int, **config: Value) -> Run:
    """Make a run of four epochs, of 525 updates each, with accuracies of so many samples."""
    right = np.round(np.array([0.4, 0.55, 0.63, 0.68]) * samples)
    logged = {"train/loss": LOSS[:4], "val/loss": LOSS[:4], "train/accuracy": right / samples}
    return make_run(
        series=logged, steps=dict.fromkeys(logged, 525 * np.arange(1, 5) - 1), config=config
    )


def test_accuracies_of_epochs_show_a_batch_that_is_not_recorded(advise: Advise) -> None:
    (finding,) = advise(BatchSqrtData(), _seen(1050)).findings
    assert "batches of 2, and 525 updates made an epoch" in finding.advice.evidence.text
    assert (finding.changes[0].before, finding.changes[0].after) == (None, 32)


@pytest.mark.parametrize(
    ("run", "result"),
    [
        pytest.param(_seen(525 * 8), "not-applicable", id="of eight samples"),
        pytest.param(_seen(1050, accum=8), "not-applicable", id="accumulated"),
        pytest.param(_seen(1050, batch_size=8), "not-applicable", id="recorded otherwise"),
    ],
)
def test_what_shows_no_tiny_batch(advise: Advise, run: Run, result: str) -> None:
    assert advise(BatchSqrtData(), run).result == result
