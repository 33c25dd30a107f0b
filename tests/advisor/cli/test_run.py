from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.report import Report
from tests.support import PLUGINS, ROOT, overfitted_run, run_python, write_csv_run

GOOD = str(PLUGINS / "good.py")
FORMATS = ("terminal", "html", "markdown", "json")

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where there are no settings of ours."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """Logs in which something is wrong."""
    for name in ("a", "b", "c"):
        overfitted_run(tmp_path / "logs" / name)
    return tmp_path / "logs"


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Logs in which nothing is wrong, though something could be logged as well."""
    write_csv_run(tmp_path / "plain" / "a")
    return tmp_path / "plain"


def _report(*arguments: str | Path) -> Report:
    main(["run", *map(str, arguments), "--format", "json", "-o", "report.json"])
    return Report.from_json(Path("report.json").read_bytes())


@pytest.mark.parametrize(
    ("severity", "level", "code"),
    [
        ("error", None, 1),
        ("error", "warning", 1),
        ("error", "never", 0),
        ("warning", None, 0),
        ("warning", "error", 0),
        ("warning", "warning", 1),
        ("warning", "note", 1),
        ("note", "warning", 0),
        ("note", "note", 1),
    ],
)
def test_the_exit_code_follows_the_worst_finding_and_fail_on(
    bad: Path, severity: str, level: str | None, code: int
) -> None:
    Path("advisor.toml").write_text(
        f'select = ["overfitting"]\n[rules.overfitting]\nseverity = "{severity}"\n'
    )
    assert main(["run", str(bad), *(["--fail-on", level] if level else [])]) == code


def test_fail_on_may_stand_in_the_settings_and_the_command_line_goes_before(bad: Path) -> None:
    Path("advisor.toml").write_text('select = ["overfitting"]\nfail-on = "never"\n')
    assert main(["run", str(bad)]) == 0
    assert main(["run", str(bad), "--fail-on", "note"]) == 1


def test_nothing_wrong_exits_with_zero_at_any_level_but_note(plain: Path) -> None:
    assert main(["run", str(plain), "--fail-on", "warning"]) == 0


def test_a_broken_file_beside_a_good_one_changes_the_exit_code_only_under_strict(
    plain: Path, capsys: Capture
) -> None:
    (plain / "metrics.csv").write_text("")
    assert main(["run", str(plain), "--fail-on", "never"]) == 0
    assert "advisor: metrics.csv: the file is empty; " in capsys.readouterr().err
    assert main(["run", str(plain), "--fail-on", "never", "--strict"]) == 2


def test_a_rule_that_fails_is_named_on_stderr_and_in_the_verdict(
    plain: Path, capsys: Capture
) -> None:
    write_csv_run(plain / "b")
    main(["run", str(plain), "--plugin", str(PLUGINS / "good.py"), "--jobs", "1"])
    out, err = capsys.readouterr()
    assert "advisor: rule test/counts-runs: The rule failed: " in err
    assert "test/counts-runs failed." in " ".join(out.split("error ")[0].split())


