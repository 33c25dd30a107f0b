"""What the names of columns say, however they are spelled: which count steps, which are metrics."""

from __future__ import annotations

import re
from collections.abc import Sequence

from advisor.run import Axis

ENV_STEPS = frozenset({
    "env_step", "env_steps", "environment_steps", "num_env_steps", "num_env_steps_sampled",
    "num_timesteps", "timestep", "timesteps", "timesteps_so_far", "timesteps_total",
    "total_env_interacts", "total_env_steps", "total_frames", "total_num_steps",
    "total_timesteps",
})  # fmt: skip
"""Columns that count steps of an environment."""

STEPS = frozenset({
    "step", "steps", "global_step", "global_steps", "train_step", "training_step", "trainstep",
    "step_num", "step_number", "step_no", "step_id", "step_idx", "step_index",
    "iter", "iters", "iteration", "iterations", "n_iter", "it", "iter_num", "iter_number",
    "iter_no", "iter_idx", "iteration_num", "iteration_number", "training_iteration",
    "num_updates", "n_updates", "update", "updates", "update_step", "optimizer_step",
    "optim_step", "opt_step", "gradient_step", "gradient_steps", "grad_step", "grad_steps",
    "current_step", "current_steps", "batch", "batches", "batch_idx", "batch_num", "batch_number",
    "batch_no", "minibatch", "round", "rounds", "episode", "episodes",
})  # fmt: skip
"""Columns that count steps of training, of whatever size."""

EPOCHS = frozenset({
    "epoch", "epochs", "epoch_num", "epoch_number", "epoch_no", "epoch_id", "epoch_idx",
    "epoch_index", "current_epoch", "ep",
})  # fmt: skip
"""Columns that count epochs."""

SURE = frozenset({"epoch", "global_step", "iteration", "iter", "training_iteration"}) | ENV_STEPS
"""Step columns that hardly any table but a training log has."""

METRICS = frozenset({
    "loss", "losses", "val", "valid", "validation", "train", "acc", "accuracy", "lr", "perplexity",
    "ppl", "reward", "rewards", "return", "returns", "f1", "auc", "auroc", "iou", "miou", "dice",
    "mse", "mae", "rmse", "bleu", "rouge", "precision", "recall", "map", "psnr", "ssim", "fid",
    "grad", "gradient", "error", "err", "score", "kl", "entropy", "wer", "cer", "r2", "nll", "elbo",
    "bpb", "bpc", "top1", "top5", "eval",
})  # fmt: skip
"""Words in the names of quantities that training logs hold."""

LOSSES = METRICS & {"loss", "losses", "mse", "mae", "rmse", "nll", "perplexity", "ppl"}
"""Those of them that a training makes fall."""

STAMPS = ("timestamp", "wall_time", "walltime", "datetime", "date", "time")
"""Columns that may hold the time of day of each row, the likeliest first."""

ELAPSED = (
    "time_elapsed", "elapsed", "elapsed_time", "elapsed_s", "relative_time", "runtime",
    "time_total_s", "total_time", "time",
)  # fmt: skip
"""Columns that may hold the seconds since the start, the likeliest first."""

SPLIT_COLUMNS = frozenset(
    {"phase", "split", "mode", "stage", "set", "subset", "partition", "dataset"}
)
"""Columns that name the part of the data that a row is about."""

SPLITS = frozenset({"train", "training", "val", "valid", "validation", "dev", "eval", "evaluation",
                    "test", "testing"})  # fmt: skip
"""The names of those parts."""


def words(name: str) -> str:
    """Return a name in lower case with ``_`` between its words: ``TotalEnvInteracts`` split up."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def counted(name: str) -> Axis | None:
    """Return what a column counts by its name, or ``None`` if it is no step column."""
    for spelled in (words(name), words(name.rpartition("/")[2])):
        for names, axis in ((ENV_STEPS, Axis.ENV_STEP), (STEPS, Axis.STEP), (EPOCHS, Axis.EPOCH)):
            if spelled in names:
                return axis
    return None


def timed(name: str) -> bool:
    """Tell whether a column is named like a clock."""
    return words(name) in (*STAMPS, *ELAPSED)


def sure(name: str) -> bool:
    """Tell whether a step column by this name proves a training log."""
    return words(name) in SURE or words(name.rpartition("/")[2]) in SURE


def metric(name: str) -> bool:
    """Tell whether a name holds a word for a quantity that training logs hold."""
    return not METRICS.isdisjoint(words(name).split("_"))


def loss(name: str) -> bool:
    """Tell whether a name holds a word for a quantity that a training makes fall."""
    return not LOSSES.isdisjoint(words(name).split("_"))


def pair(header: Sequence[str]) -> bool:
    """Tell whether the header names one quantity for training and for validation."""
    found = {words(name) for name in header}
    return any(
        f"{split}_{name}" in found
        for split in ("val", "valid", "validation", "eval", "test")
        for name in (spelled.removeprefix("train_") for spelled in found)
        if metric(name)
    )
