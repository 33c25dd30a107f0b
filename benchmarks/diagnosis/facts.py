"""What is true of a training whatever was planted: measured, where seeds vary, over the seeds."""

from __future__ import annotations

import numpy as np

from benchmarks.diagnosis.plan import faster, longer
from benchmarks.diagnosis.schedules import factor
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.training import Floats
from benchmarks.diagnosis.truth import ACCURACY, LOSS, Judge, Truth

ASK = {"still-improving": longer, "lr-too-low": faster}
"""Rules that ask for another training, and which."""
NOT_KEPT = "best-checkpoint-not-kept"
TOO_FAR = {"past-best", "early-stopping-missing", NOT_KEPT}
OVERFITS = {"overfitting", "more-data-or-regularization"}
LOSS_MISLEADS = "loss-is-not-the-metric"
MISLEADS = {"val-loss-rises-metric-holds", LOSS_MISLEADS}


def facts(judge: Judge, setup: Setup, objective: str) -> set[str]:
    """Return the rules whose findings are true of a training that shows ``objective``."""
    found = _blown_up(judge.results(setup))
    if judge.past_best(setup, objective):
        found |= TOO_FAR
    if overfits(judge, setup):
        found |= OVERFITS
        if not judge.past_best(setup, ACCURACY):
            found |= MISLEADS
    if judge.loss_misleads(setup):
        found.add(LOSS_MISLEADS)
    found |= {
        rule for rule, instead in ASK.items() if judge.better_as(instead(setup), setup, objective)
    }
    if judge.sooner_as(faster(setup), setup, objective):
        found.add("lr-too-low")
    return found


def unknown(judge: Judge, setup: Setup, truth: Truth, *, stop_shown: bool) -> tuple[str, ...]:
    """Return the rules of which nobody knows whether they are right.

    What a fault holds back may gain from more steps, or from larger ones, where these were not
    trained. What is healthy or harmless is as good as something that does not. What early stopping
    ended is judged by its best state, and no log says whether that was kept; a log that does not
    show early stopping looks like that of a run that went too far. Seeds that stop at epochs of
    their own do not show whether the lowest loss misleads.
    """
    found: set[str] = set()
    if setup.patience:
        found |= {NOT_KEPT, LOSS_MISLEADS} if stop_shown else TOO_FAR | OVERFITS | MISLEADS
    if truth.state == "planted":
        found |= {rule for rule, instead in ASK.items() if not judge.was_made(instead(setup))}
    return tuple(sorted(found))


def overfits(judge: Judge, setup: Setup) -> bool:
    """Tell whether the validation loss got worse while the training loss got better."""
    if not judge.past_best(setup, LOSS):
        return False
    arrays = judge.results(setup)
    train = by_epoch(arrays)
    best = int(np.argmin(np.nan_to_num(arrays["val_loss"], nan=np.inf)))
    return bool(train[-1] < train[best])


def lowered(setup: Setup, arrays: dict[str, Floats]) -> bool:
    """Tell whether the learning rate ended below a tenth of its peak."""
    if not len(arrays["ends"]):
        return False
    steps = (int(arrays["ends"][0]) + 1) * setup.epochs
    return factor(setup, min(len(arrays["loss"]) / steps, 1.0)) < 0.1


def scatters(arrays: dict[str, Floats]) -> bool:
    """Tell whether the last epoch's losses vary by more than half of the epochs gained."""
    train = by_epoch(arrays)
    if len(train) < 2 or not np.isfinite(train).all():
        return False
    last = arrays["loss"][int(arrays["ends"][-2]) + 1 : int(arrays["ends"][-1]) + 1]
    return bool(np.std(last) > train[len(train) // 2] - train[-1])


def _blown_up(arrays: dict[str, Floats]) -> set[str]:
    if not np.isfinite(arrays["loss"]).all():
        return {"loss-not-finite"}
    train = by_epoch(arrays)
    # Worse at the end than in its first epoch, by any measure of worse.
    return {"diverged"} if len(train) > 1 and train[-1] > train[0] else set()


def by_epoch(arrays: dict[str, Floats]) -> Floats:
    """Return the mean training loss of each epoch."""
    ends = arrays["ends"].astype(int)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    means = [arrays["loss"][a : b + 1].mean() for a, b in zip(starts, ends, strict=True)]
    return np.asarray(means, dtype=np.float64)
