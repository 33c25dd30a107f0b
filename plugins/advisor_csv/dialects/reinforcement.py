"""Trainers of agents: Stable-Baselines3's ``progress.csv`` and Spinning Up's ``progress.txt``.

Both have sparse columns in any order, and count the steps of the environment.
"""

from __future__ import annotations

from advisor_csv.dialect import Dialect, Look


def _stable_baselines(look: Look) -> bool:
    return look.name == "progress.csv" and "time/total_timesteps" in look.table.header


def _spinning_up(look: Look) -> bool:
    return look.name == "progress.txt" and {"Epoch", "TotalEnvInteracts"} <= set(look.table.header)


STABLE_BASELINES = Dialect(
    source="Stable-Baselines3 progress.csv",
    proof="progress.csv with the column time/total_timesteps",
    certainty=90,
    fits=_stable_baselines,
)

SPINNING_UP = Dialect(
    source="Spinning Up progress.txt",
    proof="progress.txt with the columns Epoch and TotalEnvInteracts",
    certainty=90,
    fits=_spinning_up,
)
