"""The steps of ``action.yml``, run with bash as GitHub runs them, against a fake GitHub."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.report import Report
from advisor_ci import register_renderers
from advisor_markdown.github import MARKER
from tests.reports.advisor_ci.fake_github import REPOSITORY, TOKEN, FakeGitHub
from tests.reports.advisor_markdown.reading import foreign_html
from tests.sample_report import hostile_report
from tests.support import ROOT, write_csv_run

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, Any] = {step["id"]: step for step in ACTION["runs"]["steps"]}
INPUTS = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()}
DIVERGED = ROOT / "examples" / "recorded" / "digits-mlp-diverged"

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="the action runs bash")


class Job:
    """A job on a runner: its folders, what the steps have put out, and what they printed."""

    def __init__(self, folder: Path, url: str) -> None:
        self.work = folder / "work"
        self.temp = folder / "temp dir"
        self.url = url
        for path in (self.work, self.temp):
            path.mkdir()
        self.values = {
            "github.token": TOKEN,
            "github.action_path": str(ROOT),
            "github.event.pull_request.number": "7",
            "steps.install.outputs.bin": str(Path(sys.executable).parent),
        }
        self.summary = ""
        self.printed = ""

    def inputs(self, **given: str) -> None:
        for name, value in (INPUTS | {k.replace("_", "-"): v for k, v in given.items()}).items():
            self.values[f"inputs.{name}"] = self.fill(value)

    def fill(self, text: str) -> str:
        """Put values in the place of expressions; of several with ``||`` the first that is one."""
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: self._value(match[1]), text)

    def _value(self, expression: str) -> str:
        values = (self.values.get(part.strip(), "") for part in expression.split("||"))
        return next((value for value in values if value), "")

    def step(self, name: str) -> int:
        """Run one step, and keep what it puts out."""
        step = STEPS[name]
        files = {key: self.temp / f"{name}.{key}" for key in ("OUTPUT", "STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        script = self.temp / f"{name}.sh"
        script.write_text(step["run"], encoding="utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],  # noqa: S607
            cwd=self.work,
            env=self._environment(step, files),
            text=True,
            capture_output=True,
        )
        self.printed += done.stdout + done.stderr
        self.summary += files["STEP_SUMMARY"].read_text(encoding="utf-8")
        for line in files["OUTPUT"].read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            self.values[f"steps.{name}.outputs.{key}"] = value
        return done.returncode

    def _environment(self, step: dict[str, Any], files: dict[str, Path]) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "XDG_CACHE_HOME": str(self.temp / "cache"),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": self.url,
            "no_proxy": "127.0.0.1",
            **{f"GITHUB_{key}": str(file) for key, file in files.items()},
            **{name: self.fill(value) for name, value in step["env"].items()},
        }

    def output(self, name: str) -> str:
        return self.fill(ACTION["outputs"][name]["value"])

    def shown(self) -> str:
        """Return what the runner reads commands from: not what is printed between the stops."""
        stop = re.search(r"::stop-commands::(\w+)\n", self.printed)
        assert stop
        before, _, rest = self.printed.partition(stop[0])
        return before + rest.partition(f"::{stop[1]}::\n")[2]


@pytest.fixture
def job(tmp_path: Path, github: FakeGitHub) -> Job:
    job = Job(tmp_path, github.url)
    (job.work / "train.yaml").write_text("# digits\nlearning_rate: 0.6\n", encoding="utf-8")
    shutil.copytree(DIVERGED, job.work / "my logs")
    return job


def test_no_script_holds_an_expression_and_every_step_of_one_has_bash() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert ("run" in step) == (step.get("shell") == "bash")


def test_every_input_is_used_and_described_and_no_other_is() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(INPUTS)
    assert all(one["description"] for one in ACTION["inputs"].values())


def test_a_run_with_findings_is_annotated_summed_up_commented_and_fails(
    job: Job, github: FakeGitHub
) -> None:
    job.inputs(logs="my logs\n", config_file="train.yaml\n")
    assert job.step("judge") == 0
    assert "::error file=train.yaml,line=2,title=" in job.shown()
    assert MARKER in job.summary
    assert (job.output("severity"), job.output("exit-code")) == ("error", "1")
    assert int(job.output("errors")) >= 1
    assert Report.from_json(Path(job.output("report")).read_bytes()).runs
    assert Path(job.output("page")).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert job.step("comment") == 0
    assert len(github.comments) == 1
    assert "@@ train.yaml:2 @@" in github.bodies[0]
    assert github.unasked == []
    assert job.step("exit") == 1
    assert TOKEN not in job.printed + job.summary + github.bodies[0]


def test_the_same_again_leaves_the_comment_alone_and_a_better_run_updates_it(
    job: Job, github: FakeGitHub
) -> None:
    job.inputs(logs="my logs")
    for _ in range(2):
        job.step("judge")
        job.step("comment")
    assert len(github.writes) == 1
    shutil.rmtree(job.work / "my logs")
    write_csv_run(job.work / "my logs" / "a")
    job.step("judge")
    job.step("comment")
    assert [call.split()[0] for call in github.writes] == ["POST", "PATCH"]
    assert job.step("exit") == 0


def test_the_level_and_further_arguments_reach_advisor(job: Job) -> None:
    job.inputs(logs="my logs", fail_on="never", arguments="--select\nlr-too-high\n")
    job.step("judge")
    report = Report.from_json(Path(job.output("report")).read_bytes())
    assert {rule.name for rule in report.rules} == {"lr-too-high"}
    assert job.step("exit") == 0


def test_a_token_that_may_not_write_fails_only_if_the_comment_is_required(
    job: Job, github: FakeGitHub
) -> None:
    job.inputs(logs="my logs")
    job.step("judge")
    github.fail("POST", 403, "Resource not accessible by integration")
    assert job.step("comment") == 0
    assert "::warning title=advisor::" in job.shown()
    job.inputs(logs="my logs", comment="required")
    github.fail("POST", 403, "Resource not accessible by integration")
    assert job.step("comment") == 1


def test_no_logs_end_the_step_with_the_exit_code_of_a_wrong_use(job: Job) -> None:
    job.inputs(logs="nowhere")
    assert job.step("judge") == 2
    assert "nowhere" in job.printed


def test_inputs_are_words_and_no_script(job: Job) -> None:
    job.inputs(logs='$(touch "$RUNNER_TEMP/owned")\n`id`; touch owned\n--help', fail_on="$(id)")
    assert job.step("judge") == 2
    assert not list(job.temp.glob("owned")) + list(job.work.glob("owned"))
    assert "uid=" not in job.printed


def test_a_report_of_a_fork_is_shown_on_its_pull_request_as_text(
    job: Job, github: FakeGitHub
) -> None:
    saved = job.work / "from the fork.json"
    saved.write_text(hostile_report().to_json(), encoding="utf-8")
    (job.work / "json.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    github.pulls.append({"number": 7, "head": {"label": "ann:fix", "sha": "abc"}})
    job.values |= {
        "github.event.pull_request.number": "",
        "github.event.workflow_run.head_repository.owner.login": "ann",
        "github.event.workflow_run.head_branch": "fix",
        "github.event.workflow_run.head_sha": "abc",
    }
    job.inputs(report="from the fork.json")
    assert job.step("judge") == 0
    assert job.step("comment") == 0
    assert len(github.comments) == 1
    assert github.bodies[0].startswith(MARKER)
    assert foreign_html(github.bodies[0]) == []
    assert all(re.match(r"::(error|warning|notice) ", line) for line in _commands(job.shown()))
    assert job.step("exit") == 0


def _commands(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("::")]


def test_advisor_is_installed_beside_the_python_of_the_job(job: Job) -> None:
    fake = job.temp / "python"
    fake.write_text(
        '#!/bin/sh\necho "$@"\n'
        'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi\n',
        encoding="utf-8",
    )
    fake.chmod(0o755)
    job.values["steps.python.outputs.python-path"] = str(fake)
    job.inputs()
    assert job.step("install") == 0
    assert f"-m venv {job.temp}/advisor-env" in job.printed
    assert job.printed.strip().endswith(str(ROOT))
    assert job.values["steps.install.outputs.bin"] == f"{job.temp}/advisor-env/bin"


def test_the_page_on_ci_names_every_input_output_and_format() -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w-]+)`", text))
    formats = {renderer.name for renderer in register_renderers()}
    assert set(INPUTS) | set(ACTION["outputs"]) | formats <= named


def test_the_workflows_on_the_page_use_inputs_and_outputs_that_there_are() -> None:
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    flows = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]
    jobs = [job for flow in flows if "jobs" in flow for job in flow["jobs"].values()]
    used = [s for job in jobs for s in job["steps"] if s.get("uses", "").startswith("OWNER/")]
    assert len(used) == 3
    for step in used:
        assert set(step["with"]) <= set(INPUTS)
    assert set(re.findall(r"steps\.advisor\.outputs\.([\w-]+)", text)) <= set(ACTION["outputs"])
