from __future__ import annotations

import pytest

from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.program.never_learned import NeverLearned

PAST = turning(100, seed=11)


def view(run: Run, *declared: str) -> RunView:
    return RunView(Judged(run, understand(run)), declared)


def test_the_first_rule_that_fires_answers() -> None:
    run = make_run(train_loss=falling(100, seed=10, floor=0.1), val_loss=PAST)
    seen = view(run, *roles_of(StillImproving, PastBest, Overfitting))
    for order, expected in (
        ((StillImproving, PastBest, Overfitting), "past-best"),
        ((Overfitting, PastBest), "overfitting"),
    ):
        found = first_finding(seen, *order)
        assert found is not None
        assert found.rule == expected


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(make_run(val_loss=PAST), id="without what the rule requires"),
        pytest.param(make_run(train_loss=PAST[:3], val_loss=PAST[:3]), id="too few points"),
        pytest.param(make_run(train_loss=PAST, val_loss=PAST), id="the rule does not fire"),
        pytest.param(
            make_run(series={"rollout/ep_rew_mean": PAST, "train/loss": PAST, "val/loss": PAST}),
            id="a task it does not hold for",
        ),
    ],
)
def test_a_rule_that_the_engine_would_not_ask_answers_nothing(run: Run) -> None:
    assert first_finding(view(run, *roles_of(Overfitting)), Overfitting) is None


@pytest.mark.parametrize(("above", "expected"), [(0.0, True), (0.49, True), (0.5, False)])
def test_what_is_no_likelier_than_asked_does_not_count(above: float, *, expected: bool) -> None:
    level = make_run(train_loss=0.7 + noise(400, 0.1, 12))
    seen = view(level, *roles_of(NeverLearned))
    assert bool(first_finding(seen, NeverLearned, above=above)) is expected


def test_what_was_not_declared_cannot_be_asked_about() -> None:
    run = make_run(train_loss=PAST, val_loss=PAST)
    with pytest.raises(KeyError):
        first_finding(view(run, "val/loss"), Overfitting)
