"""What was measured of a finding, in every format that tells the whole of it."""

from __future__ import annotations

import pytest

from advisor.accuracy import ConfidenceBin, Measurement, Rate, as_measured
from advisor.finding import OtherCause, Severity
from advisor.manager import load_plugins
from advisor.renderer import Renderer
from advisor.report import Report
from tests.sample_report import sample_report

BRIEF = {"codequality", "github", "junit", "sarif"}
"""Formats for machines, which hold one sentence of a finding."""
RENDERERS = {k: v for k, v in load_plugins().renderers.items() if k not in BRIEF}
each_renderer = pytest.mark.parametrize("renderer", RENDERERS.values(), ids=RENDERERS)


def measured_report(group: str = "") -> Report:
    """Return a report whose first finding was measured: 89% of 70, on 140 healthy runs."""
    report = sample_report()
    first, *others = report.findings
    measurement = Measurement(
        name=first.rule,
        alarms=Rate(part=0, of=140),
        group=group,
        bins=(ConfidenceBin(up_to=1, right=Rate(part=62, of=70), confidence=0.87),),
    )
    told = as_measured(first, measurement)
    assert told.severity is Severity.NOTE
    return report.model_copy(update={"findings": (told, *others)})


@each_renderer
def test_every_format_says_what_a_confidence_rests_on(renderer: Renderer) -> None:
    assert "89% of 70" in renderer.render(measured_report())
    assert "89% of 70" not in renderer.render(sample_report())


@each_renderer
def test_every_format_says_why_a_finding_is_only_a_note(renderer: Renderer) -> None:
    words = " ".join(renderer.render(measured_report()).split())
    assert "measured on only 140 healthy runs" in words


@pytest.mark.parametrize("name", ["html", "markdown", "terminal"])
def test_a_report_says_why_a_confidence_is_not_how_many_were_right(name: str) -> None:
    said = " ".join(RENDERERS[name].render(measured_report()).lower().split())
    assert "very likely, 87%, allowing for chance" in said


@each_renderer
def test_every_format_says_what_else_it_may_be(renderer: Renderer) -> None:
    report = sample_report()
    first, *others = report.diagnoses
    cause = OtherCause(name="no-zero-grad", text="gradients that add up", rule="x", part=9, of=60)
    told = first.model_copy(update={"also": (cause,)})
    told_report = report.model_copy(update={"diagnoses": (told, *others)})
    said = " ".join(renderer.render(told_report).split())
    assert "gradients that add up" in said
    assert (
        "gradients that add up 15% (shares of 60 faulty trainings" in said
        or renderer.name == "json"
    )
    assert "gradients that add up" not in renderer.render(report)


def test_the_terminal_tells_a_rules_own_findings_from_those_of_its_group() -> None:
    terminal = RENDERERS["terminal"]
    assert "right in 89% of 70 ·" in terminal.render(measured_report())
    assert "right in 89% of 70 of its group ·" in terminal.render(measured_report("all of fit"))
    assert "not measured ·" in terminal.render(sample_report())
