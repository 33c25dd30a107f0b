"""The command, while another process writes the logs."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from advisor.cli import main
from advisor.report import Report
from tests.support import HANG, PLUGINS, ROOT, overfitted_run, write_csv_run

Capture = pytest.CaptureFixture[str]

CSV = """
import math, sys, time
from pathlib import Path
folder, rows, bad, pause = Path(sys.argv[1]), *map(float, sys.argv[2:])
folder.mkdir(parents=True)
with (folder / "metrics.csv").open("w") as log:
    log.write("epoch,step,train/loss,val/loss\\n")
    for step in range(int(rows)):
        loss = 2 * math.exp(-step / 60) + 0.1 if step < bad else math.nan
        log.write(f"{step // 10},{step},{loss},{2 * math.exp(-step / 60) + 0.2}\\n")
        log.flush()
        time.sleep(pause)
"""
EVENTS = """
import math, sys, time
from torch.utils.tensorboard import SummaryWriter
with SummaryWriter(sys.argv[1], flush_secs=1) as log:
    for step in range(300):
        loss = 2 * math.exp(-step / 60) + 0.1 if step < 150 else math.nan
        log.add_scalar("train/loss", loss, step)
        log.add_scalar("val/loss", 2 * math.exp(-step / 60) + 0.2, step)
        log.flush()
        time.sleep(0.02)
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where there are no settings of ours."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def writing() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start trainings that write logs; they are gone after the test."""
    started = []

    def start(code: str, *arguments: object) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)])
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


