"""What runs lack is said once, with each logger's line and the checks that it enables."""

from __future__ import annotations

from advisor.presentation.hints import UNPROBED, missing_input
from advisor.presentation.lacks import lack_phrase, lacks, waiting, way_phrases
from advisor.report import Report, Status
from advisor.text import Message
from tests.sample_findings import say
from tests.sample_report import quiet_report


def lacking(rule: str, reason: Message, *runs: str) -> Status:
    return Status(rule=rule, outcome="missing-input", reason=reason, runs=runs)


def report_with(*statuses: Status) -> Report:
    return quiet_report().model_copy(update={"statuses": statuses})


TORCH = missing_input("grad_norm", "TensorBoard event file")
LIGHTNING = missing_input("grad_norm", "Lightning CSVLogger")
COLUMN = missing_input("grad_norm", "CSV table")
VALIDATION = missing_input("val/loss", "CSV table")


def test_the_loggers_of_one_thing_share_an_entry_with_a_line_for_each() -> None:
    (found,) = lacks(
        report_with(
            lacking("exploding-gradients", TORCH, "a", "b"),
            lacking("exploding-gradients", LIGHTNING, "c"),
            lacking("stale-gradients", TORCH, "a", "b"),
            lacking("stale-gradients", COLUMN, "d"),
        )
    )
    assert found.rules == ("exploding-gradients", "stale-gradients")
    assert [(way.column, way.runs) for way in found.ways] == [
        (False, ("a", "b")),
        (False, ("c",)),
        (True, ("d",)),
    ]
    assert lack_phrase(found) == "Log the gradient norm to enable 2 checks"
    assert list(way_phrases(found)) == [
        '`writer.add_scalar("grad_norm", value, step)` (2 runs)',
        "`self.log_dict(grad_norm(self, norm_type=2))` (1 run)",
        "the column `grad_norm` (1 run)",
    ]


def test_what_enables_most_checks_comes_first() -> None:
    found = lacks(
        report_with(
            lacking("stale-gradients", COLUMN, "a"),
            lacking("overfitting", VALIDATION, "a"),
            lacking("underfitting", VALIDATION, "b"),
        )
    )
    assert [lack.rules for lack in found] == [("overfitting", "underfitting"), ("stale-gradients",)]
    assert found[0].runs == ("a", "b")


def test_a_rule_that_says_in_its_own_words_what_it_lacks_is_quoted() -> None:
    (found,) = lacks(report_with(lacking("mine", say("Log `x`."), "a")))
    assert lack_phrase(found) == "Log `x`. (1 check)"
    assert found.ways == ()


def test_what_needs_a_probe_waits_but_is_nothing_to_log() -> None:
    report = report_with(lacking("probe-lr-range", UNPROBED, "a"), lacking("mine", COLUMN, "a"))
    assert [lack.rules for lack in lacks(report)] == [("mine",)]
    assert waiting(report) == ("mine", "probe-lr-range")


def test_where_nothing_is_missing_nothing_is_asked_for() -> None:
    report = report_with(Status(rule="diverged", outcome="passed", runs=("a",)))
    assert lacks(report) == ()
    assert waiting(report) == ()
