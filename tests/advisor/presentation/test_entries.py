"""What all renderers say the same way."""

from __future__ import annotations

import pytest

from advisor.finding import Change, Place
from advisor.model import Value
from advisor.presentation import (
    change_lines,
    counts_phrase,
    entries,
    joined,
    needing_probe,
    next_label,
    objective_best,
    objective_phrase,
    probe_phrase,
    runs_phrase,
    safe_url,
    setting_text,
    shown_name,
    statuses,
    worst_first,
)
from advisor.presentation.hints import UNPROBED
from advisor.report import Status
from advisor.roles import Objective
from tests import sample_findings as found
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report
from tests.sample_runs import healthy, overfitting


def test_one_rule_on_many_runs_is_one_entry() -> None:
    numbered = [(e.number, e.rule.name, len(e.runs)) for e in entries(sample_report())]
    assert numbered == [
        (1, "diverged", 1),
        (2, "overfitting", 1),
        (3, "lr-too-low", 3),
        (4, "unstable-tail", 1),
    ]


def test_rules_of_different_names_stay_apart() -> None:
    assert len(entries(large_report(30))) == 30


def test_a_quiet_report_has_no_entry() -> None:
    assert entries(quiet_report()) == ()


def test_every_finding_belongs_to_an_entry() -> None:
    report = sample_report()
    reached = {
        identifier
        for entry in entries(report)
        for diagnosis in entry.diagnoses
        for identifier in (*(h.finding for h in diagnosis.hypotheses), *diagnosis.consequences)
    }
    assert reached == {finding.id for finding in report.findings}


def test_an_experiment_is_not_called_a_change() -> None:
    labels = [next_label(entry) for entry in entries(sample_report())]
    assert labels == ["Find out first", "Do this", "Do this", "Do this"]


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (("a",), "run a"),
        (("a", "b"), "runs a, b"),
        (("a", "b", "c"), "runs a, b, c"),
        (tuple("abcdefg"), "runs a, b, c and 4 more"),
        (("",), "run (no name)"),
        ((".",), "run (top level)"),
        (("a\nb",), "run a b"),
    ],
)
def test_runs_are_named_in_a_few_words(runs: tuple[str, ...], said: str) -> None:
    assert runs_phrase(runs) == said


def test_a_long_name_is_cut_where_names_are_listed() -> None:
    assert len(shown_name("x" * 500)) == 60


def test_the_end_of_a_long_name_stays() -> None:
    assert shown_name("study/" * 20 + "version_39").endswith("study/version_39")


def test_findings_are_counted_by_severity() -> None:
    assert counts_phrase(sample_report().verdict) == "2 errors, 3 warnings, 1 note"
    assert counts_phrase(quiet_report().verdict) == "no findings"


def test_the_best_value_says_where_it_was_reached() -> None:
    assert objective_phrase(overfitting()) == "1.27 at epoch 31"
    assert objective_phrase(healthy().model_copy(update={"objective_value": None})) == ""


@pytest.mark.parametrize(
    ("series", "said"),
    [
        ("val/err_pct", "1.27%"),
        ("valErrorPercent", "1.27%"),
        ("Error (%)", "1.27%"),
        ("val/loss", "1.27"),
        ("val/mean_absolute_percentage_error", "1.27"),
    ],
)
def test_the_best_value_has_the_unit_of_its_name(series: str, said: str) -> None:
    run = overfitting()
    objective = Objective(series=series, direction="min", how="name")
    named = run.understanding.model_copy(update={"objective": objective})
    assert objective_best(run.model_copy(update={"understanding": named})) == said


def test_runs_are_ordered_by_their_worst_finding_and_then_as_they_were() -> None:
    ordered = [(run.name, run.severity) for run in worst_first(sample_report().runs)]
    assert [name for name, _ in ordered[:3]] == [
        "lr-0.001",
        "resnet/no-augmentation",
        "sweep/batch-128",
    ]
    assert ordered[-1] == ("healthy", None)


