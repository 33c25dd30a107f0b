from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from advisor.run import Axis, Run

Write = Callable[..., Path]
RunOf = Callable[[Path], Run]


def test_episodes_are_placed_by_the_steps_they_took(write: Write, run_of: RunOf) -> None:
    text = '#{"t_start": 1700000000.5, "env_id": "CartPole-v1"}\nr,l,t\n9.0,9,0.5\n30.0,30,0.9\n'
    run = run_of(write("0.monitor.csv", text))
    assert (run.name, run.source) == ("0.monitor", "Monitor of Stable-Baselines3")
    assert run.series["r"].steps.tolist() == [9, 39]
    assert run.series["r"].values.tolist() == [9.0, 30.0]
    assert run.series["r"].axis is Axis.ENV_STEP


def test_columns_by_these_names_prove_nothing_alone(
    write: Write, runs_of: Callable[[Path], list[Run]]
) -> None:
    assert runs_of(write("points.csv", "r,l,t\n9.0,9,0.5\n30.0,30,0.9\n")) == []
