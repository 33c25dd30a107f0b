"""What holds for the rules on measurements; the conformance kit tests each by its examples."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from advisor.finding import Finding, Severity
from advisor.judging.judge import judge
from advisor.rule import Nature, Rule
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged
from advisor_probe.catalogue import BY_NAME
from advisor_probe.rules import RULES
from advisor_probe.rules.measured import of
from advisor_probe.rules.probe_adam_is_forgiving import ProbeAdamIsForgiving
from advisor_probe.rules.probe_lr_range import ProbeLrRange
from advisor_probe.workflow import WORKFLOW

WORSE, BETTER = [2.2, 2.3, 2.2, 2.3, 2.25], [0.30, 0.33, 0.31, 0.30, 0.32]


def asked(run: Run, *rules: type[Rule]) -> tuple[Finding, ...]:
    outcomes = judge(
        Judged(run, understand(run)),
        [rule() for rule in rules],
        seconds=10.0,
        started=lambda _: None,
        failed={},
    )
    assert not [outcome for outcome in outcomes if outcome.result == "error"]
    return tuple(finding for outcome in outcomes for finding in outcome.findings)


def rates(middle: float, gained: float, update: float, **compared: list[float] | float) -> Run:
    """Return what the probes of rates measured; candidates are at a tenth but where it is said."""
    measured = {"middle": [middle], "gain": [gained], "end": [2.0, 1.0, 2.0]}
    facts = {name: rate for name, rate in compared.items() if isinstance(rate, float)}
    losses = {name: values for name, values in compared.items() if isinstance(values, list)}
    series = {of("rates", name)[0]: values for name, values in measured.items()}
    series[of("loop", "update")[0]] = [update] * 3
    series |= {of("rate-choice", name)[0]: values for name, values in losses.items()}
    config = {"rates.rate": 0.5} | {f"rate-choice.{name}_rate": 0.05 for name in losses}
    config |= {f"rate-choice.{name}": rate for name, rate in facts.items()}
    return make_run(series=series, config=config)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_judges_what_a_declared_probe_measures(rule: type[Rule]) -> None:
    probes = {key.split("/")[1] for key in (*rule.requires, *rule.uses)}
    assert probes <= {*BY_NAME, WORKFLOW}
    assert rule.requires


def test_a_rate_is_suggested_only_where_it_was_better_on_held_out_data() -> None:
    better = rates(-2.0, 9.0, -1.0, user=WORSE, tenth=BETTER)
    (finding,) = asked(better, ProbeLrRange)
    assert (finding.severity, finding.changes[0].after) == (Severity.WARNING, 0.05)
    assert asked(rates(-2.0, 9.0, -1.0, user=BETTER, tenth=WORSE), ProbeLrRange) == ()


def test_without_a_comparison_a_rate_far_off_is_a_note_that_suggests_none() -> None:
    (finding,) = asked(rates(-2.0, 9.0, -1.0), ProbeLrRange)
    assert (finding.severity, finding.changes) == (Severity.NOTE, ())


def test_a_factor_of_ten_is_a_note_and_one_of_three_nothing() -> None:
    (finding,) = asked(rates(-1.0, 2.0, -2.0, user=WORSE, tenth=BETTER), ProbeLrRange)
    assert finding.severity is Severity.NOTE
    near = rates(-0.5, 2.0, -2.0, user=WORSE, higher=BETTER, higher_rate=0.5 / 10**0.5)
    assert asked(near, ProbeLrRange) == ()


def test_a_rate_that_only_longer_trainings_show_to_be_better_is_suggested() -> None:
    run = rates(0.0, 1.0, -2.0, user=WORSE, tenfold=BETTER, tenfold_rate=5.0)
    (finding,) = asked(run, ProbeLrRange)
    assert (finding.severity, finding.changes[0].after) == (Severity.NOTE, 5.0)
    assert [e.series for e in finding.evidence] == ["advisor-probe/rate-choice/user"]


def test_of_rates_that_cannot_be_told_apart_the_lowest_is_suggested() -> None:
    alike = [x * (1.02 if seed % 2 else 0.97) for seed, x in enumerate(BETTER)]
    run = rates(1.0, 9.0, -2.0, user=WORSE, tenfold=BETTER, tenfold_rate=5.0,
                lower=alike, lower_rate=1.6, higher=alike, higher_rate=16.0)  # fmt: skip
    assert asked(run, ProbeLrRange)[0].changes[0].after == 1.6


def test_a_rate_at_which_a_seed_diverged_is_never_suggested() -> None:
    wild = [*BETTER[:4], math.nan]
    run = rates(1.0, 9.0, -2.0, user=WORSE, tenfold=BETTER, tenfold_rate=5.0,
                higher=[0.1 * x for x in wild], higher_rate=16.0)  # fmt: skip
    assert asked(run, ProbeLrRange)[0].changes[0].after == 5.0


def test_a_rate_that_no_candidate_came_near_at_first_is_left_alone() -> None:
    assert asked(rates(-2.0, 9.0, -1.0, first_loss=BETTER), ProbeLrRange) == ()


def test_a_comparison_that_ran_out_of_time_does_not_acquit() -> None:
    (finding,) = asked(rates(-2.0, 9.0, -1.0, first_loss=[2.2, 1.1, 0.3]), ProbeLrRange)
    assert (finding.severity, finding.changes) == (Severity.NOTE, ())


def test_a_difference_within_the_noise_of_seeds_is_none() -> None:
    noisy: Mapping[str, list[float]] = {
        "user": [0.5, 0.9, 0.6, 0.8, 0.7],
        "tenth": [0.8, 0.5, 0.7, 0.6, 0.6],
    }
    assert asked(rates(-2.0, 9.0, -1.0, **noisy), ProbeLrRange) == ()


def test_what_comparisons_of_choices_say_is_never_more_than_a_note() -> None:
    options = [rule for rule in RULES if rule.nature is Nature.OPTION]
    assert len(options) >= 10
    assert {rule.severity for rule in options} == {Severity.NOTE}


def test_another_optimizer_is_proposed_at_the_rate_at_which_it_was_better() -> None:
    base = [0.5, 0.52, 0.48, 0.51, 0.49]
    run = make_run(
        series={
            "advisor-probe/optimizers/user": base,
            "advisor-probe/optimizers/adam": [x / 2 for x in base],
        },
        config={"optimizers.own": "SGD", "optimizers.adam_rate": 0.003},
    )
    (finding,) = asked(run, ProbeAdamIsForgiving)
    assert [(c.parameter, c.after) for c in finding.changes] == [
        ("optimizer", "adam"),
        ("learning_rate", 0.003),
    ]
