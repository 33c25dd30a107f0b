from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Axis, Run
from advisor.testing.runs import make_run
from advisor_rules.epochs.still_improving import StillImproving
from tests.plugins.advisor_rules.conftest import Advise

LEARNS = 0.3 + 0.5 * np.exp(-2.0 * np.linspace(0, 1, 12))
"""A loss whose last third made a seventh of its gain."""


def improving(config: Mapping[str, Value], every: int = 1, down: float | None = None) -> Run:
    """Make a run of twelve epochs, or of twelve validations of so many steps each.

    ``down`` is the share of a cosine that its rate has come down.
    """
    at = (np.arange(12) + 1) * every
    series = {"train/loss": LEARNS, "val/loss": LEARNS + 0.02}
    if down is not None:
        series["lr"] = 1e-3 * (1 + np.cos(np.pi * down * np.linspace(0, 1, 12))) / 2
    axis = Axis.EPOCH if every == 1 else Axis.STEP
    return make_run(series=series, steps=dict.fromkeys(series, at), config=config, axis=axis)


@pytest.mark.parametrize(
    ("run", "title", "observed"),
    [
        (improving({"epochs": 16}), "Train all of the 16 epochs", "Ended after 12 of 16 epochs"),
        (improving({"epochs": 24}), "Train all of the 24 epochs", "Ended after 12 of 24 epochs"),
        (improving({"epochs": 60}), "Train all of the 60 epochs", "Ended after 12 of 60 epochs"),
        (
            improving({"max_steps": 1000}, every=50),
            "Train all of the 1,000 steps",
            "Ended after 600 of 1,000 steps",
        ),
        (
            improving({"max_steps": 1000}, every=50, down=0.2),
            "Train all of the 1,000 steps",
            "Ended after 600 of 1,000 steps",
        ),
        (
            improving({}, every=50, down=0.2),
            "Let the run reach the end of its schedule",
            "Ended 20% into its schedule",
        ),
        (
            improving({"epochs": 24}, every=50),
            "Train all of the 24 epochs",
            "Validated in 12 of 24 epochs",
        ),
    ],
    ids=["most epochs", "half", "a fifth", "steps", "both", "schedule", "validations"],
)
def test_a_run_that_improves_is_told_to_finish_its_plan_first(
    advise: Advise, run: Run, title: str, observed: str
) -> None:
    (finding,) = advise(StillImproving(), run).findings
    assert finding.advice.title.text == title
    assert finding.advice.observed.text == observed
    assert finding.changes == ()
    assert "to the end of its plan" in finding.advice.do.text
    assert "still improved" in finding.advice.evidence.text.lower()
    assert finding.evidence[0].series == "val/loss"


@pytest.mark.parametrize("severity", ["severity", "confidence"])
def test_it_is_as_sure_as_of_a_run_without_a_plan(advise: Advise, severity: str) -> None:
    (alone,), (planned,) = (
        advise(StillImproving(), improving(config)).findings for config in ({}, {"epochs": 24})
    )
    assert getattr(alone, severity) == getattr(planned, severity)


@pytest.mark.parametrize(
    ("config", "every", "proposed"),
    [
        ({"epochs": 12}, 1, ("epochs", 18)),
        ({"epochs": 13}, 1, ("epochs", 20)),
        ({"epochs": 10}, 1, ("epochs", 15)),
        ({"max_steps": 600}, 50, ("max_steps", 900)),
        ({"max_steps": 600, "epochs": 12}, 50, ("max_steps", 900)),
    ],
)
def test_a_plan_that_was_carried_out_is_stretched(
    advise: Advise, config: Mapping[str, Value], every: int, proposed: tuple[str, int]
) -> None:
    (finding,) = advise(StillImproving(), improving(config, every)).findings
    assert finding.advice.title.text == "Train longer: half as long again"
    assert [(change.path, change.after) for change in finding.changes] == [proposed]


def test_of_two_plans_the_one_that_ended_the_run_is_stretched(advise: Advise) -> None:
    at = (np.arange(12) + 1) * 50
    series = {"train/loss": LEARNS, "val/loss": LEARNS, "epoch": (np.arange(12) + 1) * 0.25}
    for plans, proposed in (
        ({"epochs": 30, "max_steps": 600}, ("max_steps", 900)),
        ({"epochs": 3, "max_steps": 6000}, ("epochs", 4)),
    ):
        run = make_run(series=series, steps=dict.fromkeys(series, at), config=plans)
        (finding,) = advise(StillImproving(), run).findings
        assert [(change.path, change.after) for change in finding.changes] == [proposed]


def test_what_early_stopping_may_have_ended_has_no_plan_to_finish(advise: Advise) -> None:
    run = improving({"epochs": 24, "early_stopping": True})
    (finding,) = advise(StillImproving(), run).findings
    assert finding.advice.title.text == "Train longer: half as long again"
    assert finding.changes == ()


@pytest.mark.parametrize(
    ("setting", "value", "known"),
    [
        ("resume", "runs/1/last.pt", False),
        ("trainer.resume_from_checkpoint", True, False),
        ("fit.ckpt_path", "last.ckpt", False),
        ("resume", "", True),
        ("resume", False, True),
        ("wandb.resume", "allow", True),
        ("resume_every", 5, True),
    ],
)
def test_of_a_run_that_goes_on_from_a_checkpoint_no_plan_is_known(
    advise: Advise, setting: str, value: Value, *, known: bool
) -> None:
    """It may have counted its epochs anew: twelve of a hundred may be the last twelve."""
    (improved,) = advise(StillImproving(), improving({"epochs": 100, setting: value})).findings
    assert ("100 epochs" in improved.advice.title.text) is known
    assert improved.changes == ()
    rests = 0.3 + 0.5 * np.exp(-30.0 * np.linspace(0, 1, 12))
    series = {"train/loss": rests, "val/loss": rests + 0.02}
    run = make_run(series=series, config={"epochs": 100, setting: value}, axis=Axis.EPOCH)
    assert bool(advise(StillImproving(), run).findings) is known
