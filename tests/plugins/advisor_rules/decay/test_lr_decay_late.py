from __future__ import annotations

import pytest

from advisor_rules.decay.lr_decay_late import LrDecayLate
from tests.plugins.advisor_rules.search.asking import found
from tests.sweeps import tried


def asked(plans: str, rates: str, *, timed: bool = True) -> int:
    """Ask about runs in time; a letter is a schedule, a digit a learning rate."""
    runs = [
        tried(f"r{i}", 0.5 + i / 50, scheduler=p, lr=10.0 ** -int(r), at=i if timed else None)
        for i, (p, r) in enumerate(zip(plans, rates, strict=True))
    ]
    return len(found(LrDecayLate(), *runs))


@pytest.mark.parametrize(("plans", "rates"), [("abbbb", "11234"), ("aabbb", "12345")])
def test_a_schedule_that_was_compared_first_is_found(plans: str, rates: str) -> None:
    assert asked(plans, rates) == 1


@pytest.mark.parametrize(
    ("plans", "rates", "timed"),
    [
        pytest.param("aaaab", "12344", True, id="compared last"),
        pytest.param("abbba", "11233", True, id="compared again at the end"),
        pytest.param("aaaaa", "12345", True, id="one schedule"),
        pytest.param("abbb", "1112", True, id="one later change"),
        pytest.param("abbbb", "11234", False, id="the order is not known"),
        pytest.param("ababab", "112233", True, id="a grid"),
    ],
)
def test_other_orders_pass(plans: str, rates: str, timed: bool) -> None:
    assert asked(plans, rates, timed=timed) == 0
