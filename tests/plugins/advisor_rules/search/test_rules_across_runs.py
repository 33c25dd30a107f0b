"""What holds for every rule across runs; what each does is shown beside its stage."""

from __future__ import annotations

import random

import pytest

from advisor.finding import Finding, Severity
from advisor.judging.judge import judge_study
from advisor.limits import time_limit
from advisor.model import Value
from advisor.rule import StudyRule
from advisor.run import Run
from advisor.study import Study
from advisor.testing import make_study
from advisor_rules import STUDY_RULES
from advisor_rules.averaging.seed_ensemble import SeedEnsemble
from advisor_rules.decay.lr_decay_late import LrDecayLate
from advisor_rules.fit.regularization_not_tuned import RegularizationNotTuned
from advisor_rules.search.retune_per_problem import RetunePerProblem
from advisor_rules.search.search_random_over_grid import SearchRandomOverGrid
from tests.healthy import healthy_runs
from tests.support import HANG
from tests.sweeps import along, tried

HOSTILE = ("<script>alert(1)</script>", "a|b `c` $x$", "\u202egnp.exe", "@all [f](javascript:x)")


def asked(study: Study) -> dict[str, tuple[Finding, ...]]:
    outcomes = [judge_study(study, rule(), seconds=60) for rule in STUDY_RULES]
    assert not [o for o in outcomes if o.result == "error"]
    return {o.rule: o.findings for o in outcomes if o.findings}


def drawn(n: int, seed: int, **constant: Value) -> list[Run]:
    """Draw rate, width and dropout by the book, with two seeds of each."""
    rng = random.Random(seed)
    runs = []
    for i in range(n):
        power = rng.uniform(-5, -1)
        config = {"lr": 10**power, "dropout": rng.uniform(0, 0.5), "width": 2 ** rng.randint(4, 8)}
        for s in range(2):
            score = 0.9 - 0.05 * (power + 3) ** 2 + rng.gauss(0, 0.01)
            runs.append(tried(f"r{i}-{s}", score, {**constant, **config, "seed": s}, at=2 * i + s))
    return runs


@pytest.mark.parametrize("rule", STUDY_RULES)
def test_every_rule_across_runs_is_a_note_and_shows_what_it_does(rule: type[StudyRule]) -> None:
    assert rule.severity is Severity.NOTE
    assert {example.fires for example in rule.examples()} == {True, False}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_runs_are_never_judged(count: int) -> None:
    runs = along("lr", {0.1: 0.5, 0.01: 0.9})[:count]
    assert asked(make_study(*runs)) == {}


@pytest.mark.parametrize("rule", STUDY_RULES)
@pytest.mark.parametrize("count", [1, 2])
def test_what_needs_more_runs_has_not_passed(rule: type[StudyRule], count: int) -> None:
    runs = along("lr", {0.1: 0.5, 0.01: 0.9})[:count]
    outcome = judge_study(make_study(*runs), rule(), seconds=60)
    assert outcome.result == "not-applicable"
    assert outcome.reason


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (LrDecayLate, "schedule"),
        (RegularizationNotTuned, "no dropout"),
        (RetunePerProblem, "two groups"),
        (SearchRandomOverGrid, "fewer than two settings"),
        (SeedEnsemble, "seeds"),
    ],
)
def test_what_was_not_recorded_has_not_passed(rule: type[StudyRule], reason: str) -> None:
    runs = along("lr", {10.0**-i: 0.1 * i for i in range(1, 6)}, num_classes=10)
    outcome = judge_study(make_study(*runs), rule(), seconds=60)
    assert outcome.result == "not-applicable"
    assert outcome.reason
    assert reason in outcome.reason.text


@pytest.mark.parametrize("seed", range(4))
def test_a_random_search_by_the_book_is_left_alone(seed: int) -> None:
    assert asked(make_study(*drawn(8, seed))) == {}


def test_unrelated_healthy_runs_get_a_handful_of_notes_at_most() -> None:
    assert len(asked(make_study(*healthy_runs()))) <= 1


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param([0.5, 0.5, 0.5, 0.5], id="equal scores"),
        pytest.param([0.0, 0.0, 0.0, 0.0], id="zero"),
        pytest.param([float("nan")] * 4, id="all failed"),
        pytest.param([1e300, -1e300, 0.0, 1.0], id="huge scores"),
    ],
)
def test_odd_scores_break_nothing(scores: list[float]) -> None:
    runs = [tried(f"r{i}", s, lr=10.0**-i, dropout=i / 10) for i, s in enumerate(scores)]
    asked(make_study(*runs))


def test_no_study_gets_more_than_a_handful_of_notes() -> None:
    for rule in STUDY_RULES:
        for example in rule.examples():
            assert len(asked(example.study)) <= 4


def test_the_order_of_the_runs_changes_nothing() -> None:
    for rule in STUDY_RULES:
        for example in rule.examples():
            runs = list(example.study.runs)
            random.Random(0).shuffle(runs)
            assert asked(Study(runs=tuple(runs))) == asked(example.study)


def test_hostile_names_of_settings_stay_inside_code_spans() -> None:
    runs = [
        tried(name, 0.5 + i / 10, {**dict.fromkeys(HOSTILE, i * 1.0), "lr": 0.1}, at=i)
        for i, name in enumerate((*HOSTILE, "plain", "other"))
    ]
    for findings in asked(make_study(*runs)).values():
        for finding in findings:
            text = finding.advice.evidence.text
            outside = "".join(text.split("`")[::2])
            assert not any(name in outside for name in HOSTILE)
            assert "\u202e" not in text


def test_two_thousand_runs_do_not_hang() -> None:
    base = make_study(*drawn(4, 0)).runs
    runs = tuple(base[i % len(base)].model_copy(update={"name": f"r{i}"}) for i in range(2000))
    with time_limit(HANG):
        asked(Study(runs=runs))
