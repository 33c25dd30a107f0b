"""Which findings wake somebody, and what their command is given."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from advisor.comparison import compare
from advisor.finding import Finding, Severity
from advisor.report import Report
from advisor.watch import Alarms, run_command
from tests.sample_report import quiet_report
from tests.support import make_finding

BAD = make_finding("diverged", "a", severity=Severity.ERROR)
MILD = make_finding("overfitting", "a")


def with_findings(*findings: Finding) -> Report:
    return quiet_report().model_copy(update={"findings": findings})


def heard(alarms: Alarms, *looks: tuple[Finding, ...] | None) -> list[list[str]]:
    """Return the rules that each look woke somebody for; ``None`` is a look without a run."""
    reports = (None if found is None else with_findings(*found) for found in looks)
    return [[finding.rule for finding in alarms.heard(report)] for report in reports]


def test_a_finding_wakes_once_and_again_when_it_came_back() -> None:
    alarms = Alarms(Severity.ERROR)
    looks = heard(alarms, (), (BAD,), (BAD,), (), (BAD,))
    assert looks == [[], ["diverged"], [], [], ["diverged"]]
    assert alarms.holds


def test_what_is_milder_than_asked_for_wakes_nobody() -> None:
    alarms = Alarms(Severity.ERROR)
    assert heard(alarms, (), (MILD,)) == [[], []]
    assert not alarms.holds


def test_what_stood_before_anybody_watched_wakes_nobody_but_holds() -> None:
    alarms = Alarms(Severity.WARNING)
    assert heard(alarms, (BAD,), (BAD, MILD)) == [[], ["overfitting"]]
    assert alarms.holds


def test_what_stood_before_holds_not_where_only_new_ones_count() -> None:
    alarms = Alarms(Severity.WARNING, only_new=True)
    heard(alarms, (BAD,), (BAD,))
    assert not alarms.holds
    heard(alarms, (), (BAD,))
    assert alarms.holds


def test_all_is_new_where_there_was_no_run_at_first() -> None:
    alarms = Alarms(Severity.ERROR, only_new=True)
    assert heard(alarms, None, (BAD,)) == [[], ["diverged"]]
    assert alarms.holds


def test_a_finding_counts_after_so_many_looks_in_a_row() -> None:
    alarms = Alarms(Severity.ERROR, 3)
    assert heard(alarms, (), (BAD,), (BAD,), (), (BAD,), (BAD,)) == [[]] * 6
    assert not alarms.holds
    assert heard(alarms, (BAD,), (BAD,)) == [["diverged"], []]
    assert alarms.holds


TELL = "import os, sys; open(sys.argv[1], 'w').write(repr(({}, sys.stdin.read())))"
NAMED = "{name: os.environ['ADVISOR_' + name] for name in ('RULE', 'RUN', 'SEVERITY')}"


@pytest.mark.parametrize("run", ["a", "$(touch pwned)", "; touch pwned;", "\x1b[2J\nb\udc80\0"])
def test_a_command_is_given_the_finding_and_no_shell(
    run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    finding = make_finding("diverged", run, severity=Severity.ERROR)
    command = (sys.executable, "-c", TELL.format(NAMED), "$(touch pwned); said")
    assert run_command(command, finding) == ""
    [file] = tmp_path.iterdir()
    named, said = eval(file.read_text())  # noqa: S307  # written by the line above
    assert named["RULE"], named["SEVERITY"] == ("diverged", "error")
    assert named["RUN"].isprintable()
    assert json.loads(said)["rule"] == "diverged"
    assert said.isascii()


def test_a_command_that_fails_hangs_or_is_gone_costs_only_itself() -> None:
    assert run_command((sys.executable, "-c", "raise SystemExit(3)"), BAD) == (
        "ended with exit code 3"
    )
    slow = (sys.executable, "-c", "import time; time.sleep(60)")
    assert "did not end" in run_command(slow, BAD, seconds=0.5)
    assert "could not be started" in run_command(("/no/such/program",), BAD)


def test_a_command_that_reads_nothing_is_no_failure() -> None:
    assert run_command((sys.executable, "-c", "pass"), BAD) == ""


def test_with_a_baseline_what_it_lacks_wakes_somebody_at_the_first_look() -> None:
    report = with_findings(BAD, MILD)
    earlier = with_findings(BAD)
    alarms = Alarms(Severity.WARNING, only_new=True)
    assert [finding.rule for finding in alarms.heard(compare(report, earlier))] == ["overfitting"]
    assert alarms.holds
    assert Alarms(Severity.WARNING, only_new=True).heard(compare(earlier, earlier)) == ()
