"""Both executors, on the same runs and the same plugins."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from advisor.claims import Filters, find_tasks
from advisor.errors import UsageError
from advisor.execution import ClaimExecutor, ClaimResult, Plan, PoolExecutor, SerialExecutor, Task
from advisor.manager import load_plugins
from advisor.settings import Settings
from tests.support import PLUGINS, overfitted_run, write_csv_run

GOOD, NASTY, READERS = (str(PLUGINS / f"{name}.py") for name in ("good", "nasty", "readers"))
RULES = tuple(
    f"test/{name}"
    for name in (
        "never-returns",
        "loops",
        "blocks-in-c",
        "waits-masked",
        "leaves",
        "exits",
        "crashes",
        "eats-memory",
    )
)


def _tasks(logs: Path, settings: Settings) -> Sequence[Task]:
    return find_tasks([logs], load_plugins(settings.plugins).readers.values(), Filters()).tasks


def _carry_out(executor: ClaimExecutor, logs: Path, settings: Settings) -> list[ClaimResult]:
    done: list[int] = []
    tasks = _tasks(logs, settings)
    results = list(executor.run(Plan(settings), tasks, done.append))
    assert done == list(range(1, len(tasks) + 1))
    return results


@pytest.fixture(scope="module")
def five_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logs = tmp_path_factory.mktemp("five")
    for index in range(5):
        (overfitted_run if index % 2 else write_csv_run)(logs / f"run-{index}")
    return logs


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_any_number_of_workers_gives_what_this_process_gives(five_runs: Path, jobs: int) -> None:
    settings = Settings(plugins=(GOOD,))
    here = _carry_out(SerialExecutor(load_plugins(settings.plugins)), five_runs, settings)
    assert _carry_out(PoolExecutor(jobs), five_runs, settings) == here
    names = [run.summary.name for result in here for run in result.runs]
    assert names == [f"run-{index}" for index in range(5)]


def test_only_the_runs_that_a_pattern_matches_are_kept(five_runs: Path) -> None:
    plan = Plan(Settings(), runs="*-[13]")
    results = SerialExecutor(load_plugins()).run(
        plan, _tasks(five_runs, plan.settings), lambda _done: None
    )
    assert [run.summary.name for result in results for run in result.runs] == ["run-1", "run-3"]


def test_no_tasks_need_no_worker() -> None:
    assert list(PoolExecutor(2).run(Plan(Settings()), (), lambda _done: None)) == []


def test_workers_that_are_no_longer_wanted_are_ended(five_runs: Path) -> None:
    settings = Settings()
    results = PoolExecutor(2).run(Plan(settings), _tasks(five_runs, settings), lambda _done: None)
    next(results)
    results.close()  # type: ignore[attr-defined]  # a generator in fact


@pytest.fixture(scope="module")
def nasty_results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ClaimResult]:
    """One run for each rule, which that rule does harm on; all rules judge all runs."""
    logs = tmp_path_factory.mktemp("nasty")
    for rule in RULES:
        write_csv_run(logs / rule.rpartition("/")[2])
    settings = Settings(
        plugins=(NASTY,), select=RULES, **{"rule-seconds": 0.3, "worker-megabytes": 8192}
    )
    results = _carry_out(PoolExecutor(2, grace=0.3), logs, settings)
    return {f"test/{result.runs[0].summary.name}": result for result in results}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_does_harm_costs_only_itself_on_that_run(
    nasty_results: dict[str, ClaimResult], rule: str
) -> None:
    (run,) = nasty_results[rule].runs
    assert {o.rule: o.result for o in run.outcomes} == {
        name: "error" if name == rule else "failed" for name in RULES
    }


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("never-returns", "did not finish in time"),
        ("loops", "not finished after 0.3 s (nasty.py, line"),
        ("blocks-in-c", "did not finish in time"),
        ("waits-masked", "did not finish in time"),
        ("leaves", "ended its worker process"),
        ("exits", "SystemExit: 0 (nasty.py, line"),
        ("crashes", "ended its worker process"),
        ("eats-memory", "MemoryError (nasty.py, line"),
    ],
)
def test_what_a_harmful_rule_did_is_said(
    nasty_results: dict[str, ClaimResult], rule: str, why: str
) -> None:
    (run,) = nasty_results[f"test/{rule}"].runs
    reason = next(o.reason for o in run.outcomes if o.result == "error")
    assert reason is not None
    assert why in reason.text


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("hangs", "the reader hangs failed: not finished after 0.3 s (readers.py, line"),
        ("hangs-masked", "the reader hangs-masked was given up: it did not finish in time"),
        ("leaves", "the reader leaves was given up: it ended its worker process"),
        ("exits", "the reader exits failed: SystemExit: 0 (readers.py, line"),
        ("raises", "the reader raises failed: OSError: cannot (readers.py, line"),
    ],
)
def test_a_reader_that_does_harm_costs_only_its_claim(tmp_path: Path, name: str, why: str) -> None:
    write_csv_run(tmp_path / "a")
    (tmp_path / f"{name}.nasty").write_text("")
    write_csv_run(tmp_path / "z")
    settings = Settings(plugins=(READERS,), **{"read-seconds": 0.3})
    first, broken, last = _carry_out(PoolExecutor(1, grace=0.3), tmp_path, settings)
    assert [result.runs[0].summary.name for result in (first, last)] == ["a", "z"]
    assert broken.runs == ()
    (refused,) = broken.refused
    assert refused.path == f"{name}.nasty"
    assert why in refused.reason
    assert "report it to the reader's author" in refused.cure


@pytest.mark.parametrize("name", ["exits", "raises", "hangs"])
def test_in_one_process_a_broken_reader_costs_only_its_claim_too(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.nasty").write_text("")
    write_csv_run(tmp_path / "z")
    settings = Settings(plugins=(READERS,), **{"read-seconds": 0.2})
    executor = SerialExecutor(load_plugins(settings.plugins))
    broken, good = _carry_out(executor, tmp_path, settings)
    assert (len(broken.refused), len(good.runs)) == (1, 1)


def test_what_is_refused_below_one_of_several_logs_bears_its_prefix(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "raises.nasty").write_text("")
    settings = Settings(plugins=(READERS,))
    plugins = load_plugins(settings.plugins)
    logs = [tmp_path / "a", tmp_path / "b"]
    tasks = find_tasks(logs, plugins.readers.values(), Filters()).tasks
    results = SerialExecutor(plugins).run(Plan(settings), tasks, lambda _done: None)
    assert [result.refused[0].path for result in results] == ["a/raises.nasty", "b/raises.nasty"]


def test_a_worker_that_cannot_load_its_plugins_is_a_usage_error_and_ends_at_once(
    five_runs: Path, tmp_path: Path
) -> None:
    plugin = tmp_path / "leaves.py"
    plugin.write_text("")
    settings = Settings(plugins=(str(plugin),))
    tasks = _tasks(five_runs, settings)
    plugin.write_text("import os\nos._exit(0)\n")
    begun = time.monotonic()
    with pytest.raises(UsageError, match="while it loaded the plugins"):
        list(PoolExecutor(2).run(Plan(settings), tasks, lambda _done: None))
    assert time.monotonic() - begun < 10
