"""The page shows both splits, and leaves empty what a look had not measured yet."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.needs("torch", "sklearn")

KIND = "by step, with settings and learning rate"


def _result(sweeps: int) -> dict[str, Any]:
    from benchmarks.diagnosis.score import score
    from benchmarks.diagnosis.sweep_score import sweep_counts, sweep_score

    row = {
        "kind": "equal steps",
        "holds": {"search-log-scale": True},
        "statuses": {"search-log-scale": "failed"},
        "findings": [{"rule": "search-log-scale", "meant": "note", "estimate": 0.7}],
    }
    rows = [{**row, "sweep": f"{i}"} for i in range(sweeps)]
    result = score([_case()], "development") | sweep_counts(rows)
    result["rules"] |= sweep_score(rows)
    both = {"part": 1, "of": 3}
    return result | {"trainings": 1, "also_trained": {"longer": both, "faster": both}}


def _case() -> Any:
    from benchmarks.diagnosis.answers import ANSWERS
    from benchmarks.diagnosis.cases import Case
    from benchmarks.diagnosis.truth import Truth

    said = {"rule": "past-best", "severity": "warning", "meant": "warning", "confidence": 0.7,
            "estimate": 0.7, "evidence": ""}  # fmt: skip
    return Case(
        training="a",
        log="csv-step",
        title="overfitting",
        fault="overfitting",
        truth=Truth("planted", "clear"),
        answer=ANSWERS["overfitting"],
        facts=frozenset(),
        conditions={},
        findings=(said,),
        diagnoses=({"severity": "warning", "rules": ["past-best"], "also": []},),
        errors=(),
        judged=frozenset({"past-best"}),
        rules=frozenset({"past-best"}),
        shows=KIND,
    )


def _look(rates: dict[str, dict[str, Any]]) -> Any:
    from benchmarks.diagnosis.heldout import Look

    return Look(2, 3, "2026-11-21", "abc1234", rates, {"sweeps": 141})


def _line(text: str, begins: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if line.startswith(f"| {begins} |")]
    return [cell.strip() for cell in line.split("|")[1:-1]]


def test_both_splits_stand_beside_each_other_and_what_a_look_lacks_is_left_empty() -> None:
    from benchmarks.diagnosis.page import page

    rates = {"all.recall.clear": {"part": 6, "of": 8},
             f"recall_by_log.{KIND}.clear": {"part": 5, "of": 7}}  # fmt: skip
    text = page(_result(0), _look(rates))
    assert _line(text, "clear faults named in a finding")[1:3] == ["1 of 1", "6 of 8"]
    assert _line(text, "named in a finding")[1:] == ["", "6 of 8", "", "", "1 of 1", ""]
    recorded = "named, on logs with settings and learning rate"
    assert _line(text, recorded)[1:] == ["", "", "", "", "1 of 1", ""]
    assert _line(text, KIND)[1:] == ["", "1 of 1", "", "", "5 of 7", ""]


def test_rules_across_runs_are_shown_by_sweeps_and_not_among_lone_runs() -> None:
    from benchmarks.diagnosis.page import page

    rates = {"rules.search-log-scale.recall.clear": {"part": 6, "of": 6}}
    text = page(_result(4), _look(rates))
    assert _line(text, "`search-log-scale`")[1:] == ["4", "4 of 4", "", "4 of 4", "", "", "6 of 6"]
    assert "4 sweeps" in text
    assert "has 141." in text


def test_without_sweeps_there_is_no_word_of_them() -> None:
    from benchmarks.diagnosis.page import page

    assert "## Sweeps" not in page(_result(0), None)


def test_the_page_says_of_how_many_faults_it_is_known_what_else_would_help() -> None:
    from benchmarks.diagnosis.page import page

    assert "1 of 3 were also trained" in page(_result(0), None)
    rates = {f"also_trained.{kind}": {"part": 2.0, "of": 7} for kind in ("faster", "longer")}
    assert "2 of 7 and 2 of 7)" in page(_result(0), _look(rates))


def test_the_pages_are_those_of_the_committed_figures() -> None:
    from benchmarks.diagnosis.heldout import last_look
    from benchmarks.diagnosis.pages import written
    from benchmarks.diagnosis.publish import RESULTS

    found = written(json.loads(RESULTS.read_text(encoding="utf-8")), last_look())
    stale = [str(file) for file, text in found.items() if file.read_text(encoding="utf-8") != text]
    assert not stale, "write them anew: python -m benchmarks.diagnosis.pages"


def test_the_readme_says_what_the_last_look_came_to() -> None:
    from benchmarks.diagnosis.pages import summary

    rates: dict[str, dict[str, Any]] = {
        "all.precision": {"part": 97.5, "of": 100},
        "all.healthy_alarmed": {"part": 1.0, "of": 300},
        "all.recall.blatant": {"part": 45, "of": 50},
        "all.recall.clear": {"part": 30, "of": 40},
    }
    said = " ".join(summary(_look(rates)).split())
    assert "98% of 100 warnings" in said
    assert "1 of 300 healthy runs" in said
    assert "90% were named" in said
    assert "half 75%;" in said


def test_the_page_says_which_draw_and_which_look_at_it_is_shown() -> None:
    from benchmarks.diagnosis.page import page

    assert "look 3 at draw 2, 2026-11-21, at commit abc1234." in page(_result(0), _look({}))
    assert "Nobody has looked" in page(_result(0), None)


def test_the_page_says_that_nobody_has_looked_at_the_present_draw_until_somebody_has() -> None:
    from benchmarks.diagnosis.heldout import DRAW
    from benchmarks.diagnosis.page import page

    unseen = f"another draw, {DRAW}, at which nobody has looked yet."
    assert unseen in page(_result(0), _look({}))
    assert "nobody has looked yet" not in page(_result(0), _look({})._replace(draw=DRAW))


@pytest.mark.parametrize("studied", [True, False])
def test_the_page_says_that_what_the_last_look_missed_was_studied(
    monkeypatch: pytest.MonkeyPatch, studied: bool
) -> None:
    from benchmarks.diagnosis import page
    from benchmarks.diagnosis.heldout import DRAW

    monkeypatch.setattr(page, "STUDIED", studied)
    shown = page.page(_result(0), _look({})._replace(draw=DRAW))
    assert ("What it missed was studied" in shown) is studied
