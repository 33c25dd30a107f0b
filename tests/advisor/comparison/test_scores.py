from __future__ import annotations

import pytest

from advisor.comparison import compare
from advisor.comparison.scores import DRAWN
from advisor.report import Report, RunEntry
from advisor.report.comparison import ScoreChange
from tests.comparisons import report, run

SEEDS = ("s0", "s1", "s2")


def study(level: float, *, sd: float | None = 0.01, names: tuple[str, ...] = SEEDS) -> Report:
    """Three seeds of one configuration whose mean is ``level``."""
    runs = [run(name, level + 0.01 * (place - 1)) for place, name in enumerate(names)]
    return report(runs, seeds=(names,) if sd else (), seed_sd=sd)


def scores(now: Report, before: Report) -> tuple[ScoreChange, ...]:
    found = compare(now, before).comparison
    assert found is not None
    return found.scores


@pytest.mark.parametrize(
    ("level", "outcome"),
    [
        (0.50, "same"),
        (0.51, "within-noise"),
        (0.49, "within-noise"),
        (0.6, "worse"),
        (0.4, "better"),
    ],
)
def test_seeds_are_compared_by_their_means_against_the_noise_of_both_sides(
    level: float, outcome: str
) -> None:
    (change,) = scores(study(level), study(0.5))
    assert change.runs == change.before == SEEDS
    assert change.outcome == outcome
    assert (change.was, change.now) == pytest.approx((0.5, level))


def test_the_bound_is_students_t_on_the_seeds_of_both_sides() -> None:
    (change,) = scores(study(0.6), study(0.5))
    # t(4, 0.05) is 2.776; the difference of two means of three has an error of sd * sqrt(2/3).
    assert change.message.params["bound"] == pytest.approx(2.776 * 0.01 * (2 / 3) ** 0.5, rel=1e-3)


def test_the_seeds_of_one_side_are_enough_and_leave_more_room_for_chance() -> None:
    one_sided = report([run("s0", 0.53)])
    (change,) = scores(one_sided, study(0.5))
    assert change.outcome == "within-noise"
    assert change.message.params["bound"] == pytest.approx(4.303 * 0.01 * 2**0.5, rel=1e-3)
    (change,) = scores(report([run("s0", 0.6)]), study(0.5))
    assert change.outcome == "worse"


def test_without_seeds_a_difference_is_not_judged_and_three_seeds_are_asked_for() -> None:
    (change,) = scores(report([run("a", 0.9)]), report([run("a", 0.5)]))
    assert change.outcome == "unjudged"
    assert change.message.id == "baseline.unknown"
    assert "three seeds" in change.message.text


def test_where_more_is_better_a_rise_is_better() -> None:
    def turned(whole: Report) -> Report:
        runs = []
        for entry in whole.runs:
            objective = entry.understanding.objective
            assert objective is not None
            up = objective.model_copy(update={"direction": "max"})
            understanding = entry.understanding.model_copy(update={"objective": up})
            runs.append(entry.model_copy(update={"understanding": understanding}))
        assert whole.sweep is not None
        sweep = whole.sweep.model_copy(update={"direction": "max"})
        return whole.model_copy(update={"runs": tuple(runs), "sweep": sweep})

    (change,) = scores(turned(study(0.6)), turned(study(0.5)))
    assert change.outcome == "better"


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (run("a", series="val/other"), run("a"), "baseline.objectives"),
        (run("a", 0.4, weak=True), run("a", weak=True), "baseline.weak"),
        (run("a", None), run("a"), "baseline.no_value"),
        (run("a"), run("a", None), "baseline.no_value"),
        (run("a", 0.9, last=40), run("a", last=100), "baseline.lengths"),
    ],
)
def test_what_cannot_be_held_against_each_other_is_said(
    now: RunEntry, before: RunEntry, reason: str
) -> None:
    (change,) = scores(report([now]), report([before]))
    assert (change.outcome, change.message.id) == ("unjudged", reason)


def test_noise_of_another_objective_or_of_other_runs_judges_nothing() -> None:
    elsewhere = study(0.5, names=("x0", "x1", "x2"))
    runs = (*elsewhere.runs, run("a", 0.5))
    before = elsewhere.model_copy(update={"runs": runs})
    changes = scores(report([run("a", 0.9)]), before)
    assert [change.message.id for change in changes] == ["baseline.unknown"]


def test_more_differences_need_to_be_larger() -> None:
    many = tuple(f"c{place}" for place in range(12))
    groups = tuple(many[place : place + 3] for place in range(0, 12, 3))

    def grid(level: float) -> Report:
        return report([run(name, level) for name in many], seeds=groups, seed_sd=0.01)

    (one,) = scores(study(0.6), study(0.5))
    changes = scores(grid(0.6), grid(0.5))
    assert len(changes) == 4
    # Eight degrees of freedom a side, but four chances to be wrong.
    assert all(c.message.params["bound"] == pytest.approx(0.0230, abs=2e-4) for c in changes)
    assert one.message.params["bound"] == pytest.approx(0.0227, abs=2e-4)


def test_without_a_counterpart_the_only_configurations_are_compared() -> None:
    (change,) = scores(study(0.6, names=("n0", "n1", "n2")), study(0.5))
    assert (change.outcome, change.runs) == ("worse", ("n0", "n1", "n2"))


def test_the_best_of_more_runs_is_not_held_against_the_best_of_fewer() -> None:
    (change,) = scores(report([run("v3", 0.3), run("v4", 0.5)]), report([run("v0", 0.5)]))
    assert change.message.id == "baseline.best_of"
    (change,) = scores(
        report([run("v3", 0.3), run("v4", 0.6)]), report([run("v0", 0.5), run("v1", 0.7)])
    )
    assert (change.runs, change.before) == (("v3",), ("v0",))
    assert change.message.id == "baseline.unknown"


def test_the_baselines_curves_of_both_series_come_with_the_pair() -> None:
    (change,) = scores(report([run("a", 0.9)]), report([run("a", 0.5)]))
    assert [curve.series for curve in change.curves] == ["val/loss", "train/loss"]
    (same,) = scores(report([run("a")]), report([run("a")]))
    assert same.curves == ()


def test_only_so_many_pairs_keep_their_curves() -> None:
    names = [f"r{place:02}" for place in range(DRAWN + 5)]
    changes = scores(report([run(n, 0.9) for n in names]), report([run(n, 0.5) for n in names]))
    assert len(changes) == DRAWN + 5
    assert sum(bool(change.curves) for change in changes) == DRAWN


def test_what_is_worse_comes_first() -> None:
    now, before = study(0.6), study(0.5)
    now = now.model_copy(update={"runs": (run("a", 0.2), *now.runs)})
    before = before.model_copy(update={"runs": (run("a", 0.5), *before.runs)})
    assert [change.outcome for change in scores(now, before)] == ["worse", "unjudged"]
