from __future__ import annotations

from pathlib import Path

from advisor.claims import Filters, find_tasks
from advisor.execution import Plan
from advisor.execution.worker import Worker
from advisor.manager import load_plugins
from advisor.settings import Settings
from tests.support import write_csv_run


def test_a_rule_is_named_for_its_own_work_only(tmp_path: Path) -> None:
    write_csv_run(tmp_path / "a")
    plugins = load_plugins()
    (task,) = find_tasks([tmp_path], plugins.readers.values(), Filters()).tasks
    said: list[tuple[str, str]] = []
    Worker(Plan(Settings()), plugins).work(task, lambda run, rule: said.append((run, rule)))
    reading, understanding, *judging, summarizing = said
    assert reading == ("", "")
    assert understanding == summarizing == ("a", "")
    assert judging
    assert all(rule for _, rule in judging)
