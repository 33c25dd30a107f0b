"""The executor for Ray, on a cluster of this machine."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.engine import Request, analyze
from advisor.manager import load_plugins
from advisor.settings import Settings
from advisor_probe.isolation import How, Job, Limits
from advisor_probe.trials import carried_by
from tests.plugins.advisor_probe.writing import program

EXAMPLES = Path(__file__).parents[2] / "examples"
PLUGIN = str(EXAMPLES / "ray_cluster.py")

pytestmark = pytest.mark.needs("ray", "torch")


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    """End what the first test that needs a cluster has started."""
    yield
    ray = importlib.import_module("ray")
    ray.shutdown()


@pytest.mark.filterwarnings("ignore")
def test_logs_read_by_a_cluster_give_the_same_report() -> None:
    settings = Settings(plugins=(PLUGIN,), executor="ray", cache=False)
    plugins = load_plugins(settings.plugins)
    logs = Request((EXAMPLES / "recorded" / "digits-mlp-diverged",))
    here = settings.model_copy(update={"executor": None, "jobs": 1})
    reports = [analyze(logs, one, plugins).report.to_json() for one in (settings, here)]
    assert reports[0] == reports[1]


@pytest.mark.filterwarnings("ignore")
def test_trials_keep_their_limits_on_a_cluster(tmp_path: Path) -> None:
    jobs = []
    for name, body in (("sound", "return target()"), ("hangs", "while True: pass")):
        (tmp_path / name).mkdir()
        spec = program(tmp_path / name, f"def made():\n    {body}")
        jobs.append(Job(target=spec, probe="one-step", device="cpu"))
    executor = load_plugins([PLUGIN]).executors["ray"]
    trials = list(carried_by(executor, Limits(seconds=20, grace=0.5))(jobs))
    assert [trial.ending.how for trial in trials] == [How.DONE, How.TIME]