def test_a_fault_of_our_own_exits_with_three(
    plain: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AssertionError("ours")

    monkeypatch.setattr("advisor.cli.run.analyze", broken)
    assert main(["run", str(plain)]) == 3
    assert "this is a fault of advisor itself" in capsys.readouterr().err


def _truncated(logs: Path) -> None:
    source = next((ROOT / "examples" / "recorded" / "diabetes-linear-nan").iterdir())
    (logs / source.name).write_bytes(source.read_bytes()[:7])


def _unreadable(logs: Path) -> None:
    (logs / "out").symlink_to("/")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_truncated, "events.out.tfevents."),
        (lambda logs: (logs / "metrics.csv").write_text(""), "metrics.csv: the file is empty; "),
        (lambda logs: (logs / "metrics.csv").write_bytes(bytes(range(256)) * 9), "metrics.csv: "),
        (lambda logs: (logs / "events.out.tfevents.1").write_bytes(b""), "events.out.tfevents.1: "),
        (lambda logs: (logs / "events.out.tfevents.1").write_bytes(b"x" * 99), "events.out.tfeve"),
        (lambda logs: (logs / "readme.txt").write_text("hello"), "no training log was recognized"),
        (lambda _logs: None, "no training log was recognized"),
        (_unreadable, "out: a link that leads out of the tree; name its target as LOGS"),
        (lambda logs: (logs / "x").symlink_to("x"), "x: a link that leads nowhere; mend the link"),
    ],
    ids=["truncated", "empty", "junk", "empty event file", "junk event file", "none", "nothing",
         "link out", "link loop"],
)  # fmt: skip
def test_where_no_run_can_be_read_the_place_and_the_cure_are_said(
    tmp_path: Path, capsys: Capture, make: Callable[[Path], object], said: str
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    make(logs)
    assert main(["run", str(logs)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert all(line.startswith("advisor: ") and "; " in line for line in lines)
    assert any(line.startswith(f"advisor: {said}") or said in line for line in lines)
    assert lines[-1].startswith("advisor: logs: no ")


@pytest.mark.parametrize("name", ["missing", "loop"])
def test_where_there_is_nothing_the_path_is_said(
    tmp_path: Path, capsys: Capture, name: str
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert main(["run", name]) == 2
    assert capsys.readouterr().err.startswith(f"advisor: {name}: ")


_AS_NOBODY = """
import os, sys
from advisor.cli import main
main(["run", "open"])  # Python itself may lie where only its user can read
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
sys.exit(main(["run", "closed"]))
"""


def test_a_directory_that_may_not_be_entered_is_said_with_a_cure(public: Path) -> None:
    write_csv_run(public / "open")
    (public / "closed").mkdir(mode=0)
    done = run_python("-c", _AS_NOBODY, cwd=public)
    (public / "closed").chmod(0o755)
    assert done.returncode == 2
    assert "cannot be listed (permission denied); make it readable, then run again" in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--runs", "nothing*"], "no run's name matches --runs"),
        (["--newer-than", "2999-01-01"], "choose another --newer-than"),
        (["--newer-than", "soon"], "neither a date such as 2026-11-20 nor a span such as 12h"),
        (["--newer-than", "0001-01-01T00:00:00"], ""),
        (["--select", "overfiting"], "did you mean 'overfitting'?"),
        (["--format", "htm"], "did you mean 'html'?"),
        (["--format", "html,json"], "several formats need a directory"),
        (["--plugin", "missing.py"], "--plugin missing.py: there is no such file"),
        (["--config", "missing.toml"], "missing.toml: cannot be read"),
        (["-o", "/dev/null/x.html"], "cannot be written: "),
    ],
)
def test_what_cannot_be_done_exits_with_two_and_says_why(
    bad: Path, capsys: Capture, options: Sequence[str], said: str
) -> None:
    code = main(["run", str(bad), *options])
    assert code == 2 or not said
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("options", [["--jobs", "0"], ["--last", "x"], ["--fail-on", "fatal"]])
def test_what_the_parser_refuses_exits_with_two(bad: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["run", str(bad), *options])
    assert exit_.value.code == 2


def test_without_logs_the_usual_places_are_looked_in_and_named(
    tmp_path: Path, capsys: Capture
) -> None:
    assert main(["run"]) == 2
    assert "none of runs, lightning_logs, wandb, mlruns is here" in capsys.readouterr().err
    for name in ("runs", "lightning_logs"):
        write_csv_run(tmp_path / name / "x")
    assert main(["run", "--fail-on", "never"]) == 0
    assert "advisor: looking in runs/, lightning_logs/\n" in capsys.readouterr().err


def test_the_settings_and_the_command_line_choose_the_rules(bad: Path) -> None:
    Path("advisor.toml").write_text('select = ["fit"]\n')
    assert {rule.stage for rule in _report(bad).rules} == {"fit"}
    assert {rule.stage for rule in _report(bad, "--select", "epochs").rules} == {"epochs"}
    names = {rule.name for rule in _report(bad, "--ignore", "overfitting").rules}
    assert names
    assert "overfitting" not in names


def test_settings_below_logs_are_not_used_and_that_is_said(
    bad: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bad / "advisor.toml").write_text('plugins = ["evil.py"]\n')
    (bad / "evil.py").write_text("open('evil-was-here', 'w').close()\n")
    monkeypatch.chdir(bad)
    assert main(["run", "."]) in (0, 1)
    assert "lies below LOGS and is not used; --config " in capsys.readouterr().err
    assert not (bad / "evil-was-here").exists()


def test_a_plugin_that_breaks_is_named_and_changes_nothing_else(bad: Path, capsys: Capture) -> None:
    Path("broken.py").write_text("1 / 0\n")
    report = _report(bad, "--plugin", "broken.py")
    said = "advisor: plugin broken.py could not be imported: ZeroDivisionError"
    assert capsys.readouterr().err.count(said) == 1
    assert len(report.runs) == 3
    assert [problem.where for problem in report.problems] == ["plugin broken.py"]


def test_what_a_rule_prints_does_not_get_into_the_report(bad: Path, tmp_path: Path) -> None:
    for jobs in ("1", "2"):
        done = run_python(
            "-m", "advisor", "run", str(bad), "--plugin", GOOD, "--format", "json", "--jobs", jobs,
            cwd=tmp_path,
        )  # fmt: skip
        Report.from_json(done.stdout)
        assert done.stderr.count("printed by a rule") == 3


def test_a_file_gets_the_report_and_the_terminal_the_short_form_and_the_path(
    bad: Path, capsys: Capture
) -> None:
    assert main(["run", str(bad), "-o", "out/page.html", "--fail-on", "never"]) == 0
    out = capsys.readouterr().out
    assert Path("out/page.html").read_text().lower().startswith("<!doctype html>")
    assert "<" not in out
    assert out.endswith("html report: out/page.html\n")


def test_a_directory_takes_one_file_a_format(bad: Path) -> None:
    main(["run", str(bad), "--format", ",".join(FORMATS), "-o", "out"])
    suffixes = sorted(file.suffix for file in Path("out").iterdir())
    assert suffixes == [".html", ".json", ".md", ".txt"]


@pytest.mark.parametrize("format_", FORMATS)
def test_rendering_a_saved_report_gives_what_the_run_itself_gives(
    bad: Path, capsys: Capture, format_: str
) -> None:
    main(["run", str(bad), "--format", format_])
    direct = capsys.readouterr().out
    _report(bad)
    capsys.readouterr()
    assert main(["render", "report.json", "--format", format_]) == 0
    assert capsys.readouterr().out == direct


def test_the_report_is_the_same_bytes_however_and_wherever_it_was_made(
    bad: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    made = {
        run_python(
            "-m", "advisor", "run", logs, "--plugin", GOOD, "--format", "json", "--jobs", jobs,
            cwd=cwd, env={"PYTHONHASHSEED": seed},
        ).stdout
        for jobs, seed, cwd, logs in (
            ("1", "0", tmp_path, str(bad)),
            ("2", "1", tmp_path, "logs"),
            ("4", "2", elsewhere, "../logs"),
        )
    }  # fmt: skip
    assert len(made) == 1
    assert len(Report.from_json(made.pop()).runs) == 3


def test_the_times_go_to_a_file_of_their_own(bad: Path) -> None:
    main(["run", str(bad), "--profile", "times.json"])
    seconds = json.loads(Path("times.json").read_text())["seconds"]
    assert set(seconds) == {"plugins", "analysis", "reports"}
    assert all(value >= 0 for value in seconds.values())


def test_a_reader_who_has_seen_enough_is_no_fault(bad: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "advisor", "run", str(bad), "--format", "html"]
    paths = os.pathsep.join(str(ROOT / part) for part in ("", "plugins", "reports"))
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("options", [[], ["--format", "html", "-o", "-"]])
def test_a_full_disk_behind_standard_output_is_no_fault_of_advisor(
    bad: Path, options: list[str]
) -> None:
    paths = os.pathsep.join(str(ROOT / part) for part in ("", "plugins", "reports"))
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "advisor", "run", str(bad), *options], stdout=full,
            stderr=subprocess.PIPE, text=True, check=False, timeout=60,
            env={**os.environ, "PYTHONPATH": paths},
        )  # fmt: skip
    assert done.returncode == 2
    said = "advisor: standard output: cannot be written: No space left on device\n"
    assert done.stderr == said


def test_ctrl_c_ends_the_command_and_its_workers_without_a_word(bad: Path) -> None:
    paths = os.pathsep.join(str(ROOT / part) for part in ("", "plugins", "reports"))
    loops = str(PLUGINS / "nasty.py")
    write_csv_run(bad / "loops")
    with subprocess.Popen(
        [sys.executable, "-m", "advisor", "run", str(bad), "--plugin", loops, "--jobs", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(5)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_a_name_that_the_terminal_cannot_write_does_not_end_the_command(
    tmp_path: Path,
) -> None:
    write_csv_run(tmp_path / "logs" / "läuft-→-\udcff")
    done = run_python(
        "-m", "advisor", "inspect", "logs", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "l?uft-?-" in done.stdout
