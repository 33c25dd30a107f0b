from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.optimizer.sgd_for_last_bit import SgdForLastBit
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=455, rate=12)
SCORE = 0.93 - 0.8 * falling(60, seed=456, start=1, floor=0, rate=15, size=0.004)
SERIES = {"train/loss": LOSS, "val/loss": LOSS + 0.05, "val/accuracy": SCORE}
ADAM: dict[str, Value] = {"optimizer": "adam", "arch": "resnet18", "target_accuracy": 0.94}


@pytest.mark.parametrize(
    "config", [ADAM, ADAM | {"optimizer": "Nadam", "arch": "my_cnn"}, ADAM | {"arch": "VGG16"}]
)
def test_a_run_just_short_of_its_goal_is_told_of_sgd(
    advise: Advise, config: dict[str, Value]
) -> None:
    (finding,) = advise(SgdForLastBit(), make_run(series=SERIES, config=config)).findings
    assert [(c.parameter, c.after) for c in finding.changes] == [("optimizer", "sgd")]
    assert finding.confidence == 0.5


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(ADAM | {"target_accuracy": 0.9}, id="the goal is reached"),
        pytest.param(ADAM | {"target_accuracy": 0.99}, id="far from the goal"),
        pytest.param(ADAM | {"optimizer": "SGD"}, id="SGD already"),
        pytest.param(ADAM | {"optimizer": "adamw", "arch": "vit"}, id="a transformer"),
        pytest.param(ADAM | {"target_accuracy": 94}, id="a goal in per cent"),
    ],
)
def test_others_pass(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(series=SERIES, config=config)
    assert advise(SgdForLastBit(), run).result == "passed"


def test_a_run_that_still_improves_passes(advise: Advise) -> None:
    climbing = 0.93 - 0.8 * falling(60, seed=460, start=1, floor=0, rate=3, size=0.004)
    goal = float(climbing[-1]) + 0.01
    run = make_run(series=SERIES | {"val/accuracy": climbing}, config=ADAM | {"goal": goal})
    assert advise(SgdForLastBit(), run).findings == ()


@pytest.mark.parametrize("gone", ["optimizer", "arch", "target_accuracy"])
def test_without_a_goal_it_says_what_to_record(advise: Advise, gone: str) -> None:
    config = {name: value for name, value in ADAM.items() if name != gone}
    run = make_run(series=SERIES, config=config)
    assert advise(SgdForLastBit(), run).result == "not-applicable"
