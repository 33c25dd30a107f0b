from __future__ import annotations

import pytest

from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import dancing, falling, noise
from advisor_rules.learning_rate.diverged import Diverged
from advisor_rules.optimizer.adam_is_forgiving import AdamIsForgiving
from tests.plugins.advisor_rules.conftest import Advise

RISING = falling(200, seed=451) + 6 * falling(200, seed=450, start=0, floor=1, rate=3, size=0) ** 4
RISING = RISING + noise(200, 0.02, 452)


@pytest.mark.parametrize("name", ["SGD", "torch.optim.SGD", "sgd_torch", "SGDNesterov"])
@pytest.mark.parametrize("loss", [RISING, dancing(400, 4)], ids=["diverges", "dances"])
def test_adam_is_proposed_where_sgd_has_trouble(advise: Advise, name: str, loss: Floats) -> None:
    run = make_run(series={"train/loss": loss}, config={"optim": name})
    (finding,) = advise(AdamIsForgiving(), run).findings
    (change,) = finding.changes
    assert (change.parameter, change.path, change.after) == ("optimizer", "optim", "adam")


@pytest.mark.parametrize("name", ["Adam", "adamw_torch", "RMSprop", "Lion"])
def test_other_optimizers_pass(advise: Advise, name: str) -> None:
    run = make_run(train_loss=RISING, config={"optimizer": name})
    assert advise(AdamIsForgiving(), run).result == "passed"


def test_sgd_without_trouble_passes(advise: Advise) -> None:
    for seed in range(5):
        run = make_run(train_loss=falling(200, seed=seed), config={"optimizer": "sgd"})
        assert advise(AdamIsForgiving(), run).result == "passed"


@pytest.mark.parametrize("config", [{}, {"optimizer": "auto"}, {"a.optim": "sgd", "optim": "adam"}])
def test_an_optimizer_that_is_not_known_is_not_judged(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=RISING, config=config)
    assert advise(AdamIsForgiving(), run).result == "not-applicable"


def test_it_goes_beneath_the_trouble_with_the_rate(advise: Advise) -> None:
    rules = {rule.name: rule for rule in (Diverged(), AdamIsForgiving())}
    run = make_run(train_loss=RISING, config={"optimizer": "SGD"})
    trouble, adam = (f for rule in rules.values() for f in advise(rule, run).findings)
    (diagnosis,) = Diagnoser(rules).diagnose((trouble, adam))
    assert diagnosis.consequences == (adam.id,)