class Watching:
    """``advisor watch`` in a process of its own, and what it says."""

    def __init__(self, *arguments: str | Path) -> None:
        paths = os.pathsep.join(str(ROOT / part) for part in ("", "plugins", "reports"))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "advisor", "watch", *map(str, arguments), "--every", "0.3"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"},
        )
        self.out: list[str] = []
        self.err: list[str] = []
        self._threads = [
            threading.Thread(target=lambda: self.out.extend(self.process.stdout or ())),
            threading.Thread(target=lambda: self.err.extend(self.process.stderr or ())),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _value: object, _trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.ended()

    def ended(self) -> int:
        """Wait until it ends, and return its exit code."""
        code = self.process.wait(HANG)
        for thread in self._threads:
            thread.join(HANG)
        for stream in (self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        return code

    def until(self, said: Callable[[list[str]], bool]) -> None:
        """Wait until its lines are as they should be."""
        end = time.monotonic() + HANG
        while not said([*self.out, *self.err]):
            assert time.monotonic() < end, (self.out, self.err)
            assert self.process.poll() is None, (self.out, self.err)
            time.sleep(0.05)

    def news(self) -> list[str]:
        """Return in a word what each line says that changed."""
        return [line.split("  ")[1].strip() for line in self.out if line[:2].isdigit()]


def _anywhere(text: str) -> Callable[[list[str]], bool]:
    return lambda lines: any(text in line for line in lines)


def test_a_run_that_is_lost_ends_the_watch_before_the_run_ends(
    writing: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    with Watching(tmp_path / "logs", "--fail-on", "error") as watch:
        watch.until(_anywhere("waiting"))
        training = writing(CSV, tmp_path / "logs" / "a", 3000, 100, 0.03)
        assert watch.ended() == 1
        assert training.poll() is None
    assert watch.news()[-1] == "error"
    assert "loss-not-finite" in watch.out[-1]


@pytest.mark.needs("torch", "tensorboard")
def test_a_summary_writer_is_followed_record_by_record(
    writing: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    writing(EVENTS, tmp_path / "logs" / "a")
    with Watching(tmp_path / "logs", "--until-idle", "4", "-o", "report.json") as watch:
        assert watch.ended() == 1
    report = Report.from_json(Path("report.json").read_bytes())
    [run] = report.runs
    assert run.last_step == 299
    assert [note.id for note in run.notes] == ["note.growing"]
    assert {f.rule for f in report.findings if f.severity == "error"} == {"loss-not-finite"}
    assert not [f for f in report.findings if f.rule in ("telemetry-truncated", "damaged")]


def test_nothing_is_said_where_nothing_changed(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    with Watching(tmp_path / "logs", "--until-idle", "1.5") as watch:
        assert watch.ended() == 0
    assert watch.news() == []
    assert watch.err == []
    assert "logs: " in watch.out[0]


def test_a_new_run_and_its_finding_are_said_and_the_report_is_written_anew(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    arguments = (tmp_path / "logs", "--format", "json,markdown", "-o", "out/")
    with Watching(*arguments, "--fail-on", "new-warning") as watch:
        watch.until(lambda _: Path("out/advisor-report.json").exists())
        overfitted_run(tmp_path / "logs" / "b")
        assert watch.ended() == 1
    assert sorted(watch.news()) == ["new run", "warning"]
    report = Report.from_json(Path("out/advisor-report.json").read_bytes())
    assert [run.name for run in report.runs] == ["a", "b"]
    assert "`b`" in Path("out/advisor-report.md").read_text()


def test_ctrl_c_ends_it_with_a_word(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    with Watching(tmp_path / "logs") as watch:
        watch.until(_anywhere("Checks:"))
        watch.process.send_signal(signal.SIGINT)
        assert watch.ended() == 130
    assert watch.err == ["advisor: stopped watching\n"]


def test_a_command_is_run_for_each_new_finding_and_no_shell_sees_a_name(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    code = "import json, sys; json.dump(json.load(sys.stdin)['runs'], open('told', 'w'))"
    command = f'{sys.executable} -c "{code}" $(touch pwned)'
    with Watching(tmp_path / "logs", "--exec", command) as watch:
        watch.until(_anywhere("Checks:"))
        overfitted_run(tmp_path / "logs" / "$(touch pwned); `touch pwned`")
        watch.until(lambda _: Path("told").exists() and bool(Path("told").read_text()))
    assert json.loads(Path("told").read_text()) == ["$(touch pwned); `touch pwned`"]
    assert not Path("pwned").exists()


def test_the_page_is_served_while_it_watches(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    with Watching(tmp_path / "logs", "--serve", "0") as watch:
        watch.until(_anywhere("Checks:"))
        url = watch.err[0].split()[-1]
        _, _, host, token, _ = url.split("/")
        connection = http.client.HTTPConnection(host, timeout=HANG)
        connection.request("GET", f"/{token}/report")
        assert b"<h1" in connection.getresponse().read()
        connection.close()
    assert host.startswith("127.0.0.1:")
    assert "WARNING" not in watch.err[0]


def test_to_be_reached_from_other_machines_is_said_loudly(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    with Watching(tmp_path / "logs", "--serve", "[::]:0", "--once") as watch:
        assert watch.ended() in (0, 2)  # some machines have no IPv6
    assert "WARNING: other machines can read" in watch.err[0] or "cannot listen" in watch.err[0]


def test_one_look_exits_as_run_does(tmp_path: Path) -> None:
    overfitted_run(tmp_path / "bad" / "a")
    write_csv_run(tmp_path / "fine" / "a")
    for level in ("error", "warning", "note"):
        for logs in ("bad", "fine"):
            given = [str(tmp_path / logs), "--select", "overfitting", "--fail-on", level]
            assert main(["watch", *given, "--once"]) == main(["run", *given])


def test_what_stood_before_ends_no_watch_for_new_findings(tmp_path: Path) -> None:
    overfitted_run(tmp_path / "logs" / "a")
    given = [str(tmp_path / "logs"), "--once", "--fail-on"]
    assert main(["watch", *given, "warning"]) == 1
    assert main(["watch", *given, "new-warning"]) == 0


def test_one_look_at_nothing_is_a_usage_error(tmp_path: Path, capsys: Capture) -> None:
    assert main(["watch", str(tmp_path / "none"), "--once"]) == 2
    (tmp_path / "empty").mkdir()
    assert main(["watch", str(tmp_path / "empty"), "--once"]) == 2
    assert "no training log was recognized" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--exec", "no-such-program-here"], "there is no such program"),
        (["--exec", "'"], "o closing quotation"),
        (["--exec", ""], "there is no such program"),
        (["--serve", "here"], "--serve here"),
        (["--format", "json"], "give reports -o PATH"),
        (["--format", "json", "-o", "-"], "give reports -o PATH"),
        (["--select", "no-such-rule"], "no-such-rule"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(
    arguments: list[str], said: str, tmp_path: Path, capsys: Capture
) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    assert main(["watch", str(tmp_path / "logs"), *arguments]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--every", "0"], ["--every", "x"], ["--confirm", "0"]])
def test_numbers_that_make_no_sense_are_refused(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["watch", ".", *wrong])
    assert ended.value.code == 2


def test_an_objective_that_is_not_logged_yet_is_waited_for(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    with Watching(tmp_path / "logs", "--objective", "val/loss", "--until-idle", "3") as watch:
        watch.until(_anywhere("no run has it"))
        overfitted_run(tmp_path / "logs" / "b")
        assert watch.ended() == 0
    assert len(watch.err) == 1
    assert "2 runs" in " ".join(watch.out)


def test_a_rule_that_fails_and_a_broken_file_are_said_once(tmp_path: Path) -> None:
    for name in "ab":
        write_csv_run(tmp_path / "logs" / name)
    (tmp_path / "logs" / "metrics.csv").write_text("")
    plugin = str(PLUGINS / "good.py")
    with Watching(tmp_path / "logs", "--plugin", plugin, "--until-idle", "3") as watch:
        watch.until(_anywhere("Checks:"))
        write_csv_run(tmp_path / "logs" / "c")
        assert watch.ended() == 0
    assert sum("the file is empty" in line for line in watch.err) == 1
    assert any("rule test/counts-runs" in line for line in watch.err)
    assert "new run" in watch.news()


def test_each_look_is_held_against_the_baseline(tmp_path: Path, capsys: Capture) -> None:
    for study in ("then", "now"):
        overfitted_run(tmp_path / study / "a")
    given = [str(tmp_path / "now"), "--once", "--baseline", str(tmp_path / "then")]
    assert main(["watch", *given, "--fail-on", "new-warning"]) == 0
    assert "0 new findings" in capsys.readouterr().out
    overfitted_run(tmp_path / "now" / "b")
    assert main(["watch", *given, "--fail-on", "new-warning"]) == 1


def test_changes_name_the_line_of_the_settings_file(tmp_path: Path) -> None:
    logs = ROOT / "examples" / "recorded" / "digits-mlp-diverged"
    (tmp_path / "train.yaml").write_text("learning_rate: 0.6\n", encoding="utf-8")
    given = ["--config-file", "train.yaml", "-o", "report.json", "--format", "json"]
    main(["watch", str(logs), "--once", *given])
    report = Report.from_json((tmp_path / "report.json").read_bytes())
    places = {c.place.text for f in report.findings for c in f.changes if c.place}
    assert places == {"train.yaml:1"}
