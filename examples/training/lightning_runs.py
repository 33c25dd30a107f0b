"""Runs logged with Lightning's ``CSVLogger`` and ``TensorBoardLogger``."""

import logging
import warnings
from dataclasses import asdict
from typing import Any

import lightning
from lightning.pytorch.callbacks import LearningRateMonitor
from lightning.pytorch.loggers import CSVLogger, Logger, TensorBoardLogger
from lightning.pytorch.utilities.types import OptimizerLRScheduler
from torch import Tensor
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

from examples.training import data, models
from examples.training.loop import Recipe, make_optimizer, rate_factor, seed_everything

Batch = tuple[Tensor, Tensor]


class Network(lightning.LightningModule):
    """An MLP that predicts classes, or numbers where ``widths`` ends in 1."""

    def __init__(self, widths: list[int], **hyperparameters: Any) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.recipe = Recipe(**hyperparameters)
        self.model = models.mlp(tuple(widths))

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Return the squared error of real targets, the cross-entropy of classes."""
        if target.is_floating_point():
            return functional.mse_loss(output, target)
        return functional.cross_entropy(output, target)

    def training_step(self, batch: Batch, _: int) -> Tensor:
        """Log the loss of the mini-batch."""
        loss = self.loss(self.model(batch[0]), batch[1])
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch: Batch, _: int) -> None:
        """Log the loss, and the accuracy of classes."""
        output = self.model(batch[0])
        self.log("val_loss", self.loss(output, batch[1]))
        if not batch[1].is_floating_point():
            self.log("val_acc", models.accuracy(output, batch[1]))

    def configure_optimizers(self) -> OptimizerLRScheduler:
        """Follow the recipe, step by step."""
        optimizer = make_optimizer(self.model, self.recipe)
        steps = int(self.trainer.estimated_stepping_batches)
        schedule = LambdaLR(optimizer, lambda step: rate_factor(step, steps, self.recipe))
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }


def _train(widths: list[int], split: data.Split, recipe: Recipe, logger: Logger) -> None:
    logging.getLogger("lightning.pytorch").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="lightning")
    trainer = lightning.Trainer(
        max_epochs=recipe.epochs,
        accelerator="cpu",
        logger=logger,
        log_every_n_steps=5,
        num_sanity_val_steps=0,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        callbacks=[LearningRateMonitor("step")],
    )
    training = TensorDataset(split.train_x, split.train_y)
    validation = TensorDataset(split.val_x, split.val_y)
    trainer.fit(
        Network(widths, **asdict(recipe)),
        DataLoader(training, batch_size=recipe.batch_size, shuffle=True),
        DataLoader(validation, batch_size=len(validation)),
    )


def digits_imbalanced_healthy(seed: int) -> None:
    """Tell eights from the rest: nine in ten samples are of one class."""
    recipe = Recipe(2e-2, 30, 32, weight_decay=2e-3, schedule="cosine")
    seed_everything(seed)
    _train([64, 32, 2], data.eights(seed), recipe, CSVLogger("digits-imbalanced-healthy"))


def digits_mlp_diverged(seed: int) -> None:
    """Warm up to a rate that kills every unit: the loss ends above where it began."""
    recipe = Recipe(0.6, 30, 32, warmup=0.4)
    seed_everything(seed)
    _train([64, 64, 64, 10], data.digits(seed), recipe, CSVLogger("digits-mlp-diverged"))


def diabetes_regression_healthy(seed: int) -> None:
    """Squared error on a target that the features explain by half."""
    recipe = Recipe(5e-3, 40, 32, weight_decay=1e-2, schedule="cosine", warmup=0.1)
    seed_everything(seed)
    logger = TensorBoardLogger("diabetes-regression-healthy")
    _train([10, 16, 1], data.diabetes(seed), recipe, logger)


def diabetes_past_best(seed: int) -> None:
    """Train at a constant rate for a hundred epochs; the best was near the twelfth."""
    recipe = Recipe(2e-3, 100, 16)
    seed_everything(seed)
    logger = TensorBoardLogger("diabetes-past-best")
    _train([10, 12, 1], data.diabetes(seed), recipe, logger)


RUNS = {
    "digits-imbalanced-healthy": digits_imbalanced_healthy,
    "digits-mlp-diverged": digits_mlp_diverged,
    "diabetes-regression-healthy": diabetes_regression_healthy,
    "diabetes-past-best": diabetes_past_best,
}
