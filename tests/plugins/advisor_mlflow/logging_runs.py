"""Logs runs with the real MLflow into the store that is named as the first argument."""

from __future__ import annotations

import math
import os
import sys

import mlflow

TRAINED = {"lr": 0.1, "optimizer": "sgd", "amp": True, "model/width": 64, "sched": {"warmup": 5}}


def main(store: str) -> None:
    """Log a finished run that was resumed, a killed one, a deleted one and an empty one."""
    mlflow.set_tracking_uri(store)
    mlflow.set_experiment("trials")
    with mlflow.start_run(run_name="first") as first:
        mlflow.log_params(TRAINED)
        for step in range(20):
            mlflow.log_metric("train/loss", 1 / (step + 1), step=step)
        for step in (5, 10):
            mlflow.log_metric("val acc", step / 20, step=step)
        for step, value in enumerate((math.nan, math.inf, -math.inf, 2.5)):
            mlflow.log_metric("odd", value, step=step)
        for value in (3.0, 2.0, 1.0):
            mlflow.log_metric("unstepped", value)
    with mlflow.start_run(run_id=first.info.run_id):
        for step in range(10, 25):
            mlflow.log_metric("train/loss", 0.5 / (step + 1), step=step)
    with mlflow.start_run(run_name="killed"):
        mlflow.log_metric("loss", 1.0, step=0)
        mlflow.end_run("KILLED")
    with mlflow.start_run(run_name="deleted") as deleted:
        mlflow.log_metric("loss", 1.0, step=0)
    mlflow.delete_run(deleted.info.run_id)
    with mlflow.start_run(run_name="empty"):
        pass


if __name__ == "__main__":
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    main(sys.argv[1])
