"""Charts that Mermaid draws in the version that GitLab has, and in the newest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.drawing.drawn import Curve
from advisor.report import Report
from advisor_markdown.mermaid import POINTS, chart
from tests.conftest import chromium
from tests.sample_report import hostile_report, large_report, sample_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

PACKAGES = Path(__file__).parents[3] / ".env-browsers" / "node_modules"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
VALUES = st.floats(allow_nan=False, allow_infinity=False) | st.none()


def block(report: Report, place: int = 0) -> str:
    """The Mermaid source of the chart of a finding."""
    drawn = chart(report, report.findings[place])
    assert drawn is not None
    return drawn.split("```mermaid\n")[1].removesuffix("```")


def numbers(source: str, kind: str) -> list[list[float]]:
    """The values of the bars or lines of a chart."""
    found = re.findall(rf"^  {kind} \[(.*)\]$", source, re.MULTILINE)
    return [[float(value) for value in values.split(", ")] for values in found]


def drawn_as(*values: float | None) -> Report:
    """The sample with another curve under its first finding."""
    report = sample_report()
    evidence = report.findings[0].evidence[0].series
    run = next(run for run in report.runs if run.name == report.findings[0].runs[0])
    steps = tuple(100 * (place + 1) for place in range(len(values)))
    other = Curve(series=evidence, axis=run.curves[0].axis, steps=steps, mean=values)
    changed = run.model_copy(update={"curves": (other,)})
    runs = tuple(changed if known is run else known for known in report.runs)
    return report.model_copy(update={"runs": runs})


def test_the_line_follows_the_curve_and_the_bars_mark_the_evidence() -> None:
    source = block(sample_report())
    (line,), (bars,) = numbers(source, "line"), numbers(source, "bar")
    assert len(line) == len(bars) == POINTS
    assert line[0] > 6 > line[20]
    high = max(bars)
    assert [bar == high for bar in bars] == [False] * 25 + [True] * 11


def test_the_legend_names_the_colour_of_each_line() -> None:
    drawn = chart(sample_report(), sample_report().findings[0])
    assert drawn is not None
    assert drawn.startswith("Chart: blue: `train/loss`; shaded: the evidence, step 8,400 to")


def test_small_values_are_scaled_since_the_language_has_no_exponents() -> None:
    source = block(drawn_as(3e-4, 2e-4, 1e-4))
    assert 'y-axis "train/loss (x 1e-4)"' in source
    assert numbers(source, "line")[0][-1] == 1


def test_a_gap_is_bridged_and_a_curve_of_one_value_is_not_drawn() -> None:
    assert len(numbers(block(drawn_as(1.0, None, 3.0)), "line")[0]) == POINTS
    assert chart(drawn_as(1.0), sample_report().findings[0]) is None
    assert chart(drawn_as(None, None), sample_report().findings[0]) is None


@given(st.lists(VALUES, min_size=2, max_size=60))
@example([0.0, 2.2e-313])
def test_whatever_is_logged_a_chart_holds_plain_decimals_only(values: list[float | None]) -> None:
    drawn = chart(drawn_as(*values), sample_report().findings[0])
    for row in re.findall(r"^  (?:bar|line) \[(.*)\]$", drawn or "", re.MULTILINE):
        assert all(NUMBER.fullmatch(value) for value in row.split(", "))


def test_names_reach_a_chart_as_letters_digits_and_harmless_marks() -> None:
    report = hostile_report()
    for finding in report.findings:
        for line in (chart(report, finding) or "").split("```mermaid")[-1].splitlines():
            if line.strip().startswith(("accTitle", "accDescr")):
                assert re.fullmatch(r"  acc\w+: [\w .,/()+-]+", line, re.ASCII)
                assert "  " not in line.strip()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.mark.browser
@pytest.mark.parametrize("package", ["mermaid-10", "mermaid-11"])
@pytest.mark.parametrize("make", [sample_report, hostile_report, lambda: large_report(12)])
def test_mermaid_draws_every_chart(page: Page, package: str, make: Callable[[], Report]) -> None:
    library = PACKAGES / package / "dist" / "mermaid.min.js"
    if not library.exists():
        pytest.skip("Mermaid is not installed: run `make browsers`")
    page.goto("about:blank")
    page.add_script_tag(content=library.read_text(encoding="utf-8"))
    report = make()
    sources = [block(report, i) for i, f in enumerate(report.findings) if chart(report, f)]
    assert sources
    for source in sources:
        drawn = page.evaluate(
            "async (source) => (await mermaid.render('chart', source)).svg", source
        )
        assert drawn.count("<path") >= 1
