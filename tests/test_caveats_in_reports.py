"""What a log lacks is said beside the findings that rest on it, and nowhere loudly else."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.composing.compose import Composer
from advisor.finding import Severity
from advisor.manager import load_plugins
from advisor.notes import Note, NoteKind, note
from advisor.presentation import beneath, caveats, entries, pressing
from advisor.report import Report
from advisor.rule import Rule, Stage
from advisor.run import Run
from advisor.settings import Settings
from advisor.testing.runs import make_run
from advisor_html import register_renderers as html
from advisor_markdown import register_renderers as markdown
from advisor_rules import RULES
from advisor_rules.examples import falling, noise, with_values
from advisor_rules.learning_rate.diverged import Diverged
from advisor_terminal import register_renderers as terminal
from tests.support import references_are_whole, result_of

PLACES = (120, 200, 290)
LOSS = falling(400, seed=1)
SAMPLED = note(NoteKind.SAMPLED, why="an export of 400 rows")
CONFIG = {"lr": 0.1}
ASKED = (Stage.TELEMETRY, Stage.NON_FINITE, Stage.GRADIENTS)
"""Stages that have nothing to say of a run that is merely not perfect; beside them a rule is asked
that compares values of the losses, since a run of which none does is not judged."""


def report_on(*runs: Run) -> Report:
    rules: list[Rule] = [rule() for rule in RULES if rule.stage in ASKED or rule is Diverged]
    results = [result_of(run, *rules) for run in runs]
    composer = Composer(Settings(), load_plugins(), tuple(rules))
    return composer.compose("logs", results, (), (), (), ())


def bursting(*notes: Note) -> Run:
    norm = with_values(np.exp(noise(400, 0.3, 2)), 60.0, *PLACES)
    loss = with_values(LOSS, 2.0, *PLACES)
    return make_run(train_loss=loss, grad_norm=norm, lr=LOSS, config=CONFIG, notes=notes)


def healthy(name: str, *notes: Note) -> Run:
    losses = {
        "train/loss": falling(400, seed=3, rate=9),
        "val/loss": falling(400, seed=4, rate=9, floor=0.5),
        "val/accuracy": 1 - falling(400, seed=5, rate=9, start=0.9, floor=0.1, size=0.005),
    }
    return make_run(name=name, series=losses, notes=notes)


def test_a_burst_in_a_sampled_history_is_less_certain_and_says_why() -> None:
    sure = report_on(bursting())
    doubtful = report_on(bursting(SAMPLED))
    (before,) = [f for f in sure.findings if f.rule == "exploding-gradients"]
    (after,) = [f for f in doubtful.findings if f.rule == "exploding-gradients"]
    (caveat,) = [f for f in doubtful.findings if f.rule == "telemetry-sampled"]
    assert before.caveats == ()
    assert after.caveats == (caveat.id,)
    assert after.confidence == pytest.approx(0.8 * before.confidence, abs=0.01)
    assert references_are_whole(doubtful)


@pytest.mark.parametrize("renderers", [html, markdown, terminal])
def test_every_report_shows_the_caveat_beside_the_evidence(renderers: object) -> None:
    assert callable(renderers)
    said = renderers()[0].render(report_on(bursting(SAMPLED)))
    assert "Less sure" in said
    assert "Less sure" not in renderers()[0].render(report_on(bursting()))


def test_a_caveat_is_shown_once_and_not_as_a_consequence() -> None:
    report = report_on(bursting(SAMPLED))
    entry = next(e for e in entries(report) if e.rule.name == "exploding-gradients")
    assert [f.rule for f in caveats(report, entry)] == ["telemetry-sampled"]
    said = {f.rule for part in beneath(report, entry) for f in part.findings}
    assert "telemetry-sampled" not in said


def test_a_healthy_run_whose_log_lacks_something_has_no_problem() -> None:
    report = report_on(healthy("a", SAMPLED), healthy("b"))
    told = {diagnosis.hypotheses[0].rule for diagnosis in report.diagnoses if not diagnosis.aside}
    assert not told
    assert report.verdict.message.id == "verdict.fine"
    assert report.verdict.severity is None
    assert [run.severity for run in report.runs] == [None, None]
    assert {run.state.id for run in report.runs} == {"state.fine"}


def test_asides_of_many_runs_are_one_entry_that_nobody_is_told_to_do_first() -> None:
    report = report_on(*(healthy(name) for name in "abc"))
    (entry,) = entries(report)
    assert entry.runs == ("a", "b", "c")
    assert pressing([entry]) == ()
    (part,) = beneath(report, entry)
    assert [f.rule for f in part.findings] == ["telemetry-no-learning-rate"]
    assert part.heading == "More about the log"


@pytest.mark.parametrize("renderers", [html, markdown, terminal])
def test_every_report_renders_asides_alone(renderers: object) -> None:
    assert callable(renderers)
    said = renderers()[0].render(report_on(healthy("a")))
    assert "The log shows no problem" in said
    assert "first" not in said.partition("</style>")[2].partition("<script")[0].lower()


def test_asides_come_after_all_else() -> None:
    report = report_on(healthy("a"), bursting())
    asides = [diagnosis.aside for diagnosis in report.diagnoses]
    assert asides == sorted(asides)
    assert asides[-1]


def test_a_caveat_is_a_note_like_any_other_to_who_counts_findings() -> None:
    caveat = next(f for f in report_on(healthy("a")).findings)
    assert caveat.severity is Severity.NOTE
