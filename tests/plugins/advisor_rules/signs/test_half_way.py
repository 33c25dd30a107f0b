from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.epochs.still_improving import StillImproving
from tests.plugins.advisor_rules.conftest import Advise

LEARNS = 0.3 + 0.5 * np.exp(-2.0 * np.linspace(0, 1, 12))
"""A loss whose last third made a seventh of its gain."""
SHAKEN = LEARNS[[*range(10), 11, 10]]
"""The same, its last value a little above the best: nothing else says that it still improves."""
RESTS = 0.3 + 0.5 * np.exp(-15.0 * np.linspace(0, 1, 12))


def down(share: float, n: int = 12) -> Floats:
    """Return the first part of a cosine that ends at 0."""
    return 1e-3 * (1 + np.cos(np.pi * share * np.linspace(0, 1, n))) / 2


def cut(
    share: float = 0.5,
    loss: Floats = LEARNS,
    config: Mapping[str, Value] | None = None,
    first: int = 0,
    lr: Floats | None = None,
) -> Run:
    """Make a run of twelve validations that ended so far down a cosine."""
    rate = down(share, len(loss)) if lr is None else lr
    series = {"train/loss": loss, "val/loss": loss + 0.02, "lr": rate}
    at = first + np.arange(len(loss)) * 20
    return make_run(series=series, steps=dict.fromkeys(series, at), config=config)


def planned(
    config: Mapping[str, Value], axis: Axis = Axis.EPOCH, loss: Floats = SHAKEN, every: int = 1
) -> Run:
    """Make a run of twelve epochs, or of so many steps each, with no rate logged."""
    at = (np.arange(len(loss)) + 1) * every
    series = {"train/loss": loss, "val/loss": loss + 0.02}
    return make_run(series=series, steps=dict.fromkeys(series, at), config=config, axis=axis)


@pytest.mark.parametrize("share", [0.4, 0.5, 0.6])
def test_a_run_cut_half_way_down_a_schedule_is_a_note_of_low_confidence(
    advise: Advise, share: float
) -> None:
    (finding,) = advise(StillImproving(), cut(share)).findings
    assert finding.severity is Severity.NOTE
    assert finding.confidence == 0.5
    assert finding.evidence[0].value == pytest.approx(share, abs=0.001)
    assert f"{share:.0%} of its way down" in finding.advice.evidence.text
    assert "still improved" in finding.advice.evidence.text


@pytest.mark.parametrize(
    ("run", "says"),
    [
        pytest.param(planned({"epochs": 24}), "24, `train/loss` ends after 12,", id="epochs"),
        pytest.param(
            planned({"num_train_epochs": 24, "max_steps": -1}), "ends after 12,", id="no steps"
        ),
        pytest.param(
            planned({"epochs": 24}, Axis.STEP, every=40),
            "nothing in the log shows more than 12 epochs",
            id="validations",
        ),
        pytest.param(
            planned({"max_steps": 1000}, Axis.STEP, every=40), "1,000, `train/loss`", id="steps"
        ),
        pytest.param(
            planned({"args.num_train_steps": 1000}, Axis.STEP, every=40),
            "`args.num_train_steps` is 1,000",
            id="steps under another name",
        ),
        pytest.param(planned({"max_epoch": 24}), "`max_epoch` is 24", id="epochs as well"),
    ],
)
def test_the_recorded_length_shows_it_as_well(advise: Advise, run: Run, says: str) -> None:
    (finding,) = advise(StillImproving(), run).findings
    assert finding.confidence == 0.5
    assert says in finding.advice.evidence.text


def shaken(size: float) -> Floats:
    """Return a loss that scatters by ``size`` from one value to the next."""
    return RESTS + size * (-1.0) ** np.arange(1, 13)


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(cut(0.75), id="three quarters"),
        pytest.param(cut(1.0, LEARNS), id="all of it"),
        pytest.param(cut(0.66), id="up to the next value it may have gone on"),
        pytest.param(cut(loss=RESTS), id="at rest"),
        pytest.param(cut(loss=shaken(0.02)), id="best by scatter"),
        pytest.param(cut(config={"patience": 3}), id="early stopping"),
        pytest.param(cut(config={"callbacks": ("EarlyStopping",)}), id="a callback that stops"),
        pytest.param(cut(loss=LEARNS[[0, 1, 2, 3, 4, 5, 6, 7, 11, 10, 9, 9]]), id="best before"),
        pytest.param(cut(first=400), id="the rest of another log"),
        pytest.param(cut(lr=1e-3 * np.geomspace(1, 0.5, 12)), id="a rate without an end"),
        pytest.param(planned({"epochs": 12}), id="all epochs"),
        pytest.param(planned({"epochs": 16}), id="three quarters of them"),
        pytest.param(planned({"epochs": 24, "early_stopping": True}), id="stopped early"),
        pytest.param(planned({"epochs": 24, "max_steps": 12}), id="one of two plans"),
        pytest.param(planned({"max_steps": 500}, Axis.STEP, every=40), id="all steps"),
        pytest.param(planned({"max_steps": 100_000}, Axis.STEP), id="steps that are epochs"),
        pytest.param(planned({"num_steps": 1000}, Axis.STEP, every=40), id="of a diffusion"),
    ],
)
def test_other_ends_pass(advise: Advise, run: Run) -> None:
    assert not [f for f in advise(StillImproving(), run).findings if f.confidence == 0.5]


def test_fewer_than_a_third_of_the_steps_are_more_than_half_way_short(advise: Advise) -> None:
    run = planned({"total_steps": 2000}, Axis.STEP, RESTS, every=40)
    (finding,) = advise(StillImproving(), run).findings
    assert finding.advice.observed.text == "Ended after 480 of 2,000 steps"
    assert finding.confidence == 0.7


def test_the_larger_share_of_steps_and_epochs_counts(advise: Advise) -> None:
    """A run ends by whichever comes first."""
    at = (np.arange(12) + 1) * 40
    series = {"train/loss": SHAKEN, "val/loss": SHAKEN, "epoch": (np.arange(12) + 1) * 0.25}
    for epochs, told in ((6, "3 of 6 epochs"), (4, ""), (100, "480 of 1,000 steps")):
        config = {"num_train_epochs": epochs, "max_steps": 1000}
        run = make_run(series=series, steps=dict.fromkeys(series, at), config=config)
        found = [f for f in advise(StillImproving(), run).findings if f.confidence == 0.5]
        assert [f.advice.observed.text for f in found] == [f"Ended after {told}"] * bool(told)


def test_an_agent_has_epochs_and_steps_of_its_own(advise: Advise) -> None:
    at = (np.arange(12) + 1) * 2048
    series = {"rollout/ep_rew_mean": -LEARNS, "eval/mean_reward": -LEARNS, "train/loss": LEARNS}
    run = make_run(
        series=series, steps=dict.fromkeys(series, at), config={"n_epochs": 24, "algo": "PPO"}
    )
    assert not [f for f in advise(StillImproving(), run).findings if f.confidence == 0.5]
