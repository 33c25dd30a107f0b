from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.finding import Change, Finding, OtherCause, Severity, distinct
from advisor.judging.diagnose import Diagnoser
from advisor.report import Diagnosis
from advisor.rule import BaseRule, Stage
from advisor.text import message
from tests.support import made, make_cost, make_finding, make_rule


def _rules(**metadata: Mapping[str, Any]) -> dict[str, BaseRule]:
    return {name: made(make_rule(name, **more)) for name, more in metadata.items()}


def _diagnose(
    rules: Mapping[str, BaseRule], *findings: Finding
) -> list[tuple[list[str], list[str]]]:
    """Return the rules of the hypotheses and of the consequences of each diagnosis."""
    by_id = {finding.id: finding.rule for finding in findings}
    return [
        ([h.rule for h in d.hypotheses], [by_id[identifier] for identifier in d.consequences])
        for d in Diagnoser(rules).diagnose(findings)
    ]


_STEP = st.integers(0, 100)
_LETTERS = ("a", "b", "c", "d", "e")


@st.composite
def _declarations(draw: st.DrawFn) -> dict[str, BaseRule]:
    targets = st.sampled_from((*_LETTERS, *(f"stage:{stage.value}" for stage in Stage)))
    rules: dict[str, BaseRule] = {}
    for name in _LETTERS:
        silences = draw(st.sets(targets, max_size=4))
        precedes = draw(st.sets(targets, max_size=2))
        symptoms = draw(st.sets(st.sampled_from("xyz"), min_size=1, max_size=2))
        stage = draw(st.sampled_from(tuple(Stage)[:4]))
        separated = draw(st.sampled_from(((), ("a probe",))))
        rules[name] = made(
            make_rule(
                name,
                stage=stage,
                symptoms=tuple(sorted(symptoms)),
                silences=tuple(sorted(silences)),
                precedes=tuple(sorted(precedes)),
                separated_by=separated,
            )
        )
    return rules


@st.composite
def _findings(draw: st.DrawFn) -> tuple[Finding, ...]:
    found = []
    for _ in range(draw(st.integers(0, 9))):
        first = draw(_STEP)
        change = Change(
            parameter=draw(st.sampled_from(("lr", "batch_size"))),
            after=draw(st.integers(1, 2)),
            direction=draw(st.sampled_from(("up", "down", "set"))),
        )
        found.append(
            make_finding(
                draw(st.sampled_from(_LETTERS)),
                *sorted(draw(st.sets(st.sampled_from(("r1", "r2")), min_size=1))),
                series=draw(st.sampled_from(("train/loss", "val/loss"))),
                steps=(first, first + draw(_STEP)),
                severity=draw(st.sampled_from(Severity)),
                confidence=draw(st.sampled_from((0.2, 0.5, 0.9))),
                changes=draw(st.sampled_from(((), (change,)))),
                cost=draw(st.sampled_from((None, make_cost(0, 9, 0.4)))),
            )
        )
    return distinct(found)


@given(_declarations(), _findings())
def test_every_finding_belongs_to_exactly_one_diagnosis(
    rules: dict[str, BaseRule], findings: tuple[Finding, ...]
) -> None:
    told = [
        identifier
        for diagnosis in Diagnoser(rules).diagnose(findings)
        for identifier in (*(h.finding for h in diagnosis.hypotheses), *diagnosis.consequences)
    ]
    assert sorted(told) == sorted(finding.id for finding in findings)


@given(_declarations(), _findings(), st.randoms(use_true_random=False))
def test_the_order_of_the_findings_does_not_matter(
    rules: dict[str, BaseRule], findings: tuple[Finding, ...], random: Any
) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert Diagnoser(rules).diagnose(shuffled) == Diagnoser(rules).diagnose(findings)


@given(_declarations(), _findings())
def test_diagnoses_are_ordered_and_their_probabilities_are_at_most_one(
    rules: dict[str, BaseRule], findings: tuple[Finding, ...]
) -> None:
    by_id = {finding.id: finding for finding in findings}
    diagnoser = Diagnoser(rules)
    diagnoses = diagnoser.diagnose(findings)
    keys = [
        (d.severity.rank, diagnoser.priority(by_id[d.leading]))
        for d in diagnoses
        if rules[by_id[d.leading].rule].stage is not Stage.TELEMETRY
    ]
    assert keys == sorted(keys)
    assert [d.severity.rank for d in diagnoses] == sorted(d.severity.rank for d in diagnoses)
    for diagnosis in diagnoses:
        joined = (*(h.finding for h in diagnosis.hypotheses), *diagnosis.consequences)
        assert diagnosis.severity.rank == min(by_id[i].severity.rank for i in joined)
    assert all(sum(h.probability for h in d.hypotheses) <= 1.001 for d in diagnoses)
    assert len({diagnosis.id for diagnosis in diagnoses}) == len(diagnoses)


