"""Looks at logs while a training writes them."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from advisor.engine import Request, analyze
from advisor.errors import UsageError
from advisor.finding import Finding
from advisor.manager import load_plugins
from advisor.report import Report
from advisor.settings import Settings
from advisor.watch import Looker
from tests.support import FALLING, overfitted_run, write_csv_run

OLD = time.time() - 86_400
GOOD = str(Path(__file__).parents[1] / "execution" / "plugins" / "good.py")


def looker(*logs: Path, **settings: Any) -> Looker:
    chosen = Settings(**settings)
    return Looker(Request(logs), chosen, load_plugins(chosen.plugins))


def report(found: Any) -> Report:
    assert found is not None
    shown: Report = found.report
    return shown


def age(*files: Path) -> None:
    for file in files:
        os.utime(file, (OLD, OLD))


def of(found: Report, rule: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.rule == rule]


def notes(found: Report) -> list[str]:
    return [note.id for run in found.runs for note in run.notes]


def test_a_look_at_logs_that_nobody_writes_is_what_run_says(tmp_path: Path) -> None:
    age(overfitted_run(tmp_path / "a"), write_csv_run(tmp_path / "b"))
    whole = analyze(Request((tmp_path,)), Settings(), load_plugins())
    assert report(looker(tmp_path).look()).to_json() == whole.report.to_json()


def test_nothing_is_done_where_nothing_changed(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "a")
    looks = looker(tmp_path)
    assert report(looks.look()).runs
    assert looks.look() is None


def test_each_look_says_what_a_first_look_would(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    looks = looker(logs, cache=False)
    for length in (10, 30, 60):
        for name in "abc"[: length // 20 + 1]:
            overfitted_run(logs / name)
            file = logs / name / "metrics.csv"
            lines = file.read_text().splitlines(keepends=True)
            file.write_text("".join(lines[:length]))
        first = report(looker(logs, cache=False).look())
        assert report(looks.look()).to_json() == first.to_json()


def test_settings_that_were_touched_are_no_log_that_grows(tmp_path: Path) -> None:
    log = write_csv_run(tmp_path / "a")
    age(log)
    (tmp_path / "a/hparams.yaml").write_text("lr: 0.1\n")
    assert notes(report(looker(tmp_path).look())) == []
    age(tmp_path / "a/hparams.yaml")
    log.touch()
    assert notes(report(looker(tmp_path).look())) == ["note.growing"]


def test_what_is_written_at_this_moment_is_no_damage(tmp_path: Path) -> None:
    file = write_csv_run(tmp_path / "a", train__loss=FALLING, val__loss=FALLING)
    with file.open("a") as stream:
        stream.write("6,60,0.4")
    found = report(looker(tmp_path).look())
    assert notes(found) == ["note.growing"]
    assert not of(found, "telemetry-truncated")
    age(file)
    found = report(looker(tmp_path).look())
    assert notes(found) == ["note.truncated"]
    assert of(found, "telemetry-truncated")


def test_a_run_is_judged_anew_once_nobody_writes_it_any_more(tmp_path: Path) -> None:
    file = write_csv_run(tmp_path / "a")
    looks = looker(tmp_path)
    assert not of(report(looks.look()), "no-validation")
    age(file)
    found = report(looks.look())
    assert of(found, "no-validation")
    assert notes(found) == []


def test_a_rule_that_waits_says_so(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "a")
    waiting = [s for s in report(looker(tmp_path).look()).statuses if s.rule == "no-validation"]
    assert [(s.outcome, s.reason and s.reason.id) for s in waiting] == [
        ("not-applicable", "still-growing")
    ]


def test_what_waits_for_no_end_is_found_at_once(tmp_path: Path) -> None:
    overfitted_run(tmp_path / "a")
    assert of(report(looker(tmp_path).look()), "overfitting")


def test_only_a_file_that_is_written_may_end_in_half_a_record(tmp_path: Path) -> None:
    torn = write_csv_run(tmp_path / "torn", train__loss=FALLING, val__loss=FALLING)
    with torn.open("a") as stream:
        stream.write("6,60,0.4")
    age(torn)
    write_csv_run(tmp_path / "live")
    found = report(looker(tmp_path).look())
    by_run = {run.name: [note.id for note in run.notes] for run in found.runs}
    assert by_run == {"live": ["note.growing"], "torn": ["note.truncated"]}


def test_logs_that_are_not_there_are_asked_for_again(tmp_path: Path) -> None:
    looks = looker(tmp_path / "logs")
    for _ in range(2):
        with pytest.raises(UsageError, match="there is no such file or directory"):
            looks.look()
    write_csv_run(tmp_path / "logs" / "a")
    assert len(report(looks.look()).runs) == 1


def test_a_broken_file_costs_only_itself_and_may_be_mended(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "a")
    broken = tmp_path / "b" / "metrics.csv"
    broken.parent.mkdir()
    broken.write_text("")
    looks = looker(tmp_path)
    found = report(looks.look())
    assert ([run.name for run in found.runs], len(found.refused)) == (["a"], 1)
    write_csv_run(tmp_path / "b")
    found = report(looks.look())
    assert ([run.name for run in found.runs], len(found.refused)) == (["a", "b"], 0)


def test_rules_of_others_run_where_they_can_be_ended(tmp_path: Path) -> None:
    file = write_csv_run(tmp_path / "a")
    looks = looker(tmp_path, plugins=(GOOD,))
    assert report(looks.look()).runs
    with file.open("a") as stream:
        stream.write("6,60,0.4\n")
    assert report(looks.look()).runs[0].points == 122
