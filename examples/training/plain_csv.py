"""Runs logged with the five lines of ``csv`` that people write themselves."""

import csv
from pathlib import Path

from torch import nn

from examples.training import data, models
from examples.training.loop import Recipe, fit, seed_everything


def wine_few_epochs_healthy(seed: int) -> None:
    """124 samples are learned in 16 epochs; there is nothing left to gain."""
    recipe = Recipe(2e-2, 16, 8, weight_decay=1e-2, schedule="cosine")
    seed_everything(seed)
    _train("wine-few-epochs-healthy", models.mlp((13, 16, 3)), data.wine(seed), recipe)


def iris_four_rows(seed: int) -> None:
    """Four epochs, one row each."""
    recipe = Recipe(5e-2, 4, 16)
    seed_everything(seed)
    _train("iris-four-rows", models.mlp((4, 16, 3)), data.iris(seed), recipe)


def _train(name: str, model: nn.Module, split: data.Split, recipe: Recipe) -> None:
    Path(name).mkdir()
    with Path(name, "log.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["epoch", "train_loss", "val_loss", "val_acc", "lr"])
        for step in fit(model, split, recipe):
            if step.validation and step.validation.accuracy is not None:
                measured = (step.epoch_loss, step.validation.loss, step.validation.accuracy)
                rounded = [f"{value:.6f}" for value in measured]
                writer.writerow([step.epoch + 1, *rounded, f"{step.learning_rate:.6g}"])


RUNS = {
    "wine-few-epochs-healthy": wine_few_epochs_healthy,
    "iris-four-rows": iris_four_rows,
}