@given(_declarations(), _findings())
def test_no_run_is_ever_told_to_move_one_setting_both_ways(
    rules: dict[str, BaseRule], findings: tuple[Finding, ...]
) -> None:
    orders: dict[tuple[str, str], set[object]] = {}
    for diagnosis in Diagnoser(rules).diagnose(findings):
        for change in diagnosis.next.changes:
            for run in diagnosis.runs:
                way = change.after if change.direction == "set" else change.direction
                orders.setdefault((run, change.parameter), set()).add(way)
    for ways in orders.values():
        assert not {"up", "down"} <= ways
        assert len(ways - {"up", "down"}) <= 1


def test_a_finding_that_another_explains_stands_beneath_it() -> None:
    rules = _rules(cause={"silences": ("effect",)}, effect={})
    found = _diagnose(rules, make_finding("cause", "r"), make_finding("effect", "r"))
    assert found == [(["cause"], ["effect"])]


def test_a_whole_stage_can_be_explained() -> None:
    rules = _rules(cause={"silences": ("stage:decay",)}, effect={"stage": Stage.DECAY})
    found = _diagnose(rules, make_finding("cause", "r"), make_finding("effect", "r"))
    assert found == [(["cause"], ["effect"])]


@pytest.mark.parametrize(
    ("steps", "runs"), [((101, 200), ("r", "r")), ((0, 100), ("r", "another"))]
)
def test_nothing_is_explained_where_runs_or_steps_do_not_overlap(
    steps: tuple[int, int], runs: tuple[str, str]
) -> None:
    rules = _rules(cause={"silences": ("effect",)}, effect={})
    found = _diagnose(
        rules, make_finding("cause", runs[0]), make_finding("effect", runs[1], steps=steps)
    )
    assert found == [(["cause"], []), (["effect"], [])]


def test_what_is_explained_by_what_is_explained_stands_beneath_the_root() -> None:
    rules = _rules(a={"silences": ("b",)}, b={"silences": ("c",)}, c={})
    found = _diagnose(rules, *(make_finding(name, "r") for name in "abc"))
    assert found == [(["a"], ["b", "c"])]


@pytest.mark.parametrize("names", ["ab", "abc", "abcd"])
def test_in_a_circle_the_most_pressing_finding_leads(names: str) -> None:
    rules = _rules(
        **{name: {"silences": (after,)} for name, after in zip(names, names[1:] + "a", strict=True)}
    )
    findings = [make_finding(name, "r", severity=Severity.NOTE) for name in names[:-1]]
    findings.append(make_finding(names[-1], "r", severity=Severity.ERROR))
    (diagnosis,) = Diagnoser(rules).diagnose(findings)
    assert [h.rule for h in diagnosis.hypotheses] == [names[-1]]
    assert len(diagnosis.consequences) == len(names) - 1


def _slow(**metadata: Mapping[str, Any]) -> dict[str, BaseRule]:
    return _rules(**{name: {"symptoms": ("slow",), **more} for name, more in metadata.items()})


@pytest.mark.parametrize("precedes", [("effect",), ("stage:epochs",)])
def test_a_cause_ranks_before_its_effect_however_sure_and_grave_that_is(
    precedes: tuple[str, ...],
) -> None:
    rules = _slow(cause={"precedes": precedes}, effect={"stage": Stage.EPOCHS})
    found = _diagnose(
        rules,
        make_finding("cause", "r", confidence=0.55, severity=Severity.NOTE),
        make_finding("effect", "r", confidence=0.9, severity=Severity.WARNING),
    )
    assert found == [(["cause", "effect"], [])]


@pytest.mark.parametrize("confidence", [0.1, 0.4, 0.5])
def test_a_cause_that_is_not_likelier_than_not_stays_behind_its_effect(confidence: float) -> None:
    rules = _slow(cause={"precedes": ("effect",)}, effect={})
    found = _diagnose(
        rules,
        make_finding("cause", "r", confidence=confidence),
        make_finding("effect", "r", confidence=0.9),
    )
    assert found == [(["effect", "cause"], [])]


