"""From a program to a report: the whole way, in processes of their own."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from advisor.cli import main
from advisor.prober import Probed, ProbeRequest
from advisor_probe.prober import TorchProber
from advisor_probe.results import FILE, Results, to_run
from tests.plugins.advisor_probe.writing import program

pytestmark = pytest.mark.needs("torch")

STATIC = ("one-step", "initial-loss")


class Session:
    """A program that was probed, with what was said meanwhile."""

    def __init__(self, folder: Path, body: str, probe_seconds: float = 300.0) -> None:
        text = "\n    ".join(["def made():", *body.splitlines()])
        spec = program(folder, text)
        request = ProbeRequest(spec, folder / "log", only=STATIC, device="cpu")
        request = dataclasses.replace(request, probe_seconds=probe_seconds)
        self.said: list[str] = []
        prober = TorchProber()
        self.came_to: Probed = prober.run(request, prober.plan(request), self.said.append)
        self.results = Results.model_validate_json((folder / "log" / FILE).read_bytes())

    @property
    def outcomes(self) -> dict[str, str]:
        return {ran.name: ran.outcome for ran in self.results.probes}


def test_the_same_seed_leaves_the_same_file(tmp_path: Path) -> None:
    texts = []
    for _ in range(2):
        Session(tmp_path, "return target()")
        texts.append((tmp_path / "log" / FILE).read_bytes())
    assert texts[0] == texts[1]


def test_an_event_file_holds_the_same_points(tmp_path: Path) -> None:
    Session(tmp_path, "return target()")
    names = [path.name for path in (tmp_path / "log").iterdir() if path.name != FILE]
    assert len(names) == 1
    assert names[0].endswith(".advisor-probe")


def test_a_probe_that_fails_costs_itself_only(tmp_path: Path) -> None:
    body = (
        "calls = []\ndef once(m, b):\n    calls.append(1)\n    if len(calls) > 3: raise OSError(5)"
    )
    done = Session(tmp_path, f"{body}\n    return loss(m, b)\nreturn target(loss=once)")
    assert done.outcomes == {"one-step": "done", "initial-loss": "error"}
    assert any("OSError" in line for line in done.said)


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        ("while True: pass", "time"),
        ("os._exit(7)", "exit"),
        ("os.kill(os.getpid(), 11)", "crash"),
        ("[].append(bytearray(1 << 62))", "memory"),
    ],
)
def test_what_misbehaves_once_costs_that_probe_only(
    tmp_path: Path, deed: str, outcome: str
) -> None:
    mark = tmp_path / "mark"
    body = (
        "import os\n"
        "def once(m, b):\n"
        f"    if os.path.getsize({str(mark)!r}) < MEMORY_TRIES:\n"
        f"        open({str(mark)!r}, 'a').write('x')\n"
        f"        {deed}\n"
        "    return loss(m, b)\n"
        "return target(loss=once)"
    )
    mark.touch()
    # Memory is given up on after the batch was halved six times.
    tries = "7" if outcome == "memory" else "1"
    done = Session(tmp_path, body.replace("MEMORY_TRIES", tries), probe_seconds=6.0)
    assert done.outcomes == {"one-step": outcome, "initial-loss": "done"}


def test_a_target_that_cannot_be_loaded_ends_the_session_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = program(tmp_path, "def made(): raise OSError('no data')")
    assert main(["probe", spec, "--device", "cpu"]) == 2
    said = capsys.readouterr().err
    assert "OSError: no data" in said
    assert "the target could not be loaded" in said
    assert "nothing could be measured" in said


def test_too_little_memory_is_answered_by_smaller_batches(tmp_path: Path) -> None:
    body = "def hungry(m, b):\n    if len(b[0]) > 4: raise MemoryError\n    return loss(m, b)"
    done = Session(tmp_path, f"{body}\nreturn target(loss=hungry)")
    assert set(done.outcomes.values()) == {"done"}
    assert done.results.facts["batch.shrunk"] == 4
    assert done.results.facts["one-step.batch_size"] == 4
    assert any("1/4 of each batch" in line for line in done.said)


def test_the_first_structural_fault_ends_the_list(tmp_path: Path) -> None:
    body = "return target(loss=lambda m, b: loss(m, b) * float('nan'))"
    done = Session(tmp_path, body)
    assert done.came_to.rules == (
        "probe-not-finite",
        "probe-idle-parameters",
        "seven-step-workflow",
    )
    assert done.outcomes == {"one-step": "done", "initial-loss": "left-out"}


def test_the_command_ends_with_the_same_reports_as_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    inflated = (
        "def made():\n    def big():\n        made = net()\n"
        "        for p in made.parameters(): nn.init.normal_(p, std=3)\n        return made\n"
        "    return target(model=big)"
    )
    command = ["probe", program(tmp_path, inflated), "--device", "cpu", "--format", "json"]
    assert main([*command, "--only", ",".join(STATIC), "--fail-on", "warning"]) == 1
    printed = json.loads(capsys.readouterr().out)
    rules = [finding["rule"] for finding in printed["findings"]]
    assert rules == ["probe-initial-loss", "seven-step-workflow"]
    assert main(["run", "advisor-probe", "--format", "json", "--fail-on", "warning"]) == 1
    again = json.loads(capsys.readouterr().out)
    ids = [[finding["id"] for finding in report["findings"]] for report in (printed, again)]
    assert ids[0] == ids[1]


def test_the_plan_is_printed_with_its_cost_and_runs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = program(tmp_path, "raise SystemExit")
    assert main(["probe", spec, "--plan", "--budget", "10"]) == 0
    out = capsys.readouterr().out
    assert "at most 10 steps" in out
    assert "left out: needs" in out
    assert not (tmp_path / "advisor-probe").exists()


def test_ctrl_c_leaves_what_was_measured_and_judges_it(tmp_path: Path) -> None:
    body = "def made():\n    return target(step=lambda m, o, b: __import__('time').sleep(600))"
    command = [sys.executable, "-m", "advisor", "probe", program(tmp_path, body), "--device", "cpu"]
    with subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        assert running.stdout is not None
        for line in running.stderr:
            if "layers: done" in line:
                running.send_signal(signal.SIGINT)
                break
        said, printed = running.stderr.read(), running.stdout.read()
    assert running.returncode == 130
    assert "what was measured until now is judged" in said
    assert "Traceback" not in said
    assert "step 2 of 7 is not settled" in printed
    held = Results.model_validate_json((tmp_path / "advisor-probe" / FILE).read_bytes())
    assert held.interrupted
    assert "layers/gain" in held.series


def test_ctrl_c_keeps_what_the_probe_under_way_had_measured_but_judges_none_of_it(
    tmp_path: Path,
) -> None:
    body = (
        "def made():\n"
        "    def slow(m, b, calls=[]):\n"
        "        calls.append(1)\n"
        "        if len(calls) > 120:\n"
        "            print('slow', file=open('slow', 'w'))\n"
        "            __import__('time').sleep(600)\n"
        "        return loss(m, b)\n"
        "    return target(loss=slow)"
    )
    command = [sys.executable, "-m", "advisor", "probe", program(tmp_path, body), "--only", "rates"]
    with subprocess.Popen([*command, "--device", "cpu"], cwd=tmp_path) as running:
        while not (tmp_path / "slow").exists():
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
    held = Results.model_validate_json((tmp_path / "advisor-probe" / FILE).read_bytes())
    assert [(ran.name, ran.outcome) for ran in held.probes] == [("rates", "stopped")]
    assert "rates/valley" in held.series
    assert not [tag for tag in to_run(held, "probe").series if "/rates/" in tag]


def test_it_is_said_which_step_of_the_workflow_is_next(tmp_path: Path) -> None:
    done = Session(tmp_path, "return target()")
    assert done.results.series["workflow/step"].values == (2,)
    assert any("step 2 of 7: overfit a few samples" in line for line in done.said)
