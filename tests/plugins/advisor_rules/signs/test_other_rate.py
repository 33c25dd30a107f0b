from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.finding import Change
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.text import rate as rate_text
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.other_rate import higher_rate, lower_rate

N = 40


def proposed(config: Mapping[str, Value], rate: Floats | None = None) -> Change:
    """Return a tenth of the rate of a run with such settings, that logged such a rate."""
    return lower_rate(_seen(config, rate))


def _seen(config: Mapping[str, Value], rate: Floats | None) -> RunView:
    logged = {"train/loss": np.ones(N)} | ({} if rate is None else {"lr": rate})
    run = make_run(series=logged, config=config)
    return RunView(Judged(run, understand(run)), ("lr",))


@pytest.mark.parametrize(
    ("config", "rate", "path", "before"),
    [
        pytest.param({"optim.lr": 0.2}, None, "optim.lr", 0.2, id="as recorded"),
        pytest.param({}, np.full(N, 0.1), None, 0.1, id="as logged"),
        pytest.param({}, np.linspace(0.1, 0.0, N), None, 0.1, id="as logged at its peak"),
        pytest.param({"lr": 0.2}, np.linspace(0.1, 0, N), "lr", 0.2, id="logged after it fell"),
    ],
)
def test_a_rate_that_is_known_is_changed_to_a_number(
    config: Mapping[str, Value], rate: Floats | None, path: str | None, before: float
) -> None:
    change = proposed(config, rate)
    assert (change.path, change.before) == (path, before)
    assert change.after == pytest.approx(before / 10)


@pytest.mark.parametrize(
    ("config", "rate"),
    [
        pytest.param({}, None, id="nothing says which rate it was"),
        pytest.param({"lr": 0.05}, np.full(N, 5e-4), id="a hundredth of the recorded rate"),
        pytest.param({"lr": 1e-3}, np.full(N, 0.02), id="twenty times the recorded rate"),
        pytest.param({}, np.full(2, 0.1), id="too few logged rates for a schedule"),
    ],
)
def test_no_number_is_proposed_where_the_rate_is_not_known(
    config: Mapping[str, Value], rate: Floats | None
) -> None:
    change = proposed(config, rate)
    assert change.before is None
    assert isinstance(change.after, str)
    assert change.direction == "down"


def test_a_higher_rate_is_a_multiple_of_the_logged_one() -> None:
    change = higher_rate(_seen({}, np.full(N, 1e-4)), 3.0)
    assert (change.before, change.after, change.direction) == (1e-4, 3e-4, "up")


def test_of_a_logged_rate_few_digits_are_told() -> None:
    change = higher_rate(_seen({}, np.full(N, 2.94667e-4)), 3.0)
    assert (change.before, change.after) == (2.95e-4, 8.9e-4)


@pytest.mark.parametrize(
    "rate",
    [
        pytest.param(np.linspace(9.88e-5, 0.0, N), id="a line whose first rows are missing"),
        pytest.param(
            np.concatenate([np.linspace(0, 4.59e-4, 5), np.linspace(4.41e-4, 0, 35)]),
            id="a warm-up that ended between two rows",
        ),
    ],
)
def test_a_rate_that_a_schedule_passed_is_none_that_somebody_set(rate: Floats) -> None:
    view = _seen({}, rate)
    for change, times in ((lower_rate(view), "1/10 of"), (higher_rate(view, 3.0), "3 times")):
        told = f"{times} the base rate, which is {rate_text(rate.max())} or more"
        assert (change.before, change.after) == (None, told)


def test_a_recorded_base_rate_is_changed_whatever_was_logged() -> None:
    change = lower_rate(_seen({"lr": 1e-4}, np.linspace(9.88e-5, 0.0, N)))
    assert (change.before, change.after) == (1e-4, 1e-5)
