"""The symptoms that rules share: findings of one run that show the same one are one diagnosis."""

from __future__ import annotations

NOT_FINITE = "the loss is not finite"
LOSS_RISES = "the training loss rises"
VALIDATION_WORSE = "validation gets worse"
STOPPED_EARLY = "training stopped early"
TOO_SLOW = "the loss falls too slowly"
LOSS_UNSTEADY = "the training loss is unsteady"
EARLY_SPIKE = "the loss spikes at the start"
PLATEAU = "the loss no longer falls"
LOSS_AGAINST_METRIC = "loss and metric disagree"
METRIC_UNKNOWN = "the metric is not known"
CANNOT_GENERALIZE = "generalization cannot be judged"
LOG_TOO_THIN = "the log is too thin"
