"""Runs logged with ``tensorboardX``."""

from dataclasses import asdict, replace

from tensorboardX import SummaryWriter

from examples.training import data, models
from examples.training.loop import Recipe, fit, seed_everything


def digits_finetune_healthy(seed: int) -> None:
    """Go on from a network trained on one half of the data, with the other half."""
    first = Recipe(1e-3, 12, 32, "adamw", weight_decay=1e-2)
    recipe = Recipe(3e-4, 20, 32, "adamw", weight_decay=1e-2, schedule="cosine")
    split, model = data.digit_images(seed), models.digit_cnn()
    half = len(split.train_x) // 2
    seed_everything(seed)
    for _ in fit(model, _rows(split, slice(half)), first):
        pass  # the training before, which its log does not show
    with SummaryWriter("digits-finetune-healthy") as writer:
        writer.add_text("hyperparameters", str(asdict(recipe)))
        for step in fit(model, _rows(split, slice(half, None)), recipe):
            writer.add_scalar("train/loss", step.loss, step.number)
            writer.add_scalar("train/learning_rate", step.learning_rate, step.number)
            if step.validation and step.validation.accuracy is not None:
                writer.add_scalar("eval/loss", step.validation.loss, step.number)
                writer.add_scalar("eval/accuracy", step.validation.accuracy, step.number)


def _rows(split: data.Split, rows: slice) -> data.Split:
    return replace(split, train_x=split.train_x[rows], train_y=split.train_y[rows])


def wine_no_validation(seed: int) -> None:
    """Trained well, on all that was logged: nobody looked at the validation data."""
    recipe = Recipe(1e-2, 40, 16, weight_decay=1e-2, schedule="cosine")
    seed_everything(seed)
    with SummaryWriter("wine-no-validation") as writer:
        writer.add_text("hyperparameters", str(asdict(recipe)))
        for step in fit(models.mlp((13, 16, 3)), data.wine(seed), recipe):
            writer.add_scalar("train/loss", step.loss, step.number)
            writer.add_scalar("train/learning_rate", step.learning_rate, step.number)


RUNS = {
    "digits-finetune-healthy": digits_finetune_healthy,
    "wine-no-validation": wine_no_validation,
}
