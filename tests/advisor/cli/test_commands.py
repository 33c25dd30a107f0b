"""The commands beside ``advisor run``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.manager import load_plugins
from advisor.report import SCHEMA_VERSION, Report
from advisor.report.enclosed import taken_out
from tests.sample_report import sample_report
from tests.support import FALLING, PLUGINS, overfitted_run, run_python, write_csv_run

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work where there are no settings of ours."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"]])
def test_help_and_version_import_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom advisor.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as error:\n    assert not error.code\n"
        "heavy = {'numpy', 'pydantic', 'rich', 'jinja2', 'pluggy', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = run_python("-c", code)
    assert (done.returncode, done.stderr) == (0, "")


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import advisor, sys; assert not {'numpy', 'pydantic'} & set(sys.modules)"
    assert run_python("-c", code).returncode == 0


def test_without_a_command_the_help_is_shown(capsys: Capture) -> None:
    assert main([]) == 2
    assert "advisor run lightning_logs" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["nonsense"], ["run", "--nonsense"]])
def test_an_unknown_command_or_option_exits_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2


def test_inspect_shows_how_each_series_was_understood(tmp_path: Path, capsys: Capture) -> None:
    overfitted_run(tmp_path / "logs" / "a")
    assert main(["inspect", "logs"]) == 0
    out = capsys.readouterr().out
    assert "train/loss*" in out
    assert "val/loss*" in out
    assert "objective  val/loss, lower is better" in out
    assert out.endswith("\n1 run\n")


def test_inspect_says_what_to_log(tmp_path: Path, capsys: Capture) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    main(["inspect", "logs"])
    assert "missing    Log the loss on a validation set: " in capsys.readouterr().out


def test_inspect_names_what_it_could_not_read(tmp_path: Path, capsys: Capture) -> None:
    write_csv_run(tmp_path / "logs" / "a")
    (tmp_path / "logs" / "metrics.csv").write_text("")
    assert main(["inspect", "logs"]) == 0
    assert "advisor: metrics.csv: the file is empty; " in capsys.readouterr().err
    assert main(["inspect", "logs", "--runs", "x*"]) == 2


def test_inspect_redacts_unless_told_otherwise(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "logs" / "a"
    write_csv_run(folder)
    (folder / "hparams.yaml").write_text("lr: 0.1\napi_key: hunter2\nmail: bob@example.org\n")
    assert main(["inspect", "logs"]) == 0
    out = capsys.readouterr().out
    assert "lr=0.1" in out
    assert "api_key=<hidden>" in out
    assert "hunter2" not in out
    assert "bob@example.org" not in out
    Path("advisor.toml").write_text("show-secrets = true\n")
    main(["inspect", "logs"])
    assert "api_key=hunter2" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["inspect", "logs", "--all"], ["run", "logs"]])
def test_what_a_log_holds_steers_no_terminal(
    tmp_path: Path, capsys: Capture, command: list[str]
) -> None:
    hostile = "a\x1b[31mred\x07\u202e\u2028b"
    falling = [value - 0.3 for value in FALLING]
    rising = [1 + 0.02 * abs(step - 20) for step in range(60)]
    name = "\x1b[2Jrun\nadvisor: all is well"
    columns = {"train__loss": falling, "val__loss": rising, f"loss {hostile}": falling}
    write_csv_run(tmp_path / "logs" / name, **columns)
    (tmp_path / "logs" / f"metrics{hostile}.csv").write_text("")
    (tmp_path / "logs" / f"{hostile}out").symlink_to("/")
    main(command)
    out, err = capsys.readouterr()
    for text in (out, err):
        assert not set(text) & set("\x1b\x07\u202e\u2028\r")
        assert not any(line.startswith("advisor: all is well") for line in text.splitlines())


def test_rules_lists_every_rule_by_stage(capsys: Capture) -> None:
    assert main(["rules"]) == 0
    out = capsys.readouterr().out
    rules = load_plugins().rules
    assert all(f"  {name} " in out for name in rules)
    assert f"\n{len(rules)} rules" in out


def test_rules_are_listed_as_data_with_their_options_and_plugin(capsys: Capture) -> None:
    assert main(["rules", "--format", "json", "--plugin", str(PLUGINS / "good.py")]) == 0
    listed = {rule["name"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert listed["overfitting"]["plugin"] == "rules"
    assert listed["test/talks"]["plugin"] == "good.py"
    assert listed["test/talks"]["requires"] == ["train/loss"]
    assert (listed["test/talks"]["kind"], listed["test/counts-runs"]["kind"]) == ("run", "sweep")
    for rule in listed.values():
        assert all(option["source"] for option in rule["options"].values())


def test_explain_shows_the_page_of_a_rule(capsys: Capture) -> None:
    assert main(["explain", "overfitting"]) == 0
    assert "overfitting" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "said"),
    [("overfiting", "did you mean 'overfitting'?"), ("zzz", "`advisor rules` lists them")],
)
def test_explain_names_the_nearest_rule(capsys: Capture, name: str, said: str) -> None:
    assert main(["explain", name]) == 2
    assert said in capsys.readouterr().err


def test_render_writes_several_formats_into_a_directory(tmp_path: Path) -> None:
    Path("report.json").write_text(sample_report().to_json())
    assert main(["render", "report.json", "--format", "html,markdown", "-o", "out"]) == 0
    assert sorted(file.suffix for file in (tmp_path / "out").iterdir()) == [".html", ".md"]
    assert main(["render", "report.json", "--format", "html,markdown"]) == 2


def test_render_reads_a_report_out_of_its_page() -> None:
    Path("report.json").write_bytes(sample_report().to_json().encode())
    assert main(["render", "report.json", "-o", "report.html"]) == 0
    assert main(["render", "report.html", "-o", "again.json"]) == 0
    whole, again = (Report.from_json(Path(n).read_bytes()) for n in ("report.json", "again.json"))
    assert again.findings == whole.findings
    assert again.diagnoses == whole.diagnoses
    assert again.statuses == whole.statuses


def test_the_report_in_a_page_holds_no_secret(tmp_path: Path) -> None:
    folder = tmp_path / "logs" / "a"
    write_csv_run(folder)
    (folder / "hparams.yaml").write_text("lr: 0.1\napi_key: hunter2\nmail: bob@example.org\n")
    main(["run", "logs", "-o", "report.html"])
    held = taken_out(Path("report.html").read_bytes())
    assert "<hidden>" in held
    assert "hunter2" not in held
    assert "bob@example.org" not in held


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "Invalid JSON"),
        ("<!doctype html><p>", "the page holds no report"),
        ("{}", "it is no report of advisor"),
        ("[1]", "report.json: "),
        (f'{{"schema_version": {SCHEMA_VERSION + 1}, "advisor": "9.0"}}', "upgrade it"),
        (
            sample_report().to_json().replace('"confidence": 0.96', '"confidence": 7'),
            "findings.0.c",
        ),
    ],
)
def test_render_says_what_is_wrong_with_a_file(capsys: Capture, text: str, said: str) -> None:
    Path("report.json").write_text(text)
    assert main(["render", "report.json"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("advisor: report.json: ")
    assert said in error
    assert error.endswith("give a file that `advisor run --format json` wrote\n")


def test_render_says_which_file_is_not_there(capsys: Capture) -> None:
    assert main(["render", "missing.json"]) == 2
    assert capsys.readouterr().err.startswith("advisor: missing.json: cannot be read: ")


def test_with_its_output_closed_a_command_ends_as_it_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["rules"]) == 0
    sys.stdout.close()


def test_help_in_chinese_reaches_a_terminal_that_knows_ascii_only() -> None:
    command = [sys.executable, "-m", "advisor", "--language", "zh", "--help"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    said = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert said.stdout.isascii()
    assert b"advisor run" in said.stdout
