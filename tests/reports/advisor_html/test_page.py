"""Everything in a report is on the page, and nothing in a report can act on it."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys

import pytest

from advisor.presentation import entries
from advisor.report import Report
from advisor.text import clean
from advisor_html import HtmlRenderer
from advisor_html.strips import LANES
from tests.reports.advisor_html.page_reader import Page
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report

KNOWN_ELEMENTS = """
    a article b body button caption circle clippath code dd defs desc details div dl dt
    fieldset figcaption figure g h1 h2 h3 h4 head header html i input label legend li line
    link main meta ol option output p path pattern pre rect script section select small span
    style summary svg symbol table tbody td text th thead title tr ul use wbr
"""


def page(report: Report) -> Page:
    return Page(HtmlRenderer().render(report))


def said_in(found: Page, text: str) -> bool:
    """Whether a text is on the page, be it as a whole sentence or within one."""
    return text.replace("`", "").lower() in found.text.lower()


@pytest.fixture(scope="module")
def sample() -> Page:
    return page(sample_report())


def test_the_verdict_is_the_first_heading(sample: Page) -> None:
    assert "1 of 7 runs diverged and 1 overfitted; 3 learn too slowly." in sample.text
    assert [tag for tag, _ in sample.elements if tag == "h1"] == ["h1"]


def test_the_parts_come_in_the_order_in_which_a_reader_needs_them(sample: Page) -> None:
    parts = ["first", "runs", "errors", "warnings", "notes", "checks", "report"]
    places = [sample.ids.index(part) for part in parts]
    assert places == sorted(places)


def test_every_sentence_of_a_leading_finding_is_on_the_page(sample: Page) -> None:
    for entry in entries(sample_report()):
        finding = entry.finding
        advice = finding.advice
        said = [advice.title, advice.evidence, advice.why, advice.check, advice.unless]
        said += [
            finding.basis,
            entry.diagnosis.next.message,
            *([finding.cost.message] if finding.cost else []),
        ]
        for message in said:
            assert said_in(sample, message.text)


def test_every_finding_has_a_place_that_its_id_leads_to(sample: Page) -> None:
    for finding in sample_report().findings:
        assert finding.id in sample.ids


def test_every_link_inside_the_page_leads_somewhere(sample: Page) -> None:
    links = [href[1:] for href in sample.attribute("a", "href") if href.startswith("#")]
    assert links
    assert set(links) <= set(sample.ids)


def test_no_id_is_given_twice() -> None:
    for report in (sample_report(), quiet_report(), large_report(80), hostile_report()):
        ids = page(report).ids
        assert len(ids) == len(set(ids))


def test_what_names_an_element_by_its_id_names_one_that_is_there(sample: Page) -> None:
    for _, attributes in sample.elements:
        for identifier in attributes.get("aria-labelledby", "").split():
            assert identifier in sample.ids


def test_the_change_is_shown_as_a_diff(sample: Page) -> None:
    assert "- optimizer.lr: 1e-3 + optimizer.lr: 3e-4" in sample.text


def test_other_explanations_consequences_and_joined_runs_are_listed(sample: Page) -> None:
    for words in ("Warm the learning rate up over 600 steps", "Gradient norm reached 60"):
        assert words in sample.text
    assert "The same on 3 runs" in sample.text
    assert "Loss fell by 0.28 in a line" in sample.text


def test_what_passed_did_not_apply_lacked_input_or_broke_is_said_with_its_reason(
    sample: Page,
) -> None:
    report = sample_report()
    for status in report.statuses:
        if status.outcome != "failed":
            assert status.rule in sample.text
        if status.reason:
            assert said_in(sample, status.reason.text)


def test_refused_files_and_problems_are_said_with_their_cure(sample: Page) -> None:
    report = sample_report()
    for refused in report.refused:
        assert refused.path in sample.text
        assert said_in(sample, refused.cure)
    for problem in report.problems:
        assert problem.where in sample.text
        assert said_in(sample, problem.cure)


def test_accepted_rules_are_said_with_their_reason(sample: Page) -> None:
    assert "a dropout of 0.8 is what the paper used" in sample.text


def test_notes_on_a_log_stand_with_its_run(sample: Page) -> None:
    assert "6 values of train/loss are NaN, the first at step 5,000." in sample.text


def test_every_chart_says_in_words_what_it_shows(sample: Page) -> None:
    images = sample.attribute("svg", "aria-label", role="img")
    assert len(images) > 10
    assert len(images) == sum(tag == "svg" and "role" in has for tag, has in sample.elements)
    assert sum("The evidence is marked" in said for said in images) == 5


def test_a_report_without_findings_is_calm() -> None:
    quiet = page(quiet_report())
    assert "No problem found in 3 runs; 10 checks passed, 2 could not run." in quiet.text
    assert not {"first", "errors", "warnings", "notes"} & set(quiet.ids)
    assert "2 checks could not run for want of data" in quiet.text


def test_a_run_at_the_top_level_is_called_by_the_title() -> None:
    report = quiet_report()
    alone = report.runs[0].model_copy(update={"name": "."})
    found = page(report.model_copy(update={"runs": (alone,), "statuses": ()}))
    headings = found.attribute("h3", "id")
    assert headings == ["run-1-h"]
    assert found.text.count("seeds") >= 3


def test_losses_that_overlap_are_said_to(sample: Page) -> None:
    report = sample_report()
    run = next(run for run in report.runs if run.name == "lr-0.001")
    twice = run.model_copy(update={"lost": run.lost * 2})
    assert "(Loss diverged at step 8,400), which overlap" not in sample.text
    found = page(report.model_copy(update={"runs": (twice,)}))
    assert "(Loss diverged at step 8,400), which overlap" in found.text


def test_a_report_without_runs_is_a_page_too() -> None:
    report = quiet_report().model_copy(update={"runs": (), "statuses": ()})
    assert "runs" not in page(report).ids


def test_a_series_that_the_report_does_not_hold_is_said_to_be_missing() -> None:
    report = sample_report()
    runs = tuple(run.model_copy(update={"curves": ()}) for run in report.runs)
    assert "holds none of the series" in page(report.model_copy(update={"runs": runs})).text


def test_runs_beyond_the_first_twelve_are_rows_of_a_folded_table() -> None:
    many = page(large_report(15))
    assert "3 more runs" in many.text
    assert {f"run-{i}" for i in range(1, 16)} <= set(many.ids)


def test_an_entry_of_many_runs_lists_a_few_and_folds_the_rest() -> None:
    report = large_report(20)
    same = tuple(f.model_copy(update={"rule": report.rules[0].name}) for f in report.findings)
    hypotheses = [(d, d.hypotheses[0]) for d in report.diagnoses]
    diagnoses = tuple(
        d.model_copy(update={"hypotheses": (h.model_copy(update={"rule": same[0].rule}),)})
        for d, h in hypotheses
    )
    joined = page(report.model_copy(update={"findings": same, "diagnoses": diagnoses}))
    assert "The same on 20 runs" in joined.text
    assert "12 more runs" in joined.text
    assert {finding.id for finding in same} <= set(joined.ids)


def test_entries_beyond_the_first_sixty_are_rows_that_can_be_linked_to() -> None:
    report = large_report(70)
    many = page(report)
    assert "10 more findings" in many.text
    assert {finding.id for finding in report.findings} <= set(many.ids)


def test_the_page_of_twelve_findings_is_small() -> None:
    assert len(HtmlRenderer().render(large_report(12)).encode()) < 250_000


def test_the_script_is_small(sample: Page) -> None:
    assert len(sample.source("script")) < 24_000


def test_the_same_report_gives_the_same_bytes() -> None:
    assert HtmlRenderer().render(sample_report()) == HtmlRenderer().render(sample_report())


@pytest.mark.parametrize("report", [sample_report(), hostile_report(), large_report(70)])
def test_each_chart_that_can_be_drawn_anew_finds_its_curves_on_the_page(report: Report) -> None:
    shown = page(report)
    curves = shown.curves
    for spec in shown.attribute("figure", "data-chart"):
        for whole, near, *_ in json.loads(spec)["lines"]:
            assert min(whole, near) >= 0
            assert curves[whole]["steps"]
            assert len(curves[near]["mean"]) == len(curves[near]["steps"])


def test_a_curve_on_the_page_is_that_of_the_report() -> None:
    report = sample_report()
    whole = [curve for run in report.runs for curve in run.curves]
    wanted = [*whole, *(window.curve for run in report.runs for window in run.windows)]
    for found in page(report).curves:
        assert [
            curve
            for curve in wanted
            if curve.steps == tuple(found["steps"])
            and all(
                shown == pytest.approx(value, rel=1e-4)
                for name in ("mean", "low", "high")
                for shown, value in zip(found[name] or (), getattr(curve, name) or (), strict=True)
                if value is not None
            )
        ]


@pytest.mark.parametrize(("best", "marked"), [(31, True), (33, False), (29, False), (60, True)])
def test_a_best_value_beside_the_evidence_is_not_marked_a_second_time(
    best: int, marked: bool
) -> None:
    report = sample_report()
    moved = (run.model_copy(update={"objective_step": best}) for run in report.runs)
    shown = page(report.model_copy(update={"runs": tuple(moved)}))
    assert (f"lowest value: epoch {best}" in shown.text) == marked


def test_a_path_may_be_broken_after_each_of_its_parts() -> None:
    assert "resnet/<wbr>no-augmentation</h3>" in HtmlRenderer().render(sample_report())


def test_half_a_character_in_a_name_does_not_stop_the_page() -> None:
    source = HtmlRenderer().render(hostile_report())
    assert source.encode()
    assert "half \ufffd a character" in Page(source).text


def test_the_policy_allows_the_page_its_own_style_and_script_only(sample: Page) -> None:
    [policy] = sample.attribute("meta", "content", **{"http-equiv": "Content-Security-Policy"})
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(sample.source(tag).encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_no_element_or_attribute_comes_from_a_name() -> None:
    hostile = page(hostile_report())
    assert {tag for tag, _ in hostile.elements} <= set(KNOWN_ELEMENTS.split())
    assert hostile.comments == []
    for _, attributes in hostile.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
    kinds = [attributes.get("id", attributes["tag"]) for attributes, _ in hostile.raw]
    assert kinds == ["style", "script", "report"]


def test_no_address_comes_from_a_name() -> None:
    hostile = page(hostile_report())
    allowed = ("#", "https://github.com/google-research/tuning_playbook", "data:,")
    addresses = [*hostile.attribute("a", "href"), *hostile.attribute("link", "href")]
    assert all(address.startswith(allowed) for address in addresses)
    assert not [a for _, a in hostile.elements if "src" in a]


def test_nothing_invisible_reaches_the_text() -> None:
    text = page(hostile_report()).text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert clean(text, len(text)) == text.strip()


def test_an_endless_name_is_cut() -> None:
    assert "x" * 1_000 not in page(hostile_report()).text


def test_a_citation_whose_address_is_no_web_address_is_no_link() -> None:
    report = sample_report()
    bad = report.rules[0].citations[0].model_copy(update={"url": "javascript:alert(1)"})
    rules = tuple(rule.model_copy(update={"citations": (bad,)}) for rule in report.rules)
    found = page(report.model_copy(update={"rules": rules}))
    assert not [a for a in found.attribute("a", "href") if a.startswith("javascript")]


def test_the_template_engine_is_loaded_when_a_page_is_made_and_not_before() -> None:
    code = "import sys, advisor_html; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_run_with_more_findings_than_lanes_says_how_many_are_not_drawn() -> None:
    report = sample_report()
    rules = tuple(
        report.rules[2].model_copy(update={"name": f"rule-{i:02}"}) for i in range(LANES + 3)
    )
    findings = tuple(
        report.findings[0].model_copy(update={"rule": rule.name}).located("lr-0.001")
        for rule in rules
    )
    leading = report.diagnoses[2].model_copy(update={"runs": ("lr-0.001",)})
    hypothesis = leading.hypotheses[0]
    diagnoses = tuple(
        leading.model_copy(
            update={
                "hypotheses": (hypothesis.model_copy(update={"rule": f.rule, "finding": f.id}),)
            }
        )
        for f in findings
    )
    changed = {
        "rules": rules,
        "findings": findings,
        "diagnoses": diagnoses,
        "runs": (report.runs[1].model_copy(update={"lost": ()}),),
        "statuses": (),
    }
    assert "and 3 more findings" in page(report.model_copy(update=changed)).text
