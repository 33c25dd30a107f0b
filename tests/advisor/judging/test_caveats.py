from __future__ import annotations

from advisor.finding import Finding, Severity
from advisor.judging.caveats import weakened
from advisor.judging.diagnose import Diagnoser
from advisor.report import Diagnosis
from advisor.rule import Stage
from tests.support import made, make_finding, make_rule

RULES = {
    rule.name: made(rule)
    for rule in (
        make_rule("spikes", stage=Stage.GRADIENTS),
        make_rule("too-fast", stage=Stage.LEARNING_RATE),
        make_rule("too-long", stage=Stage.EPOCHS, silences=("sampled",)),
        make_rule(
            "sampled",
            stage=Stage.TELEMETRY,
            severity=Severity.NOTE,
            undermines=("too-fast", "stage:gradients"),
            doubt=0.25,
        ),
        make_rule(
            "cut",
            stage=Stage.TELEMETRY,
            severity=Severity.NOTE,
            undermines=("too-fast", "too-long", "stage:telemetry"),
            doubt=0.5,
        ),
    )
}


def caveat(rule: str, run: str = "a", steps: tuple[int, int] = (0, 100)) -> Finding:
    return make_finding(rule, run, severity=Severity.NOTE, confidence=0.99, steps=steps)


def diagnosed(*findings: Finding) -> tuple[Diagnosis, ...]:
    return Diagnoser(RULES).diagnose(weakened(findings, RULES))


def test_an_undermined_finding_names_its_caveat_and_is_less_certain() -> None:
    spikes, sampled = weakened([make_finding("spikes", "a"), caveat("sampled")], RULES)
    assert spikes.caveats == (sampled.id,)
    assert spikes.confidence == 0.6
    assert (sampled.caveats, sampled.confidence) == ((), 0.99)


def test_several_caveats_multiply_and_one_rule_counts_once() -> None:
    twice = (caveat("sampled"), make_finding("sampled", "a", series="val/loss"))
    found = weakened([make_finding("too-fast", "a"), *twice, caveat("cut")], RULES)[0]
    assert found.confidence == 0.3
    assert len(found.caveats) == 3


def test_a_finding_that_no_caveat_names_stays_as_it_is() -> None:
    finding = make_finding("too-long", "a")
    assert weakened([finding, caveat("sampled")], RULES)[0] is finding


def test_a_caveat_of_another_run_weakens_nothing() -> None:
    finding = make_finding("spikes", "a")
    assert weakened([finding, caveat("sampled", "b")], RULES)[0] is finding


def test_a_caveat_of_other_steps_weakens_nothing() -> None:
    finding = make_finding("spikes", "a", steps=(0, 100))
    assert weakened([finding, caveat("sampled", steps=(101, 200))], RULES)[0] is finding


def test_caveats_weaken_no_caveats() -> None:
    assert weakened([caveat("sampled"), caveat("cut")], RULES)[0].confidence == 0.99


def test_a_caveat_stands_inside_the_most_pressing_diagnosis_that_it_weakens() -> None:
    diagnoses = diagnosed(
        caveat("sampled"), make_finding("spikes", "a"), make_finding("too-fast", "a")
    )
    assert [(d.hypotheses[0].rule, len(d.consequences)) for d in diagnoses] == [
        ("too-fast", 1),
        ("spikes", 0),
    ]
    assert not any(d.aside for d in diagnoses)


def test_a_finding_about_the_log_that_weakens_nothing_comes_last() -> None:
    diagnoses = diagnosed(
        caveat("sampled", "a"), make_finding("too-long", "b", severity=Severity.NOTE)
    )
    assert [(d.hypotheses[0].rule, d.aside) for d in diagnoses] == [
        ("too-long", False),
        ("sampled", True),
    ]


def test_asides_of_one_run_are_one_diagnosis_without_rival_hypotheses() -> None:
    (aside,) = diagnosed(caveat("sampled"), caveat("cut"))
    assert aside.aside
    assert [h.rule for h in aside.hypotheses] == ["cut"]
    assert aside.consequences == (caveat("sampled").id,)


def test_what_explains_its_own_caveat_or_is_explained_by_it_ends() -> None:
    (found,) = diagnosed(make_finding("too-long", "a"), caveat("cut"), caveat("sampled"))
    assert found.leading == make_finding("too-long", "a").id
    assert set(found.consequences) == {caveat("cut").id, caveat("sampled").id}


def test_a_rule_on_the_log_that_a_user_made_a_warning_is_no_aside() -> None:
    (found,) = diagnosed(make_finding("sampled", "a", severity=Severity.WARNING))
    assert not found.aside
