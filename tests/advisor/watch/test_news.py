"""What two looks tell apart."""

from __future__ import annotations

from advisor.finding import Finding, Severity
from advisor.notes import NoteKind, note
from advisor.report import Report
from advisor.watch import News, news
from tests.sample_report import hostile_report, sample_report
from tests.support import make_finding


def with_findings(*findings: Finding) -> Report:
    return sample_report().model_copy(update={"findings": findings, "diagnoses": ()}, deep=False)


def told(before: Report, now: Report) -> list[tuple[str, str]]:
    return [(one.word, one.text.partition(":")[0]) for one in news(before, now)]


RUN, OTHER = (run.name for run in sample_report().runs[:2])


def test_two_looks_alike_are_no_news() -> None:
    assert list(news(sample_report(), sample_report())) == []
    assert list(news(hostile_report(), hostile_report())) == []


def test_a_finding_comes_and_goes() -> None:
    one = with_findings(make_finding("overfitting", RUN))
    assert told(with_findings(), one) == [("warning", RUN)]
    assert told(one, with_findings()) == [("gone", RUN)]


def test_the_same_rule_on_another_run_is_news() -> None:
    first = make_finding("overfitting", RUN)
    more = with_findings(first, make_finding("overfitting", OTHER))
    assert told(with_findings(first), more) == [("warning", OTHER)]


def test_evidence_that_moves_on_is_no_news() -> None:
    before = with_findings(make_finding("overfitting", RUN, steps=(0, 10)))
    now = with_findings(make_finding("overfitting", RUN, steps=(0, 20), series="val/loss"))
    assert told(before, now) == []


def test_a_finding_that_grew_graver_is_news() -> None:
    mild = with_findings(make_finding("diverged", RUN, severity=Severity.NOTE))
    grave = with_findings(make_finding("diverged", RUN, severity=Severity.ERROR))
    [now] = news(mild, grave)
    assert now.word == "error"
    assert now.text.endswith("(diverged), before: note")


def test_the_gravest_comes_first() -> None:
    kinds = (Severity.NOTE, Severity.ERROR, Severity.WARNING)
    found = [make_finding(f"rule-{s.value}", RUN, severity=s) for s in kinds]
    words = [word for word, _ in told(with_findings(), with_findings(*found))]
    assert words == ["error", "warning", "note"]


def test_a_rule_across_runs_is_no_news_for_each_run_that_joins() -> None:
    report = with_findings(make_finding("seeds", RUN))
    rules = (report.rules[0].model_copy(update={"name": "seeds", "across": True}),)
    before = report.model_copy(update={"rules": rules})
    now = before.model_copy(update={"findings": (make_finding("seeds", RUN, OTHER),)})
    assert told(before, now) == []


def _growing(report: Report, name: str, kind: NoteKind | None) -> Report:
    said = (note(kind).message,) if kind else ()
    runs = tuple(
        run.model_copy(update={"notes": said}) if run.name == name else run for run in report.runs
    )
    return report.model_copy(update={"runs": runs})


def test_runs_appear_end_and_go_on() -> None:
    whole = with_findings()
    less = whole.model_copy(update={"runs": whole.runs[1:]})
    growing = _growing(whole, RUN, NoteKind.GROWING)
    ended = _growing(whole, RUN, None)
    assert told(less, growing) == [("new run", RUN)]
    assert told(growing, ended) == [("ended", RUN)]
    assert told(ended, growing) == [("goes on", RUN)]
    assert [word for word, _ in told(whole, less)] == ["no run"]


def test_a_run_that_was_killed_is_told_from_one_that_ended() -> None:
    growing = _growing(with_findings(), RUN, NoteKind.GROWING)
    [killed] = news(growing, _growing(with_findings(), RUN, NoteKind.UNFINISHED))
    assert "without an end mark" in killed.text


def test_what_is_only_about_the_log_is_no_news() -> None:
    whole = sample_report()
    *others, last = whole.diagnoses
    ids = {*(h.finding for h in last.hypotheses), *last.consequences}
    left = tuple(finding for finding in whole.findings if finding.id not in ids)
    less = whole.model_copy(update={"diagnoses": tuple(others), "findings": left})
    assert list(news(less, whole))
    aside = last.model_copy(update={"aside": True})
    quiet = whole.model_copy(update={"diagnoses": (*others, aside)})
    assert list(news(less, quiet)) == list(news(quiet, less)) == []


def test_no_name_from_a_log_steers_a_terminal() -> None:
    empty = hostile_report().model_copy(update={"findings": (), "diagnoses": (), "runs": ()})
    said = [*news(empty, hostile_report()), *news(hostile_report(), empty)]
    assert said
    assert all(isinstance(one, News) and one.text.isprintable() for one in said)
