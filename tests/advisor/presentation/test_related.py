"""What stands beside an entry: how sure other explanations are, and what heads what is beneath."""

from __future__ import annotations

import pytest

from advisor.presentation import alternatives, asks_more, beneath, chance, entries
from advisor.report import Report, Settled
from tests import sample_findings as found
from tests.sample_report import sample_report


def test_the_other_explanations_come_after_the_leading_one() -> None:
    assert [h.rule for h in alternatives(entries(sample_report())[0])] == ["lr-warmup"]


def test_an_explanation_is_as_sure_as_its_finding_however_many_others_there_are() -> None:
    report = sample_report()
    first = report.diagnoses[0]
    said = [chance(report, hypothesis) for hypothesis in first.hypotheses]
    assert said == [found.DIVERGED.confidence, found.WARMUP.confidence]


@pytest.mark.parametrize(
    ("outcome", "probability", "said"),
    [("confirmed", 0.9, 0.9), ("refuted", 0.0, 0.0), ("open", 0.3, found.WARMUP.confidence)],
)
def test_a_probe_that_settled_an_explanation_says_how_sure_it_is(
    outcome: str, probability: float, said: float
) -> None:
    report = sample_report()
    told = Settled.model_validate({"outcome": outcome, "message": found.say("probed")})
    update = {"settled": told, "probability": probability}
    assert chance(report, report.diagnoses[0].hypotheses[1].model_copy(update=update)) == said


def test_how_often_an_option_helps_is_not_known_unless_a_probe_says() -> None:
    report = sample_report()
    second = report.diagnoses[0].hypotheses[1]
    rules = tuple(
        rule.model_copy(update={"nature": "option" if rule.name == second.rule else rule.nature})
        for rule in report.rules
    )
    offered = report.model_copy(update={"rules": rules})
    assert chance(offered, second) is None
    told = Settled.model_validate({"outcome": "confirmed", "message": found.say("probed")})
    assert chance(offered, second.model_copy(update={"settled": told, "probability": 0.9})) == 0.9


def beneath_of(report: Report) -> list[tuple[str, list[str]]]:
    parts = beneath(report, entries(report)[0])
    return [(part.heading, [f.rule for f in part.findings]) for part in parts]


def test_what_is_only_about_the_log_does_not_follow_from_a_fault() -> None:
    report = sample_report()
    first = report.diagnoses[0]
    rare = found.EXPLODING.model_copy(update={"id": "f-rare", "rule": "telemetry-rare"})
    known = next(rule for rule in report.rules if rule.name == found.EXPLODING.rule)
    update = {
        "rules": (
            *report.rules,
            known.model_copy(update={"name": rare.rule, "stage": "telemetry"}),
        ),
        "findings": (*report.findings, rare),
        "diagnoses": (
            first.model_copy(update={"consequences": (rare.id, *first.consequences)}),
            *report.diagnoses[1:],
        ),
    }
    follows = ("What follows from it", [found.EXPLODING.rule])
    assert beneath_of(report) == [follows]
    told = report.model_copy(update=update)
    assert beneath_of(told) == [follows, ("More about the log", [rare.rule])]


def test_what_an_entry_does_already_is_not_asked_for_again() -> None:
    entry = next(e for e in entries(sample_report()) if e.finding.changes)
    made = entry.finding
    other = made.changes[0].model_copy(update={"after": "another value"})
    assert not asks_more(entry, made)
    assert asks_more(entry, made.model_copy(update={"changes": ()}))
    assert asks_more(entry, made.model_copy(update={"changes": (*made.changes, other)}))
