"""The page holds the curves that it draws, as finely as it draws them, and no others."""

from __future__ import annotations

import pytest

from advisor.drawing.drawn import Curve, EvidenceWindow
from advisor.report import Report
from advisor.report.enclosed import taken_out
from advisor_html import HtmlRenderer
from advisor_html.store import Store, whole
from tests.sample_curves import steps
from tests.sample_report import large_report, quiet_report, sample_report


def held(report: Report) -> tuple[Curve, ...]:
    """The curves of the runs in the page of a report."""
    found = Report.from_json(taken_out(HtmlRenderer().render(report).encode()))
    return tuple(curve for run in found.runs for curve in run.curves)


def one(curve: Curve) -> Report:
    """A report whose only curve is this."""
    report = quiet_report()
    run = report.runs[0].model_copy(update={"curves": (curve,)})
    return report.model_copy(update={"runs": (run,)})


def test_a_curve_of_a_chart_is_held_in_all_its_buckets() -> None:
    report, store = sample_report(), Store()
    run = report.runs[0]
    curve = run.curves[0]
    store.sketch(run, curve, 40)
    store.keep(whole(run.name, curve.series))
    store.sketch(run, curve, 60)
    assert store.held(report).runs[0].curves[0].steps == curve.steps


@pytest.mark.parametrize("band", [True, False])
def test_a_curve_that_is_drawn_small_is_held_as_small(band: bool) -> None:
    curve, store = steps("loss", lambda step: 1.0 + step % 7, last=1_000), Store()
    report = one(curve)
    small = store.sketch(report.runs[0], curve, 40, band=band)
    assert store.held(report).runs[0].curves == (small,)
    assert len(small.steps) == 40
    assert (small.low is not None) is band


def test_a_curve_that_hardly_moves_keeps_the_digits_that_show_it() -> None:
    flat = steps("loss", lambda step: 1000.12 + step / 1e5, last=1_000)
    flat = flat.model_copy(update={"low": None, "high": None, "mean": (1000.12, 1000.13) * 120})
    assert set(Store().sketch(one(flat).runs[0], flat, 240).mean) == {1000.12, 1000.13}


def test_one_object_in_two_places_is_drawn_as_two_equal_ones_are() -> None:
    report = sample_report()
    run = next(run for run in report.runs if run.windows)
    shared = tuple(
        window.model_copy(update={"curve": next(c for c in run.curves if same(c, window))})
        for window in run.windows
    )
    runs = (
        one.model_copy(update={"windows": shared}) if one is run else one for one in report.runs
    )
    made = report.model_copy(update={"runs": tuple(runs)})
    read = Report.from_json(made.to_json())
    assert HtmlRenderer().render(made) == HtmlRenderer().render(read)


def same(curve: Curve, window: EvidenceWindow) -> bool:
    """Whether both are of one series."""
    return curve.series == window.curve.series


def test_curves_that_no_chart_shows_are_not_held() -> None:
    curve = steps("loss", lambda step: 1.0 + step, last=1_000)
    assert Store().held(one(curve)).runs[0].curves == ()


def test_a_study_of_many_findings_holds_few_buckets_for_each() -> None:
    few, many = (sum(len(c.steps) for c in held(large_report(n))) for n in (60, 300))
    assert many - few <= 240 * 40


def test_sources_are_held_of_the_rules_that_found_something() -> None:
    report = sample_report()
    rules = Store().held(report).rules
    assert {rule.name for rule in rules} == {rule.name for rule in report.rules}
    found = {finding.rule for finding in report.findings}
    assert {rule.name for rule in rules if rule.citations} <= found
