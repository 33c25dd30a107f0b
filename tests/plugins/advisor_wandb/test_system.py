"""What the client measured of the machine is kept apart from what the training logged."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.reader import Unreadable
from advisor.roles import Kind
from advisor.run import Axis
from advisor.understand import understand
from advisor.view import Judged
from tests.plugins.advisor_wandb.reading import only_run, points
from tests.plugins.advisor_wandb.writing import ended, folder, measured, run_file, stepped

ROWS = [stepped(step, {"loss": 1 / (step + 1)}) for step in range(3)]
GPU = [
    measured(1.7e9 + 0.5 + second, {"gpu.0.gpu": 90.0 + second, "memory_percent": 7})
    for second in range(9)
]


def test_measurements_have_names_and_an_axis_of_their_own(tmp_path: Path) -> None:
    run_file(folder(tmp_path, "a1"), "a1", [ROWS[0], *GPU, *ROWS[1:], ended()])
    run = only_run(tmp_path)
    assert list(run.series) == ["loss", "system/gpu.0.gpu", "system/memory_percent"]
    assert points(run, "system/gpu.0.gpu") == [(row, 90.0 + row) for row in range(9)]
    series = run.series["system/gpu.0.gpu"]
    assert series.axis is Axis.ROW
    assert series.wall_times is not None
    assert series.wall_times.tolist() == [1.7e9 + 0.5 + second for second in range(9)]
    assert run.notes == ()


def test_measurements_stand_for_no_role_and_leave_the_axis_of_the_run(tmp_path: Path) -> None:
    names = ("gpu.0.gpu", "gpu.0.temp", "gpu.0.memoryAllocated", "gpu.0.powerWatts", "cpu",
             "gpu.process.0.memory", "network.sent", "disk./.usageGB", "proc.memory.rssMB",
             "gpu.0.correctedMemoryErrors", "gpu.0.uncorrectedMemoryErrors", "cpu.0.cpu_percent",
             "proc.cpu.threads", "memory_percent", "tpu", "gpu.0.smClock", "temp")  # fmt: skip
    stats = [measured(1.7e9 + second, dict.fromkeys(names, 1.0)) for second in range(9)]
    run_file(folder(tmp_path, "a1"), "a1", [*ROWS, *stats, ended()])
    run = only_run(tmp_path)
    told = understand(run)
    kinds = {role.series: role.kind for role in told.roles}
    assert {kinds[tag] for tag in run.series if tag.startswith("system/")} == {Kind.OTHER}
    assert Judged(run, told).axis is Axis.STEP


def test_what_the_training_logs_under_such_a_name_comes_first(tmp_path: Path) -> None:
    row = stepped(5, {"loss": 1.0, "system/cpu": 3.0})
    run_file(folder(tmp_path, "a1"), "a1", [row, measured(1.7e9, {"cpu": 4.0}), ended()])
    assert points(only_run(tmp_path), "system/cpu") == [(5, 3.0)]


def test_a_run_that_logged_nothing_is_not_saved_by_its_measurements(tmp_path: Path) -> None:
    run_file(folder(tmp_path, "a1"), "a1", [*GPU, ended()])
    with pytest.raises(Unreadable, match="holds no history"):
        only_run(tmp_path)


def test_parts_of_a_resumed_run_are_joined(tmp_path: Path) -> None:
    first = folder(tmp_path, "a1")
    run_file(first, "a1", [*ROWS, *GPU])
    second = first.parent / first.name.replace("20240102", "20240103")
    second.mkdir()
    run_file(second, "a1", [stepped(3, {"loss": 0.1}), *GPU, ended()])
    series = only_run(tmp_path).series["system/gpu.0.gpu"]
    assert series.steps.tolist() == list(range(18))
    assert series.segments is None
