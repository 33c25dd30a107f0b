"""The terminal report: what is on the screen, how wide it is, and what never reaches it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from advisor.finding import Severity
from advisor.presentation import FIRST, entries
from advisor.renderer import Renderer
from advisor.report import Report, Verdict
from advisor_terminal import register_renderers
from advisor_terminal.renderer import TerminalRenderer
from advisor_terminal.rest import FEW_RUNS
from tests.sample_findings import say
from tests.sample_report import (
    HOSTILE,
    hostile_report,
    large_report,
    quiet_report,
    sample_report,
    twice_the_same_consequence,
)

SGR = re.compile(r"\x1b\[[0-9;]*m")
NAMES = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=30), max_size=3).map("".join)


def render(report: Report, width: int = 100) -> str:
    return TerminalRenderer(width).render(report)


def words(text: str) -> str:
    """Undo the line breaks, so that a test need not know where they fall."""
    return " ".join(text.split())


def controls(text: str) -> set[str]:
    return {c for c in text if unicodedata.category(c)[0] == "C"} - {"\n"}


def test_the_format_that_is_declared_is_plain_text() -> None:
    (renderer,) = register_renderers()
    assert isinstance(renderer, Renderer)
    assert (renderer.name, renderer.suffix) == ("terminal", ".txt")
    assert controls(renderer.render(sample_report())) == set()


def test_the_verdict_comes_first_and_then_the_worst() -> None:
    lines = render(sample_report()).splitlines()
    assert lines[0] == "image-study: 2 errors, 3 warnings, 1 note"
    starts = [line.split("  ")[0] for line in lines if line.split("  ")[0] in set(Severity)]
    assert starts == ["error", "error", "warning", "note"]


def test_every_entry_has_its_title_and_every_finding_is_named() -> None:
    report = sample_report()
    shown = words(render(report))
    for entry in entries(report):
        assert entry.finding.advice.title.text in shown
    for finding in report.findings:
        advice = finding.advice
        grouped = finding.rule == "lr-too-low"
        assert grouped or advice.title.text in shown or advice.observed.text in shown


@pytest.mark.parametrize(
    "said",
    [
        "- optimizer.lr: 1e-3",
        "+ optimizer.lr: 3e-4",
        "[▄██████] train/loss",
        "runs sweep/batch-128, sweep/batch-32, sweep/batch-64",
        "Very likely, 96%, not measured · advisor explain diverged",
        "old/events.out.tfevents.17: the file is empty",
        "ZeroDivisionError: division by zero (mine.py, line 12)",
        "no gradient norm is logged: add log('grad_norm', norm) to each step. (1 check)",
        "Checks: 2 passed, 2 could not be judged, 1 not applicable; 1 accepted",
    ],
)
def test_what_a_person_acts_on_is_on_the_screen(said: str) -> None:
    assert said in words(render(sample_report()))


def test_what_follows_in_several_runs_alike_is_said_once() -> None:
    assert render(twice_the_same_consequence()) == render(sample_report())


def test_the_next_experiment_is_on_the_screen() -> None:
    shown = words(render(sample_report()))
    said = "Next experiment A lower rate. - optimizer.lr: 1e-3 + optimizer.lr: 3e-4"
    assert f"{said} Check: The loss falls." in shown


def test_a_quiet_report_is_calm() -> None:
    shown = render(quiet_report())
    assert shown.startswith("seeds: no findings\nNo problem found in 3 runs")
    assert "Checks: 10 passed, 2 could not be judged." in shown


def test_a_report_on_no_run_is_written() -> None:
    shown = render(quiet_report().model_copy(update={"runs": (), "statuses": ()}))
    assert shown.endswith("Checks: none.\n")


def test_more_than_a_screen_is_counted() -> None:
    shown = render(large_report(1_000))
    assert "and 992 more; with -o report.html all 1,000 are written in full." in shown
    assert len(shown.splitlines()) < 65


def test_what_comes_first_is_told_in_full_and_the_rest_in_a_line_or_a_change() -> None:
    report = large_report(8)
    shown = render(report, width=200).split("\n\n")
    parts = [part.splitlines() for part in shown if part.split("  ")[0] in set(Severity)]
    assert len(parts) == len(entries(report))
    assert all(len(part) > 2 for part in parts[:FIRST])
    brief = [line for part in parts[FIRST:] for line in part[1:] if line.strip()[0] not in "+-"]
    assert len(brief) == len(parts) - FIRST
    assert all("advisor explain" in line for line in brief)


@pytest.mark.parametrize(("count", "said"), [(3, ""), (4, "all 4 "), (8, "all 8 "), (9, "and 1")])
def test_how_to_get_all_in_full_is_said_where_it_is_not_on_the_screen(
    count: int, said: str
) -> None:
    shown = render(large_report(count))
    assert ("-o report.html" in shown) is bool(said)
    assert said in shown


@pytest.mark.parametrize(("count", "listed"), [(FEW_RUNS, True), (FEW_RUNS + 1, False)])
def test_runs_have_a_line_each_only_while_they_are_few(count: int, listed: bool) -> None:
    assert ("\nRuns\n" in render(large_report(count))) is listed


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 200])
@pytest.mark.parametrize("make", [sample_report, quiet_report, hostile_report])
def test_no_line_is_wider_than_the_terminal(make: Callable[[], Report], width: int) -> None:
    widest = max(cell_len(line) for line in render(make(), width).splitlines())
    assert widest <= width


def test_wide_characters_are_counted_as_two_columns() -> None:
    lines = render(_named("学習率の実験" * 6), 40).splitlines()
    assert max(map(cell_len, lines)) <= 40
    assert "学習率" in "".join(lines)


@pytest.mark.parametrize("width", [40, 100])
def test_a_hostile_report_controls_no_terminal(width: int) -> None:
    assert controls(render(hostile_report(), width)) == set()


def test_a_hostile_report_can_be_printed_in_utf_8() -> None:
    assert render(hostile_report()).encode("utf-8")


def test_markup_and_emoji_codes_in_names_are_text() -> None:
    assert "[red]x[/red] :smile:" in render(_named("[red]x[/red] :smile:"))


@settings(deadline=None, max_examples=50)
@given(NAMES, st.integers(20, 120), st.booleans())
@example("\x1b]0;title\x07", 80, True)
@example("\x9b31m", 80, True)
def test_whatever_a_name_holds_only_styles_reach_the_terminal(
    name: str, width: int, color: bool
) -> None:
    shown = TerminalRenderer(width, color=color).render(_named(name))
    assert controls(SGR.sub("", shown) if color else shown) == set()


def test_colour_changes_nothing_but_the_styles() -> None:
    colored = TerminalRenderer(80, color=True).render(sample_report())
    assert SGR.search(colored)
    bare = "\n".join(line.rstrip() for line in SGR.sub("", colored).split("\n"))
    assert bare == render(sample_report(), 80)


@pytest.mark.parametrize("variable", ["NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"])
@pytest.mark.parametrize("color", [False, True])
def test_the_environment_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, variable: str, color: bool
) -> None:
    renderer = TerminalRenderer(80, color=color)
    before = renderer.render(sample_report())
    monkeypatch.setenv(variable, "1")
    monkeypatch.setenv("TERM", "dumb")
    assert renderer.render(sample_report()) == before


def test_no_line_ends_in_spaces() -> None:
    assert not re.search(r" +$", render(sample_report()), re.MULTILINE)


def _named(name: str) -> Report:
    """Return a report in which a name stands in every place that a log can fill."""
    report = sample_report()
    run = report.runs[0].model_copy(update={"name": name, "state": say(name)})
    finding = report.findings[0]
    advice = finding.advice.model_copy(update={"title": say(name), "observed": say(name)})
    changes = tuple(c.model_copy(update={"path": name, "after": name}) for c in finding.changes)
    named = finding.model_copy(update={"advice": advice, "runs": (name,), "changes": changes})
    diagnosis = report.diagnoses[0].model_copy(update={"runs": (name,)})
    return report.model_copy(
        update={
            "title": name,
            "verdict": Verdict(
                severity=None, message=say(name), errors=1, warnings=0, notes=0, useful=None
            ),
            "runs": (run,),
            "findings": (named, *report.findings[1:]),
            "diagnoses": (diagnosis, *report.diagnoses[1:]),
        }
    )
