"""Jobs as units of any executor: what is measured is what this machine measures one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from advisor.execution import PoolExecutor
from advisor.executor import Executor
from advisor.manager import load_plugins
from advisor.prober import ProbeRequest, VerifyRequest
from advisor.verification import Verification
from advisor_probe.isolation import How, Job, Limits
from advisor_probe.prober import TorchProber
from advisor_probe.results import FILE
from advisor_probe.trials import Trial, Trials, carried_by
from tests.plugins.advisor_probe.proposing import BODY, apart
from tests.plugins.advisor_probe.writing import program
from tests.support import PLUGINS

pytestmark = pytest.mark.needs("torch")

STATIC = ("one-step", "initial-loss", "layers")


def threads() -> Executor:
    """Return an executor that a plugin brings."""
    return load_plugins([str(PLUGINS / "threads.py")]).executors["threads"]


@pytest.fixture(params=["threads of a plugin", "pool of processes"])
def executor(request: pytest.FixtureRequest) -> Executor:
    return threads() if request.param == "threads of a plugin" else PoolExecutor(2)


def probed(folder: Path, body: str, executor: Executor | None) -> tuple[bytes, list[str]]:
    """Probe a program, and return what was left and what was said."""
    said: list[str] = []
    request = ProbeRequest(program(folder, body), folder / "log", only=STATIC, device="cpu")
    prober = TorchProber()
    prober.run(request, prober.plan(request), said.append, executor)
    return (folder / "log" / FILE).read_bytes(), said


HUNGRY = """
def made():
    def hungry(m, b):
        if len(b[0]) > 4:
            raise MemoryError
        return loss(m, b)
    return target(loss=hungry)
"""


@pytest.mark.parametrize(
    "body",
    [
        "def made(): return target()",
        "def made(): return target(loss=lambda m, b: loss(m, b) * float('nan'))",
        HUNGRY,
    ],
    ids=["sound", "stopped at a fault", "on smaller batches"],
)
def test_probes_measure_the_same_through_any_executor(
    tmp_path: Path, executor: Executor, body: str
) -> None:
    assert probed(tmp_path, body, executor) == probed(tmp_path, body, None)


def test_a_verification_says_the_same_through_any_executor(
    tmp_path: Path, executor: Executor
) -> None:
    spec = program(tmp_path, BODY.replace("HORIZON", "60"))
    report = apart({"parameter": "learning_rate", "to": 1e-2}, {"parameter": "dropout", "to": 9.0})
    request = VerifyRequest(target=spec, training=30, device="cpu")

    def told(executor: Executor | None) -> Sequence[Verification]:
        return TorchProber().verify(request, report, lambda _: None, executor)

    found = told(executor)
    assert found == told(None)
    assert [one.ruling for one in found] == ["better", "not-verifiable"]


def carried(executor: Executor, folder: Path, *bodies: str, seconds: float) -> list[Trial]:
    """Have an executor carry out the first probe of some programs."""
    jobs = []
    for place, body in enumerate(bodies):
        (folder / str(place)).mkdir()
        spec = program(folder / str(place), "\n    ".join(["def made():", *body.splitlines()]))
        jobs.append(Job(target=spec, probe="one-step", device="cpu"))
    return list(carried_by(executor, Limits(seconds=seconds, grace=0.5))(jobs))


def test_limits_hold_in_any_executor_and_the_other_jobs_run(
    tmp_path: Path, executor: Executor
) -> None:
    bodies = ("while True: pass", "import os; os._exit(7)", "return target()")
    trials = carried(executor, tmp_path, *bodies, seconds=8.0)
    assert [trial.ending.how for trial in trials] == [How.TIME, How.EXIT, How.DONE]
    assert [bool(trial.heard) for trial in trials] == [False, False, True]


def test_a_job_whose_worker_is_lost_says_so() -> None:
    work = Trials(Limits())
    assert work.given_up(Job(), "was lost").ending.how is How.CRASH
