from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from advisor.claims import Filters, find_tasks
from advisor.execution import Plan, Task
from advisor.execution.worker import Worker
from advisor.limits import OutOfTime
from advisor.manager import load_plugins
from advisor.reader import Claim
from advisor.report import Refused
from advisor.settings import Settings
from tests.support import HandReader, write_csv_run


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


class _Broken(HandReader):
    """A reader that raises what a test says."""

    def __init__(self, error: BaseException) -> None:
        super().__init__("broken", lambda _listing: ())
        self._error = error

    def read(self, _claim: Claim) -> Any:
        """Raise it."""
        raise self._error


def _refused(error: BaseException, *logs: str) -> Refused:
    """Return what is said of a claim on ``logs`` and two settings files that a reader fails on."""
    beside = ("a/args.yaml", "a/hparams.yaml")
    plugins = load_plugins()
    plugins.readers["broken"] = _Broken(error)
    claim = Claim("broken", "a", tuple(sorted((*beside, *logs))), "", shared=beside)
    worker = Worker(Plan(Settings()), plugins)
    (refused,) = worker.work(Task(claim), lambda _run, _rule: None).refused
    return refused


@pytest.mark.parametrize(
    ("logs", "told"),
    [(("a/x.log",), "a/x.log"), (("a/x.log", "a/y.log"), "a"), (("x.log", "y/z.log"), ".")],
)
def test_a_reader_that_fails_is_told_by_its_log_and_not_by_settings(
    logs: tuple[str, ...], told: str
) -> None:
    assert _refused(ValueError(), *logs).path == told


def test_more_time_is_advised_for_a_reader_that_had_too_little() -> None:
    assert "larger read-seconds" in _refused(OutOfTime("late"), "a/x.log").cure
    assert "larger read-seconds" not in _refused(ValueError(), "a/x.log").cure
