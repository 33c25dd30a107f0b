"""The looks at pairs: what is settled, and what is left open."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.sweep.student import two_sided
from advisor_probe.statistics import LEVEL, interval
from advisor_probe.verifying.looks import LOOK_LEVEL, LOOKS, Looks, judge
from advisor_probe.verifying.reached import Pairs, Reached

ONE = (1 - LEVEL) / LOOK_LEVEL


def pairs(*gains: float) -> Pairs:
    """Return losses around 1 that are lower by these shares with the change, and level."""
    before = np.linspace(0.9, 1.1, len(gains))
    after = before * (1 - np.array(gains))
    return Pairs(Reached(*[before] * 4), Reached(*[after] * 4))


def falling(*losses: float) -> Reached:
    """Return four trainings about these losses after a quarter, half and all of the steps."""
    quarter, half, best = (loss * np.array([0.98, 1.0, 1.0, 1.02]) for loss in losses)
    return Reached(best, half, quarter, best)


def test_a_gain_on_every_seed_is_better_and_a_loss_is_worse() -> None:
    assert judge(pairs(0.3, 0.31, 0.29), ONE, 0.01).ruling == "better"
    assert judge(pairs(-0.3, -0.31, -0.29), ONE, 0.01).ruling == "worse"


@pytest.mark.parametrize(
    "gains",
    [
        (0.3, 0.0, -0.3),
        (0.1, 0.4, 0.02),
        (0.02, -0.02, 0.03),
        (-0.2, 0.5, 0.3, -0.1, 0.2),
        (0.03, 0.01, 0.05, -0.01, 0.02),
        (0.9, 0.1, 0.5),
    ],
)
def test_what_scatters_is_undecided_with_what_could_have_been_seen(gains: tuple[float]) -> None:
    judged = judge(pairs(*gains), ONE, 0.01)
    assert judged.ruling == "undecided"
    assert judged.interval is not None
    assert judged.detectable is not None
    assert judged.detectable > abs(judged.interval.mean)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_pairs_settle_nothing(count: int) -> None:
    judged = judge(pairs(*[0.5] * count), ONE, 0.01)
    assert (judged.ruling, judged.interval) == ("undecided", None)


def test_within_the_margin_is_no_difference_even_where_it_is_beyond_chance() -> None:
    assert judge(pairs(0.005, 0.0051, 0.0049), ONE, 0.01).ruling == "no-difference"
    assert judge(pairs(0.005, 0.0051, 0.0049), ONE, 0.001).ruling == "better"


def test_none_at_all_is_shown_not_assumed() -> None:
    assert judge(pairs(0.0, 0.0, 0.0), ONE, 0.01).ruling == "no-difference"
    assert judge(pairs(0.0, 0.05, -0.05), ONE, 0.01).ruling == "undecided"


def test_what_would_be_better_alone_is_undecided_beside_many() -> None:
    some = pairs(0.10, 0.125, 0.08)
    assert Looks(1, 0.01).look({0: some})[0].ruling == "better"
    crowd = dict.fromkeys(range(1, 20), pairs(0.3, 0.0, -0.3))
    assert Looks(20, 0.01).look({0: some, **crowd})[0].ruling == "undecided"


def test_what_a_settled_change_leaves_goes_to_the_others() -> None:
    weak, strong = pairs(0.10, 0.125, 0.08), pairs(0.5, 0.501, 0.499)
    assert judge(weak, 2 * ONE, 0.01).ruling == "undecided"
    judged = Looks(2, 0.01).look({0: weak, 1: strong})
    assert [judged[0].ruling, judged[1].ruling] == ["better", "better"]


def test_it_goes_to_them_at_later_looks_too() -> None:
    looks = Looks(2, 0.01)
    looks.look({1: pairs(0.5, 0.501, 0.499), 0: pairs(0.3, 0.0, -0.3)})
    assert looks.look({0: pairs(0.10, 0.125, 0.08)})[0].ruling == "better"


def test_the_looks_keep_five_percent_without_an_effect() -> None:
    random = np.random.default_rng(3)
    wrong, count = 0, 3000
    for drawn in random.normal(0.0, 1.0, (count, max(LOOKS))):
        means = [interval(drawn[:pairs], ONE) for pairs in LOOKS]
        wrong += any(one is not None and not one.low <= 0 <= one.high for one in means)
    assert 0.035 <= wrong / count <= 0.06


LEVEL_AT_HALF, STILL_FALLING = falling(1.0, 1.0, 1.0), falling(1.6, 1.3, 1.05)


def test_what_is_ahead_of_one_that_levelled_off_lasts() -> None:
    for longer in (1.0, 2.0, 10.0, 1000.0):
        lower = Pairs(LEVEL_AT_HALF, falling(0.9, 0.8, 0.7))
        assert judge(lower, ONE, 0.01, longer).ruling == "better"
        assert judge(Pairs(*reversed(lower)), ONE, 0.01, longer).ruling == "worse"


def test_what_is_ahead_of_one_that_still_falls_is_open_unless_the_training_ends_there() -> None:
    head_start = Pairs(STILL_FALLING, falling(0.8, 0.75, 0.7))
    assert judge(head_start, ONE, 0.01, longer=1.0).ruling == "better"
    assert judge(head_start, ONE, 0.01, longer=1.5).ruling == "better"
    judged = judge(head_start, ONE, 0.01, longer=10.0)
    assert (judged.ruling, judged.ahead) == ("undecided", "better")
    assert judged.falling == pytest.approx(1 - 1.05 / 1.3)
    slow = judge(Pairs(*reversed(head_start)), ONE, 0.01, longer=10.0)
    assert (slow.ruling, slow.ahead) == ("undecided", "worse")
    assert slow.falling == judged.falling


def test_the_interval_that_is_shown_is_of_the_change_for_itself() -> None:
    some = pairs(0.10, 0.125, 0.08)
    alone, beside = judge(some, 1, 0.01), judge(some, 40, 0.01)
    assert alone.interval == beside.interval
    assert (alone.ruling, beside.ruling) == ("better", "undecided")
    assert alone.detectable is not None
    assert beside.detectable is not None
    assert beside.detectable > alone.detectable


def test_quantiles_agree_with_scipy() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed: run `make loggers`")
    for freedom in (2, 4, 7, 30):
        for probability in (0.975, 0.99, 0.9975, 0.9999):
            wanted = stats.t.ppf(probability, freedom)
            assert two_sided(freedom, 2 * (1 - probability)) == pytest.approx(wanted, rel=1e-5)
