from __future__ import annotations

from collections.abc import Mapping

import pytest

from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.fit.hidden_size import HiddenSize
from advisor_rules.fit.underfitting import Underfitting
from advisor_rules.program.never_learned import NeverLearned
from tests.plugins.advisor_rules.conftest import Advise
from tests.plugins.advisor_rules.fit.fits import GOOD, OVER, UNDER

Curves = Mapping[str, Floats]
GUESS, CHANCE = 2.303 + noise(60, 0.004, 463), 0.1 + noise(60, 0.004, 464)
NO_GAP: Curves = {"train/loss": falling(60, seed=460), "val/loss": falling(60, seed=461)}


@pytest.mark.parametrize(
    ("series", "config", "parameter", "after"),
    [
        pytest.param(UNDER, {"hidden_dim": 4}, "hidden_size", 100, id="tiny"),
        pytest.param(UNDER, {"hidden_sizes": (64, 2)}, "hidden_size", 100, id="one of them"),
        pytest.param(UNDER, {"num_layers": 0}, "layers", 1, id="no layer"),
        pytest.param(OVER, {"hidden_dim": 4096}, "hidden_size", 2048, id="wide"),
        pytest.param(OVER, {"hidden_layers": "[4096, 10]"}, "hidden_size", 2048, id="in a list"),
    ],
)
def test_a_size_that_the_fit_speaks_against_is_a_note(
    advise: Advise, series: Curves, config: dict[str, Value], parameter: str, after: int
) -> None:
    (finding,) = advise(HiddenSize(), make_run(series=series, config=config)).findings
    assert [(c.parameter, c.after) for c in finding.changes] == [(parameter, after)]


@pytest.mark.parametrize(
    ("series", "config"),
    [
        (UNDER, {"hidden_dim": 8}),
        (UNDER, {"hidden_sizes": (64, 16)}),
        (UNDER, {"hidden_dim": 128, "depth": 2}),
        (UNDER, {"hidden_dim": 256}),
        (UNDER, {"num_layers": 50}),
        (OVER, {"hidden_dim": 8}),
        (OVER, {"hidden_dim": 2000}),
        (OVER, {"num_layers": 0}),
        (GOOD, {"hidden_dim": 8}),
        (GOOD, {"hidden_dim": 4096, "num_layers": 1}),
    ],
)
def test_a_size_that_may_be_right_passes(
    advise: Advise, series: Curves, config: dict[str, Value]
) -> None:
    assert advise(HiddenSize(), make_run(series=series, config=config)).result == "passed"


@pytest.mark.parametrize("config", [{}, {"width": 8}, {"a.hidden_dim": 8, "b.hidden_dim": 9}])
def test_sizes_that_are_not_recorded_are_not_judged(
    advise: Advise, config: dict[str, Value]
) -> None:
    assert advise(HiddenSize(), make_run(series=UNDER, config=config)).result == "not-applicable"


@pytest.mark.parametrize(
    "config", [{"hidden_dim": 1}, {"hidden": 4, "depth": 2}, {"hidden_sizes": (64, 4)}]
)
def test_tiny_layers_are_a_note_where_there_is_no_gap(
    advise: Advise, config: dict[str, Value]
) -> None:
    (finding,) = advise(HiddenSize(), make_run(series=NO_GAP, config=config)).findings
    assert finding.confidence == 0.55
    assert finding.changes[0].direction == "up"


@pytest.mark.parametrize(
    ("series", "config"),
    [
        pytest.param(NO_GAP, {"hidden_dim": 5}, id="five units"),
        pytest.param(NO_GAP, {"hidden": 3, "depth": 2, "hidden_dim": 64}, id="two widths"),
        pytest.param(OVER, {"hidden_dim": 4}, id="it overfits"),
        pytest.param({"train/loss": NO_GAP["train/loss"]}, {"hidden_dim": 4}, id="no validation"),
        pytest.param({k: v[:3] for k, v in NO_GAP.items()}, {"hidden_dim": 4}, id="three epochs"),
        pytest.param(NO_GAP, {"hidden": 2}, id="perhaps two layers"),
    ],
)
def test_other_layers_and_other_curves_pass(
    advise: Advise, series: Curves, config: dict[str, Value]
) -> None:
    assert not advise(HiddenSize(), make_run(series=series, config=config)).findings


def test_a_gap_is_small_where_validation_kept_what_training_gained(advise: Advise) -> None:
    low = falling(60, seed=462, start=1.0, floor=0.1)
    near, apart = ({"train/loss": low, "val/loss": low + gap} for gap in (0.3, 0.5))
    tiny: dict[str, Value] = {"hidden_dim": 3}
    assert advise(HiddenSize(), make_run(series=near, config=tiny)).findings
    assert not advise(HiddenSize(), make_run(series=apart, config=tiny)).findings


def test_beside_underfitting_it_is_a_hypothesis_that_moves_the_same_way(advise: Advise) -> None:
    rules = {rule.name: rule for rule in (Underfitting(), HiddenSize())}
    run = make_run(series=UNDER, config={"hidden_dim": 4})
    under, size = (f for rule in rules.values() for f in advise(rule, run).findings)
    (diagnosis,) = Diagnoser(rules).diagnose((under, size))
    assert {h.finding for h in diagnosis.hypotheses} == {under.id, size.id}
    assert under.changes[0].direction == size.changes[0].direction == "up"


def test_a_bottleneck_comes_before_the_failure_to_learn_that_it_causes(advise: Advise) -> None:
    series = {"train/loss": GUESS, "val/loss": GUESS, "val/accuracy": CHANCE}
    rules = {rule.name: rule for rule in (NeverLearned(), HiddenSize())}
    run = make_run(series=series, config={"hidden_dim": 4, "num_classes": 10})
    nothing, size = (f for rule in rules.values() for f in advise(rule, run).findings)
    (diagnosis,) = Diagnoser(rules).diagnose((nothing, size))
    assert [h.finding for h in diagnosis.hypotheses] == [size.id, nothing.id]


def test_of_one_pass_over_the_data_a_small_gap_is_no_bottleneck(advise: Advise) -> None:
    tiny: dict[str, Value] = {"hidden_dim": 2}
    assert advise(HiddenSize(), make_run(series=NO_GAP, config=tiny)).findings
    assert not advise(HiddenSize(), make_run(series=NO_GAP, config=tiny | {"epochs": 1})).findings
