"""The promises of renderers: ``parametrize_renderers`` makes tests of them.

    @parametrize_renderers([HtmlRenderer()])
    def test_a_renderer_keeps_its_promises(renderer, check):
        check(renderer)

That a hostile report stays inert can only be shown by parsing a format, which is for the
renderer's own tests.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from advisor.declared import NAME
from advisor.finding import Severity
from advisor.renderer import Renderer
from advisor.report import Report
from advisor.testing.checks import Check, parametrize, promise
from advisor.testing.reports import OUTCOMES, SEVERITIES, empty_report, hostile_report, small_report

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\u200e\u200f\u061c\ud800-\udfff]"
)
"""Characters that no output holds: controls but line feed and tab, bidirectional marks, line
separators, halves of characters."""

OPTIONAL = ("objective", "experiment", "sweep", "comparison", "refused", "problems", "accepted")
"""Keys of a report that older versions may lack."""


def renderer_checks(_renderer: Renderer) -> Iterator[Check[Renderer]]:
    """Yield the checks of a renderer."""
    yield check_name_suffix_and_summary
    yield check_same_report_gives_same_text
    yield check_report_stays_as_it_was
    yield check_empty_report_renders
    yield check_every_severity_and_outcome_renders
    yield check_other_versions_render
    yield check_output_holds_no_unsafe_character
    yield check_every_title_appears


def parametrize_renderers(
    renderers: Iterable[Renderer], *, expected_failures: Mapping[str, str] | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Make pytest run every check on every renderer.

    ``expected_failures`` names a check, or ``renderer:check``, with the reason why the promise
    is not kept there; the reason is mandatory, and the check must then fail.
    """
    return parametrize(
        "renderer",
        renderers,
        checks=renderer_checks,
        label=lambda renderer: renderer.name,
        expected_failures=expected_failures or {},
    )


def check_name_suffix_and_summary(renderer: Renderer) -> None:
    """Check that the name is kebab-case, the suffix starts with a dot, the summary is one line."""
    promise(NAME.fullmatch(renderer.name) is not None, f"{renderer.name!r} is no kebab-case name")
    suffix = re.fullmatch(r"(\.[a-z0-9]+(-[a-z0-9]+)*)+", renderer.suffix)
    promise(suffix is not None, f"{renderer.suffix!r} is no suffix such as .html")
    summary = renderer.summary
    promise(summary.strip() == summary != "" and "\n" not in summary, "the summary is not one line")


def check_same_report_gives_same_text(renderer: Renderer) -> None:
    """Check that rendered again, and read back from JSON, a report gives the same text."""
    report = small_report()
    first = renderer.render(report)
    promise(renderer.render(small_report()) == first, "rendered again, the text differs")
    again = Report.from_json(report.to_json())
    promise(renderer.render(again) == first, "after a trip through JSON the text differs")


def check_report_stays_as_it_was(renderer: Renderer) -> None:
    """Check that rendering changes nothing in the report."""
    report = small_report()
    before = report.to_json()
    renderer.render(report)
    promise(report.to_json() == before, "rendering changed the report")


def check_empty_report_renders(renderer: Renderer) -> None:
    """Check that a report without runs, rules and findings is a text too."""
    promise(bool(renderer.render(empty_report()).strip()), "nothing was written")


def check_every_severity_and_outcome_renders(renderer: Renderer) -> None:
    """Check that each severity alone, and each outcome of a rule alone, makes a text."""
    whole = small_report()
    for severity in SEVERITIES:
        alone = _fresh(whole.model_copy(update=_only(whole, severity)))
        promise(bool(renderer.render(alone).strip()), f"{severity.value}: nothing was written")
    for outcome in OUTCOMES:
        statuses = tuple(s for s in whole.statuses if s.outcome == outcome)
        alone = _fresh(whole.model_copy(update={"statuses": statuses}))
        promise(bool(renderer.render(alone).strip()), f"{outcome}: nothing was written")


def _only(report: Report, severity: Severity) -> dict[str, object]:
    return {
        "findings": tuple(f for f in report.findings if f.severity is severity),
        "diagnoses": tuple(d for d in report.diagnoses if d.severity is severity),
        "runs": tuple(run for run in report.runs if run.severity is severity),
    }


def _fresh(report: Report) -> Report:
    """Return a report that has computed nothing yet: what it keeps does not follow a change."""
    return Report.from_json(report.to_json())


def check_other_versions_render(renderer: Renderer) -> None:
    """Check that a report that lacks optional keys, or has keys of a later version, renders."""
    data = json.loads(small_report().to_json())
    older = {key: value for key, value in data.items() if key not in OPTIONAL}
    for run in older["runs"]:
        run.pop("windows")
    newer = {**data, "of_a_later_version": [1], "runs": [{**r, "new": 1} for r in data["runs"]]}
    for version in (older, newer):
        text = renderer.render(Report.from_json(json.dumps(version)))
        promise(bool(text.strip()), "nothing was written")


def check_output_holds_no_unsafe_character(renderer: Renderer) -> None:
    """Check that no control, bidirectional mark or half a character reaches the text."""
    text = renderer.render(hostile_report())
    found = UNSAFE.search(text)
    if found is not None:
        around = ascii(text[max(found.start() - 40, 0) : found.end() + 20])
        promise(kept=False, otherwise=f"the text holds {found.group()!a}: {around}")


def check_every_title_appears(renderer: Renderer) -> None:
    """Check that the title of every finding of a small report can be found in the text."""
    report = small_report()
    text = _letters(renderer.render(report))
    for finding in report.findings:
        title = finding.advice.title.text
        promise(_letters(title) in text, f"the title {title!r} is not in the text")


def _letters(text: str) -> str:
    """Return letters and digits only: what no format escapes, breaks or decorates."""
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), html.unescape(text))
    return "".join(c for c in re.sub(r"<[^<>]*>|\x1b\[[0-9;]*m", "", unescaped) if c.isalnum())
