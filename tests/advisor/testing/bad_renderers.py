"""One good renderer, and one deliberately bad one for each promise of a renderer."""

from __future__ import annotations

import itertools

from advisor.finding import Severity
from advisor.report import Report
from advisor.text import clean
from tests.advisor.testing.bad import Bad, collector

BAD_RENDERERS: list[Bad] = []
breaks = collector(BAD_RENDERERS)

calls = itertools.count()


class Good:
    """Writes the verdict and the titles."""

    name = "lines"
    suffix = ".txt"
    summary = "the titles, one a line"

    def render(self, report: Report) -> str:
        titles = (finding.advice.title.text for finding in report.findings)
        return "".join(clean(line) + "\n" for line in (report.verdict.message.text, *titles))


@breaks("name_suffix_and_summary")
class WithoutDot(Good):
    suffix = "txt"


@breaks("same_report_gives_same_text")
class Counting(Good):
    def render(self, report: Report) -> str:
        return f"{next(calls)}\n{super().render(report)}"


@breaks("report_stays_as_it_was")
class Scribbling(Good):
    def render(self, report: Report) -> str:
        report.accepted["seen"] = "by the renderer"
        return super().render(report)


@breaks("empty_report_renders")
class NeedsRuns(Good):
    def render(self, report: Report) -> str:
        _ = report.runs[0]
        return super().render(report)


@breaks("every_severity_and_outcome_renders")
class NeedsFaults(Good):
    def render(self, report: Report) -> str:
        if report.findings:
            _ = min(f.confidence for f in report.findings if f.severity is not Severity.NOTE)
        return super().render(report)


@breaks("other_versions_render")
class NeedsAnObjective(Good):
    def render(self, report: Report) -> str:
        if report.runs and report.objective is None:
            raise ValueError("no objective")
        return super().render(report)


@breaks("output_holds_no_unsafe_character")
class Trusting(Good):
    def render(self, report: Report) -> str:
        return super().render(report) + report.verdict.message.text


@breaks("every_title_appears")
class Terse(Good):
    def render(self, report: Report) -> str:
        return report.verdict.severity or "nothing"
