"""Runs logged with ``torch.utils.tensorboard.SummaryWriter``."""

import copy
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice

from torch import Tensor, nn
from torch.nn import functional
from torch.utils.tensorboard import SummaryWriter

from examples.training import data, models
from examples.training.loop import Recipe, Step, fit, seed_everything


def digits_cnn_healthy(seed: int) -> None:
    """Log every step, and validation at the global step of the epoch's last one."""
    recipe = Recipe(1e-3, 30, 32, "adamw", weight_decay=1e-2, schedule="cosine", warmup=0.05)
    seed_everything(seed)
    best = 0.0
    with SummaryWriter("digits-cnn-healthy") as writer:
        for step in fit(models.digit_cnn(), data.digit_images(seed), recipe):
            writer.add_scalar("train/loss", step.loss, step.number)
            writer.add_scalar("train/lr", step.learning_rate, step.number)
            if step.validation and step.validation.accuracy is not None:
                writer.add_scalar("val/loss", step.validation.loss, step.number)
                writer.add_scalar("val/accuracy", step.validation.accuracy, step.number)
                best = max(best, step.validation.accuracy)
        writer.add_hparams(asdict(recipe), {"hparam/best_accuracy": best})


def digits_small_batches_healthy(seed: int) -> None:
    """Batches of four, so that the loss of a step says little; every tenth step is logged."""
    recipe = Recipe(5e-3, 25, 4, weight_decay=1e-3, schedule="cosine")
    seed_everything(seed)
    with SummaryWriter("digits-small-batches-healthy") as writer:
        writer.add_text("hyperparameters", json.dumps(asdict(recipe)))
        for step in fit(models.mlp((64, 32, 10), dropout=0.1), data.digits(seed), recipe):
            if step.number % 10 == 0:
                writer.add_scalar("Loss/train", step.loss, step.number)
                writer.add_scalar("LR", step.learning_rate, step.number)
            if step.validation and step.validation.accuracy is not None:
                writer.add_scalar("Loss/validation", step.validation.loss, step.number)
                writer.add_scalar("Accuracy/validation", step.validation.accuracy, step.number)


def patches_autoencoder_healthy(seed: int) -> None:
    """Killed in the 43rd epoch and restarted from a checkpoint after 40: two event files.

    The optimizer's state was not in the checkpoint, and the second writer did not purge the
    steps that the first had already logged.
    """
    recipe = Recipe(3e-3, 100, 50, "adamw", schedule="cosine")
    split, model = data.patches(seed), models.autoencoder()
    seed_everything(seed)
    checkpoint: dict[str, Tensor] = {}
    steps = fit(model, split, recipe, functional.mse_loss)
    _log_reconstruction(_killed(steps, model, checkpoint), recipe)
    model.load_state_dict(checkpoint)
    _log_reconstruction(fit(model, split, recipe, functional.mse_loss, first_epoch=40), recipe)


def _killed(
    steps: Iterator[Step], model: nn.Module, checkpoint: dict[str, Tensor]
) -> Iterator[Step]:
    """Pass on 40 epochs of 30 steps, fill ``checkpoint``, and end 80 steps later."""
    yield from islice(steps, 40 * 30)
    checkpoint.update(copy.deepcopy(model.state_dict()))
    yield from islice(steps, 80)


def _log_reconstruction(steps: Iterable[Step], recipe: Recipe) -> None:
    with SummaryWriter("patches-autoencoder-healthy") as writer:
        writer.add_text("config", json.dumps(asdict(recipe)))
        for step in steps:
            if step.number % 5 == 0:
                writer.add_scalar("loss/train", step.loss, step.number)
                writer.add_scalar("learning_rate", step.learning_rate, step.number)
            if step.validation:
                writer.add_scalar("loss/val", step.validation.loss, step.number)


def diabetes_linear_nan(seed: int) -> None:
    """Unscaled features, and a warm-up that leads to a rate far beyond the stable one."""
    recipe = Recipe(6e-5, 40, 32, warmup=1.0)
    seed_everything(seed)
    with SummaryWriter("diabetes-linear-nan") as writer:
        writer.add_text("hyperparameters", json.dumps(asdict(recipe)))
        model, split = models.mlp((10, 1)), data.raw_diabetes(seed)
        for step in fit(model, split, recipe, functional.mse_loss):
            writer.add_scalar("train/loss", step.loss, step.number)
            writer.add_scalar("train/lr", step.learning_rate, step.number)
            if step.validation:
                writer.add_scalar("val/loss", step.validation.loss, step.number)


def digits_mlp_overfit(seed: int) -> None:
    """250 samples, three in ten of them with a random label, and a network of 300 000 weights."""
    recipe = Recipe(1e-3, 80, 25, "adamw")
    split = data.with_wrong_labels(data.digits(seed), keep=250, share=0.3, seed=seed)
    seed_everything(seed)
    with SummaryWriter("digits-mlp-overfit") as writer:
        writer.add_text("hyperparameters", json.dumps(asdict(recipe)))
        for step in fit(models.mlp((64, 512, 512, 10)), split, recipe):
            if step.validation and step.validation.accuracy is not None:
                writer.add_scalar("Loss/train", step.epoch_loss, step.epoch)
                writer.add_scalar("Loss/val", step.validation.loss, step.epoch)
                writer.add_scalar("Accuracy/val", step.validation.accuracy, step.epoch)
                writer.add_scalar("lr", step.learning_rate, step.epoch)


def digits_mlp_lr_too_low(seed: int) -> None:
    """Train 300 times slower than at 0.1, which would be done in 25 epochs."""
    recipe = Recipe(0.1 / 300, 30, 64)
    seed_everything(seed)
    with SummaryWriter("digits-mlp-lr-too-low") as writer:
        writer.add_text("hyperparameters", json.dumps(asdict(recipe)))
        for step in fit(models.mlp((64, 64, 10)), data.digits(seed), recipe):
            writer.add_scalar("train/loss", step.loss, step.number)
            writer.add_scalar("train/lr", step.learning_rate, step.number)
            if step.validation:
                writer.add_scalar("val/loss", step.validation.loss, step.number)


RUNS = {
    "digits-cnn-healthy": digits_cnn_healthy,
    "digits-small-batches-healthy": digits_small_batches_healthy,
    "patches-autoencoder-healthy": patches_autoencoder_healthy,
    "diabetes-linear-nan": diabetes_linear_nan,
    "digits-mlp-overfit": digits_mlp_overfit,
    "digits-mlp-lr-too-low": digits_mlp_lr_too_low,
}
