"""What the header of a table says about whose table it is."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.formats.tables.names import words
from advisor.hyperparameters import canonical

_RUN_NAMES = frozenset({
    "run", "run_id", "run_name", "name", "experiment", "exp", "experiment_name", "experiment_id",
    "trial", "trial_id", "trial_name", "model", "model_name", "config",
})  # fmt: skip
_LOGGED = frozenset({"momentum", "averaging"})
"""Settings that trainers also log as curves, beside loss and rate."""

GROUPS = _RUN_NAMES | {"seed", "fold"}
"""Columns that name the run (or the fold) that a row belongs to."""


def runs_table(header: Sequence[str]) -> bool:
    """Tell whether a table without steps holds one row per finished run."""
    settings = {parameter for name in header if (parameter := canonical(name))}
    return words(header[0]) in _RUN_NAMES or len(settings - _LOGGED) >= 3


def wandb_runs_table(header: Sequence[str]) -> bool:
    """Tell whether this is the runs table that the W&B page exports: one row per run."""
    return {"Name", "State"} <= set(header) and not {"Created", "Runtime", "User"}.isdisjoint(
        header
    )


def wandb_chart(header: Sequence[str]) -> bool:
    """Tell whether this is a chart that the W&B page exports: one column per run, with bands."""
    return any(name.endswith(("__MIN", "__MAX")) for name in header)