def test_a_third_hypothesis_that_is_likelier_than_the_cause_stays_first() -> None:
    rules = _slow(cause={"precedes": ("effect",)}, effect={}, other={})
    findings = [
        make_finding(name, "r", confidence=confidence)
        for name, confidence in (("cause", 0.6), ("effect", 0.9), ("other", 0.7))
    ]
    assert _diagnose(rules, *findings) == [(["other", "cause", "effect"], [])]


def test_a_rule_does_not_rank_before_effects_of_which_there_is_no_finding() -> None:
    rules = _slow(cause={"precedes": ("effect",)}, other={})
    found = _diagnose(rules, make_finding("cause", "r", confidence=0.6), make_finding("other", "r"))
    assert found == [(["other", "cause"], [])]


@pytest.mark.parametrize("precedes", [{"a": ("b",), "b": ("a",)}, {"a": ("stage:fit",)}])
def test_in_a_circle_of_causes_the_likeliest_leads(precedes: dict[str, tuple[str, ...]]) -> None:
    rules = _slow(**{name: {"precedes": precedes.get(name, ())} for name in "ab"})
    found = _diagnose(
        rules, make_finding("a", "r", confidence=0.9), make_finding("b", "r", confidence=0.6)
    )
    assert found == [(["a", "b"], [])]


def test_the_gravest_finding_gives_its_severity_to_a_diagnosis_that_a_note_leads() -> None:
    rules = _slow(cause={"precedes": ("effect",)}, effect={})
    findings = [
        make_finding("cause", "r", severity=Severity.NOTE),
        make_finding("effect", "r", severity=Severity.WARNING),
    ]
    (diagnosis,) = Diagnoser(rules).diagnose(findings)
    assert (diagnosis.severity, diagnosis.hypotheses[0].rule) == (Severity.WARNING, "cause")


def test_findings_that_share_a_symptom_are_hypotheses_of_one_diagnosis() -> None:
    shared = {"symptoms": ("slow learning",)}
    rules = _rules(a=shared, b=shared, c={})
    found = _diagnose(
        rules,
        make_finding("a", "r", confidence=0.3),
        make_finding("b", "r", confidence=0.6),
        make_finding("c", "r"),
    )
    assert sorted(found) == [(["b", "a"], []), (["c"], [])]


def test_symptoms_join_through_a_third_finding() -> None:
    rules = _rules(a={"symptoms": ("x",)}, b={"symptoms": ("y",)}, c={"symptoms": ("x", "y")})
    assert len(_diagnose(rules, *(make_finding(name, "r") for name in "abc"))) == 1


def test_one_symptom_in_two_runs_makes_two_diagnoses() -> None:
    rules = _rules(a={}, b={})
    assert len(_diagnose(rules, make_finding("a", "r1"), make_finding("a", "r2"))) == 2


@pytest.mark.parametrize(
    ("severity", "order"),
    [(Severity.NOTE, ["unsteady", "thin"]), (Severity.WARNING, ["thin", "unsteady"])],
)
def test_a_note_on_the_log_comes_after_those_on_the_training_and_what_is_graver_before(
    severity: Severity, order: list[str]
) -> None:
    rules = _rules(thin={"stage": Stage.TELEMETRY}, unsteady={"stage": Stage.SEARCH})
    found = (make_finding(name, "run", severity=severity) for name in rules)
    assert [leading for (leading,), _ in _diagnose(rules, *found)] == order


def test_severity_comes_first_then_stage_then_cost_then_name() -> None:
    late, early = {"stage": Stage.DECAY}, {"stage": Stage.LEARNING_RATE}
    rules = _rules(e=late, d=early, c=late, b=late, a=late)
    findings = (
        make_finding("a", "r"),
        make_finding("b", "r"),
        make_finding("c", "r", cost=make_cost(0, 9)),
        make_finding("d", "r"),
        make_finding("e", "r", severity=Severity.ERROR),
    )
    leaders = [hypotheses for hypotheses, _ in _diagnose(rules, *findings)]
    assert leaders == [["e"], ["d"], ["c"], ["a"], ["b"]]


def _two_orders(
    first: Sequence[Change], second: Sequence[Change], *, runs: tuple[str, ...] = ("r",)
) -> tuple[Diagnosis, Diagnosis]:
    rules = _rules(a={}, b={})
    findings = (
        make_finding("a", "r", severity=Severity.ERROR, changes=first),
        make_finding("b", *runs, changes=second),
    )
    leading, other = Diagnoser(rules).diagnose(findings)
    assert leading.next.kind == "change"
    assert leading.next.changes == tuple(first)
    return leading, other


