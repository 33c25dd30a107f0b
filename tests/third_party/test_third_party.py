"""Other people's plugins: an installed package, a single file, and files that misbehave."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from advisor.manager import load_file, load_plugins
from advisor.rule import BaseRule
from advisor.testing import parametrize_rules
from advisor.testing.checks import Check

Report = dict[str, Any]
"""A report as JSON."""

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HOUSE_FILE = ROOT / "examples" / "house_rules.py"
HOUSE_RULES = tuple(load_file(HOUSE_FILE).register_rules())


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs that break each house rule: no batch size, rare validation, a seed too few."""
    folder: Path = tmp_path_factory.mktemp("logs")
    for name, rate, seed in (("a", 0.1, 1), ("b", 0.1, 2), ("c", 0.2, 1)):
        place = folder / name / "version_0"
        place.mkdir(parents=True)
        (place / "hparams.yaml").write_text(f"lr: {rate}\nseed: {seed}\n", encoding="utf-8")
        with (place / "metrics.csv").open("w", encoding="utf-8", newline="") as stream:
            table = csv.writer(stream)
            table.writerow(["epoch", "step", "lr-SGD", "train_loss", "val_loss"])
            for step in range(120):
                val = 2 / (1 + step / 40) if step % 40 == 39 else ""
                table.writerow([step // 10, step, rate, 2 / (1 + step / 30), val])
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built and installed without a network into a folder of its own."""
    source, target = (tmp_path_factory.mktemp(name) for name in ("source", "site"))
    shutil.copytree(HERE / "advisor_house", source, dirs_exist_ok=True)
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--target", target)
    command: list[str | Path] = [sys.executable, "-m", "pip", "install", *options, source]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return target


def advise(logs: Path, folder: Path, *options: str | Path, site: Path | None = None) -> Report:
    """Run the command line as a user does, with short limits; return the report."""
    (folder / "advisor.toml").write_text("rule-seconds = 1.0\n", encoding="utf-8")
    command: list[str | Path] = [sys.executable, "-m", "advisor", "run", logs, *options]
    command += ["--format", "json", "-o", "-", "--config", folder / "advisor.toml"]
    path = os.pathsep.join(map(str, (p for p in (site, os.environ.get("PYTHONPATH")) if p)))
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode in (0, 1), done.stderr
    report: Report = json.loads(done.stdout)
    return report


def found(report: Report, topic: str = "house/") -> list[tuple[str, tuple[str, ...]]]:
    """Return the findings of a topic's rules: rule and runs."""
    return sorted(
        (f["rule"], tuple(f["runs"])) for f in report["findings"] if f["rule"].startswith(topic)
    )


def blamed(report: Report, alone: Report) -> list[str]:
    """Return whom a report blames beyond what is wrong without anybody's plugin."""
    return [problem["where"] for problem in report["problems"] if problem not in alone["problems"]]


def built_in(report: Report) -> list[dict[str, Any]]:
    return [f for f in report["findings"] if "/" not in f["rule"]]


RUNS = tuple(f"{name}/version_0" for name in "abc")
BROKEN = [
    *(("house/batch-size-recorded", (run,)) for run in RUNS),
    ("house/same-seed-set", (RUNS[2],)),
    *(("house/val-every-epoch", (run,)) for run in RUNS),
]


@pytest.fixture(scope="module")
def alone(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report without anybody's plugin."""
    return advise(logs, tmp_path_factory.mktemp("alone"))


@parametrize_rules(HOUSE_RULES)
def test_the_example_file_keeps_the_promises_of_rules(
    rule: type[BaseRule], check: Check[type[BaseRule]]
) -> None:
    check(rule)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_single_file_adds_its_rules(logs: Path, tmp_path: Path, alone: Report, jobs: str) -> None:
    report = advise(logs, tmp_path, "--plugin", HOUSE_FILE, "--jobs", jobs)
    assert found(report) == BROKEN
    assert blamed(report, alone) == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_installed_package_adds_its_rule(
    installed: Path, logs: Path, tmp_path: Path, alone: Report, jobs: str
) -> None:
    report = advise(logs, tmp_path, "--jobs", jobs, site=installed)
    assert found(report) == [("house/cold-start", (run,)) for run in RUNS]
    assert blamed(report, alone) == []


def test_package_and_file_add_up_and_change_nothing_else(
    installed: Path, logs: Path, tmp_path: Path, alone: Report
) -> None:
    both = advise(logs, tmp_path, "--plugin", HOUSE_FILE, site=installed)
    assert found(both) == sorted([*BROKEN, *(("house/cold-start", (run,)) for run in RUNS)])
    assert built_in(both) == built_in(alone)


UNUSABLE = {
    "raises.py": "raise RuntimeError('not today')",
    "not_there.py": "import no_such_module",
    "exits.py": "raise SystemExit(0)",
    "no_python.py": "def (",
    "no_text.py": "\0",
    "misspelt.py": "@hookimpl\ndef register_rule():\n    return ()",
    "divides.py": "@hookimpl\ndef register_rules():\n    return 1 / 0",
    "no_list.py": "@hookimpl\ndef register_rules():\n    return 5",
    "no_rule.py": "@hookimpl\ndef register_rules():\n    return [5]",
}
"""Files that cannot be loaded, or that declare what cannot be used."""


def test_files_that_cannot_be_used_cost_only_themselves(
    logs: Path, tmp_path: Path, alone: Report
) -> None:
    options: list[str | Path] = ["--plugin", HOUSE_FILE]
    for name, code in UNUSABLE.items():
        (tmp_path / name).write_text(f"from advisor import hookimpl\n{code}\n", encoding="utf-8")
        options += ["--plugin", tmp_path / name]
    report = advise(logs, tmp_path, *options)
    assert blamed(report, alone) == [f"plugin {name}" for name in UNUSABLE]
    assert found(report) == BROKEN
    assert built_in(report) == built_in(alone)


ENDLESS = """\
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""

MISBEHAVING = {
    "raises": "raise RuntimeError('not today')",
    "exits": "raise SystemExit(0)",
    "yields-text": "yield 'no finding'",
    "sleeps": "time.sleep(3600)",
    "never-returns": "while True:\n    pass",
    "swallows-exceptions": ENDLESS,
    "ends-its-process": "os._exit(0)",
    "kills-itself": "os.kill(os.getpid(), signal.SIGKILL)",
}
"""What rules do wrong when they are asked, by their names."""

BAD_RULE = """

class Bad{number}(BatchSizeRecorded):
    name = "house/{name}"

    def check(self, run):
{code}
        yield from super().check(run)
"""


def misbehaving_file(folder: Path) -> Path:
    """Write the example file, with a rule more for everything that a rule can do wrong."""
    text = HOUSE_FILE.read_text(encoding="utf-8")
    rules = "".join(
        BAD_RULE.format(number=number, name=name, code=textwrap.indent(code.rstrip(), " " * 8))
        for number, (name, code) in enumerate(MISBEHAVING.items())
    )
    added = ", ".join(f"Bad{number}" for number in range(len(MISBEHAVING)))
    text = text.replace("SameSeedSet\n", f"SameSeedSet, {added}\n")
    file = folder / "mine.py"
    file.write_text(f"{text}\nimport os, signal, time\n{rules}", encoding="utf-8")
    return file


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_rules_that_misbehave_cost_only_themselves(
    logs: Path, tmp_path: Path, alone: Report, jobs: str
) -> None:
    options = ("--plugin", misbehaving_file(tmp_path), "--jobs", jobs, "--runs", RUNS[0])
    report = advise(logs, tmp_path, *options)
    errors = {s["rule"]: s["runs"] for s in report["statuses"] if s["outcome"] == "error"}
    assert errors == {f"house/{name}": [RUNS[0]] for name in MISBEHAVING}
    assert found(report) == [pair for pair in BROKEN if pair[1] == RUNS[:1]]
    assert built_in(report) == [f for f in built_in(alone) if f["runs"] == [RUNS[0]]]


def test_a_file_that_says_it_is_a_built_in_rule_does_not_replace_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    text = HOUSE_FILE.read_text(encoding="utf-8").replace("house/same-seed-set", "overfitting")
    file.write_text(text, encoding="utf-8")
    plugins = load_plugins([str(file)])
    assert plugins.rules["overfitting"].__module__.startswith("advisor_rules.")
    mine = [problem.what for problem in plugins.problems if problem.where == "plugin mine.py"]
    assert len(mine) == 1
    assert "overfitting" in mine[0]
