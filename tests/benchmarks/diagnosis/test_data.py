"""The data sets are the same each time, and can be learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.diagnosis.healthy import DEVELOPMENT, HELD_OUT, NUMBERS, TEXTS

if TYPE_CHECKING:
    from benchmarks.diagnosis.setup import Setup

pytestmark = pytest.mark.needs("torch", "sklearn")

BASES = {base.problem: base for base in (*DEVELOPMENT, *HELD_OUT)}


@pytest.mark.parametrize("base", BASES.values(), ids=BASES)
def test_a_data_set_is_the_same_each_time_it_is_made(base: Setup) -> None:
    import torch

    from benchmarks.diagnosis.data import PROBLEMS

    one, other = PROBLEMS[base.problem](), PROBLEMS[base.problem]()
    for name in ("train_x", "train_y", "val_x", "val_y"):
        assert torch.equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("base", BASES.values(), ids=BASES)
def test_no_value_of_a_data_set_is_missing_and_inputs_are_about_as_large_as_one(
    base: Setup,
) -> None:
    from benchmarks.diagnosis.data import load

    problem = load(base)
    assert problem.train_x.isfinite().all()
    assert problem.train_y.isfinite().all()
    if base.problem not in TEXTS:
        assert 0.5 <= problem.train_x.std() <= 1.5


@pytest.mark.parametrize("name", sorted(BASES.keys() - set(NUMBERS) - set(TEXTS)))
def test_no_class_is_rare_before_it_is_made_so(name: str) -> None:
    import numpy as np

    from benchmarks.diagnosis.data import load

    problem = load(BASES[name])
    for labels in (problem.train_y, problem.val_y):
        shares = np.bincount(labels.numpy(), minlength=problem.outputs) / len(labels)
        assert len(shares) == problem.outputs
        assert shares.min() >= 0.25 / problem.outputs


def test_boxes_of_a_picture_are_apart_or_overlap_or_one_holds_the_other() -> None:
    import numpy as np

    from benchmarks.diagnosis.fourth_draw_data import overlaps

    pictures, labels = overlaps(300)
    brightest = np.sort(pictures, axis=1)[:, -4:].mean(1)
    apart, overlapping, held = (brightest[labels == label].mean() for label in range(3))
    assert apart < overlapping - 0.3
    assert abs(overlapping - held) < 0.3


def test_graphs_of_all_kinds_have_about_as_many_edges() -> None:
    from benchmarks.diagnosis.fourth_draw_data import graphs

    edges, labels = graphs()
    means = [edges[labels == label].sum(1).mean() for label in range(4)]
    assert max(means) - min(means) < 1.5


def test_the_item_that_is_asked_for_is_the_one_in_that_direction() -> None:
    import numpy as np

    from benchmarks.diagnosis.fifth_draw_data import lookups

    x, marks = lookups()
    items = x[:, 2:].reshape(len(x), -1, 5)
    nearest = np.einsum("nj,nij->ni", x[:, :2], items[..., :2]).argmax(1)
    seen = items[np.arange(len(x)), nearest, 2:].argmax(1)
    assert 0.75 < (seen == marks).mean() < 0.95


def test_a_store_is_never_less_than_empty_nor_more_than_full() -> None:
    import numpy as np

    from benchmarks.diagnosis.fifth_draw_data import stores

    moves, left = stores(most=3)
    total = np.zeros(len(moves))
    for move in moves.round().T:
        total = np.clip(total + move, 0, 3)
    assert 0.75 < (total == left).mean() < 0.99


def test_every_digit_of_a_display_is_lit_in_its_own_way() -> None:
    from benchmarks.diagnosis.fifth_draw_data import LIT, SEGMENTS

    assert len({frozenset(bars) for bars in LIT}) == 10
    assert {int(bar) for bars in LIT for bar in bars} == set(range(len(SEGMENTS)))


def test_computers_and_passengers_are_all_there() -> None:
    from benchmarks.diagnosis.sixth_draw_data import passengers, processors

    (computers, speed), (people, lived) = processors(), passengers()
    assert computers.shape == (209, 4)
    assert speed.shape == (209,)
    assert people.shape == (1309, 13)
    assert lived.sum() == 500


def test_a_sum_is_that_of_the_two_numbers_that_are_marked() -> None:
    from benchmarks.diagnosis.sixth_draw_data import sums

    x, total = sums()
    numbers, marks = x[:, ::2], x[:, 1::2]
    assert (marks.sum(1) == 2).all()
    assert 0.25 < (total - (numbers * marks).sum(1)).std() < 0.35


def test_the_gap_of_a_ring_is_where_its_class_says() -> None:
    import numpy as np

    from benchmarks.diagnosis.sixth_draw_data import charts

    pictures, labels = charts()
    means = np.stack([pictures[labels == label].mean(0) for label in range(8)]).reshape(8, 8, 8)
    darkest = (means - means.mean(0)).reshape(8, -1).argmin(1)
    down, across = darkest // 8 - 3.5, darkest % 8 - 3.5
    off = np.arctan2(down, across) - np.arange(8) * np.pi / 4
    assert (np.cos(off) > 0.8).all()


def test_penguins_are_those_of_which_it_is_known_whether_they_are_male() -> None:
    from benchmarks.diagnosis.seventh_draw_data import penguins

    x, male = penguins()
    assert x.shape == (333, 10)
    assert (x[:, :3].sum(1) == 1).all()
    assert (x[:, 3:6].sum(1) == 1).all()
    assert male.sum() == 168


def test_a_switch_stands_as_the_last_pulse_put_it() -> None:
    import numpy as np

    from benchmarks.diagnosis.seventh_draw_data import switches

    x, labels = switches()
    lines = x.reshape(len(x), -1, 2)[:, ::-1]
    last = (np.abs(lines) > 0.7).argmax(1)[:, None]
    up = np.take_along_axis(lines, last, axis=1)[:, 0] > 0
    assert 0.75 < (up @ np.array([2, 1]) == labels).mean() < 0.95


def test_every_atom_of_a_molecule_is_of_one_kind_and_has_a_bond() -> None:
    import numpy as np

    from benchmarks.diagnosis.seventh_draw_data import molecules

    x, _ = molecules()
    assert (x[:, :18].reshape(len(x), 6, 3).sum(2) == 1).all()
    first, second = np.triu_indices(6, 1)
    bonds = np.zeros((len(x), 6, 6))
    bonds[:, first, second] = bonds[:, second, first] = x[:, 18:]
    assert (bonds.sum(2) >= 1).all()
    assert (np.linalg.matrix_power(bonds + np.eye(6), 5) > 0).all()


def test_endgames_lack_what_tells_most_of_them() -> None:
    from benchmarks.diagnosis.eighth_draw_data import endgames

    x, won = endgames()
    assert x.shape == (2400, 35)
    assert 0.5 < won.mean() < 0.55


def test_cards_of_a_hand_are_alike_as_its_class_says_but_for_those_misread() -> None:
    import numpy as np

    from benchmarks.diagnosis.eighth_draw_data import hands

    x, labels = hands()
    cards = x.reshape(len(x), 5, 10)
    assert (cards[..., :6].sum(2) == 1).all()
    alike = np.sort(cards[..., :6].sum(1), axis=1)[:, :-3:-1]
    dealt = np.array([[1, 1], [2, 1], [2, 2], [3, 1], [1, 1]])[labels]
    assert 0.7 < (alike == dealt).all(1).mean() < 0.9
    assert ((cards[..., 6:].sum(1).max(1) == 5) == (labels == 4)).all()


def test_thunder_comes_the_later_the_farther_away_it_struck() -> None:
    import numpy as np

    from benchmarks.diagnosis.eighth_draw_data import storms

    x, labels = storms()
    bright, loud = x.reshape(len(x), -1, 2).transpose(2, 0, 1)
    after = np.arange(bright.shape[1]) - bright[:, :4].argmax(1)[:, None]
    means = [loud[labels == label][after[labels == label] == 4].mean() for label in range(4)]
    assert max(means) == means[1]


def test_what_flies_with_the_wind_flies_farther() -> None:
    import numpy as np

    from benchmarks.diagnosis.ninth_draw_data import throws

    x, far = throws()
    assert np.corrcoef(x[:, 0], far)[0, 1] > 0.5
    assert np.corrcoef(x[:, 5], far)[0, 1] > 0.1


def test_a_junction_has_as_many_roads_as_its_class_says() -> None:
    from benchmarks.diagnosis.ninth_draw_data import junctions

    x, labels = junctions()
    means = [x[labels == label].mean() for label in range(5)]
    assert means == sorted(means, key=lambda mean: [0, 1, 1, 3, 4][means.index(mean)])


def test_who_throws_farthest_wins_a_contest() -> None:
    import numpy as np

    from benchmarks.diagnosis.ninth_draw_data import contests

    x, labels = contests()
    who, far = x.reshape(len(x), -1, 2).transpose(2, 0, 1)
    best = far.argmax(1)
    guessed = 2 * (who[np.arange(len(x)), best] > 0) + (best >= far.shape[1] // 2)
    assert 0.7 < (guessed == labels).mean() < 0.95


def test_lessons_that_clash_are_at_the_same_time() -> None:
    import numpy as np

    from benchmarks.diagnosis.ninth_draw_data import timetables

    x, labels = timetables()
    lessons = x.reshape(len(x), -1, 8)
    begin, end, room = lessons[..., 0], lessons[..., 1], lessons[..., 2:5].argmax(2)
    one, other = np.triu_indices(lessons.shape[1], 1)
    together = np.minimum(end[:, one], end[:, other]) > np.maximum(begin[:, one], begin[:, other])
    clashes = (together & (room[:, one] == room[:, other])).any(1)
    assert 0.85 < (clashes == (labels >= 2)).mean() < 1


def test_a_horse_that_is_grey_hides_all_its_other_genes() -> None:
    from benchmarks.diagnosis.tenth_draw_data import coats

    x, labels = coats()
    assert x[labels == 0, 0].mean() > 0.9
    assert x[labels != 0, 0].mean() < 0.2
    assert x[labels == 4, 3].mean() < 0.2 < x[labels == 3, 3].mean()


def test_the_moon_is_brightest_when_it_is_nearly_full() -> None:
    from benchmarks.diagnosis.tenth_draw_data import phases

    x, labels = phases()
    means = [x[labels == label].mean() for label in range(6)]
    assert means[0] < means[1] < means[2]
    assert means[3] > means[4] > means[5]


def test_who_took_more_has_more_in_the_blood() -> None:
    from benchmarks.diagnosis.tenth_draw_data import doses

    x, labels = doses()
    since, taken = x.reshape(len(x), -1, 2).transpose(2, 0, 1)
    assert taken[labels == 3].sum(1).mean() > taken[labels == 0].sum(1).mean()
    late = [taken[labels == label, -1].mean() for label in range(4)]
    assert min(late[1], late[3]) > max(late[0], late[2])
    assert since.mean() > 0


def test_more_is_paid_where_more_want_what_is_sold() -> None:
    import numpy as np

    from benchmarks.diagnosis.tenth_draw_data import GOODS, auctions

    x, paid = auctions()
    good, bidders = x[:, :GOODS], x[:, GOODS:].reshape(len(x), -1, GOODS + 1)
    wants = (bidders[..., :GOODS] * good[:, None]).sum(2)
    second = np.sort(wants * bidders[..., GOODS], axis=1)[:, -2]
    assert np.corrcoef(second, paid)[0, 1] > 0.9