@pytest.mark.parametrize(
    ("parameter", "value", "written"),
    [
        ("learning_rate", 3e-4, "3e-4"),
        ("learning_rate", 0.0010000000474974513, "1e-3"),
        ("learning_rate", 0.000123456, "1.23456e-4"),
        ("weight_decay", 5e-4, "5e-4"),
        ("clip_norm", 5.0, "5"),
        ("max_steps", 1_234_567.0, "1234567"),
        ("epochs", 90, "90"),
        ("nesterov", True, "True"),
        ("scheduler", "cosine\n", "cosine"),
        ("betas", (0.9, 0.999), "[0.9, 0.999]"),
    ],
)
def test_a_setting_is_written_as_people_type_it(parameter: str, value: Value, written: str) -> None:
    assert setting_text(parameter, value) == written


def test_a_change_is_two_lines_and_a_new_setting_one() -> None:
    changed = Change(
        parameter="learning_rate", path="lr", before=1e-3, after=3e-4, direction="down"
    )
    added = Change(parameter="warmup_steps", after=600, direction="set")
    assert change_lines((changed, added)) == ("- lr: 1e-3", "+ lr: 3e-4", "+ warmup_steps: 600")


def test_a_change_whose_line_is_known_begins_with_it() -> None:
    place = Place(file="conf/a\n\x1b[1m.yaml", line=14)
    changed = Change(parameter="lr", before=1, after=2, direction="up", place=place)
    assert change_lines((changed,)) == ("@@ conf/a �[1m.yaml:14 @@", "- lr: 1", "+ lr: 2")


def test_every_line_of_a_change_is_one_line() -> None:
    for finding in hostile_report().findings:
        for line in change_lines(finding.changes):
            assert len(line.splitlines()) == 1
            assert line[:2] in ("- ", "+ ")


@pytest.mark.parametrize(
    "url", ["https://doi.org/10.1007/3-540-49430-8_3", "http://a.io", "https://a.io:8080/b?c=d&e#f"]
)
def test_a_web_address_is_safe(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "https://a.io/(b)",
        "https://a.io/<b>",
        "https://me@a.io",
        "https://a.io\n",
    ],
)
def test_any_other_address_is_not(url: str) -> None:
    assert safe_url(url) is None


def test_statuses_that_say_the_same_are_joined() -> None:
    group = [
        Status(rule="a", outcome="passed", runs=("x",)),
        Status(rule="b", outcome="passed", runs=("x", "y")),
        Status(rule="c", outcome="passed", runs=("x",)),
    ]
    assert [rules for rules, _ in joined(group)] == [("a", "c"), ("b",)]
    assert joined(()) == ()


def test_statuses_with_different_reasons_stay_apart() -> None:
    reasons = (found.say("no loss"), found.say("no rate"))
    group = [Status(rule="a", outcome="error", reason=r, runs=("x",)) for r in reasons]
    assert len(joined(group)) == 2


def test_statuses_are_found_by_what_they_came_to() -> None:
    assert [s.rule for s in statuses(sample_report(), "missing-input")] == ["vanishing-gradients"]


def unprobed(*rules: str) -> tuple[Status, ...]:
    return tuple(
        Status(rule=rule, outcome="missing-input", reason=UNPROBED, runs=("x",)) for rule in rules
    )


def test_what_only_a_probe_can_tell_is_said_in_one_line() -> None:
    report = quiet_report().model_copy(update={"statuses": unprobed("a", "b", "c", "d", "e")})
    assert statuses(report, "missing-input") == ()
    assert probe_phrase(report) == "5 checks need `advisor probe`: a, b, c and 2 more"
    assert probe_phrase(report, 5) == "5 checks need `advisor probe`: a, b, c, d, e"


def test_a_check_of_a_probe_that_is_among_the_runs_needs_no_other() -> None:
    judged = Status(rule="a", outcome="passed", runs=("advisor-probe",))
    report = quiet_report().model_copy(update={"statuses": (judged, *unprobed("a"))})
    assert needing_probe(report) == ()
    assert probe_phrase(report) == ""