def _change(direction: Any, after: float = 1.0, parameter: str = "learning_rate") -> Change:
    return Change(parameter=parameter, after=after, direction=direction)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_change("down"), _change("up")),
        (_change("up"), _change("down")),
        (_change("set", 1.0), _change("set", 2.0)),
        (_change("set", 1.0), _change("up", 2.0)),
        (_change("down", 0.001), _change("down", 0.00001)),
    ],
)
def test_an_order_that_contradicts_a_more_pressing_one_is_withheld(
    first: Change, second: Change
) -> None:
    _, other = _two_orders([first], [second])
    assert other.next.kind == "look"
    assert other.next.changes == ()
    assert other.next.message.params == {"parameter": "learning_rate"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_change("down"), _change("down")),
        (_change("down"), _change("up", parameter="batch_size")),
        (_change("set", 1.0), _change("set", 1.0)),
    ],
)
def test_an_order_that_contradicts_nothing_is_given(first: Change, second: Change) -> None:
    _, other = _two_orders([first], [second])
    assert other.next.changes == (second,)


def test_an_order_to_several_runs_must_not_contradict_the_order_to_one_of_them() -> None:
    _, other = _two_orders([_change("down")], [_change("up")], runs=("q", "r"))
    assert other.next.kind == "look"


def test_another_run_may_be_told_the_opposite() -> None:
    _, other = _two_orders([_change("down")], [_change("up")], runs=("q",))
    assert other.next.kind == "change"


@pytest.mark.parametrize(
    ("confidences", "separated_by", "kind"),
    [
        ((0.5, 0.5), ("a probe",), "separate"),
        ((0.5, 0.5), (), "change"),
        ((0.9, 0.1), ("a probe",), "change"),
    ],
)
def test_where_nothing_separates_two_hypotheses_the_next_step_does(
    confidences: tuple[float, float], separated_by: tuple[str, ...], kind: str
) -> None:
    shared = {"symptoms": ("slow",), "separated_by": separated_by}
    findings = [
        make_finding(name, "r", confidence=confidence)
        for name, confidence in zip("ab", confidences, strict=True)
    ]
    (diagnosis,) = Diagnoser(_rules(a=shared, b=shared)).diagnose(findings)
    assert diagnosis.next.kind == kind


@pytest.mark.parametrize(
    ("order", "kind"), [("do", "change"), ("do.twice", "change"), ("do.else", "separate")]
)
def test_a_test_that_is_what_is_to_be_done_is_asked_for_once(order: str, kind: str) -> None:
    shared = {
        "symptoms": ("slow",),
        "separated_by": ("a run at a third of the rate",),
        "do_separates": ("do", "do.twice"),
    }
    findings = [
        finding.model_copy(
            update={"advice": finding.advice.model_copy(update={"do": message(f"a.{order}", "…")})}
        )
        for finding in (make_finding(name, "r", confidence=0.5) for name in "ab")
    ]
    (diagnosis,) = Diagnoser(_rules(a=shared, b=shared)).diagnose(findings)
    assert diagnosis.next.kind == kind


def test_a_rule_that_ends_a_run_explains_what_came_before_it() -> None:
    late = make_finding("dead", "run", steps=(90, 99))
    early = make_finding("tired", "run", steps=(0, 10))
    for ends, beneath in ((True, (early.id,)), (False, ())):
        dead = make_rule("dead", silences=("tired",), ends_run=ends)
        rules = {"dead": made(dead), "tired": made(make_rule("tired"))}
        diagnoses = Diagnoser(rules).diagnose((early, late))
        assert next(d for d in diagnoses if d.leading == late.id).consequences == beneath


def test_what_else_it_may_be_is_told_of_the_leader_unless_a_finding_speaks_of_it() -> None:
    rules = _rules(
        slow={"symptoms": ("x",)}, small={"symptoms": ("x",)}, elsewhere={"symptoms": ("y",)}
    )
    told = [
        OtherCause(name=name, text=name, rule=rule, part=6, of=60)
        for name, rule in (("a", "small"), ("b", "elsewhere"), ("c", "nobody"))
    ]
    findings = [
        make_finding("slow", "r", confidence=0.9),
        make_finding("small", "r", confidence=0.2),
        make_finding("elsewhere", "r", confidence=0.1),
    ]
    diagnoses = Diagnoser(rules, {"slow": tuple(told), "small": (told[1],)}).diagnose(findings)
    by_leader = {d.hypotheses[0].rule: [cause.name for cause in d.also] for d in diagnoses}
    assert by_leader == {"slow": ["c"], "elsewhere": []}
