"""Runs logged with the ``Trainer`` of Hugging Face transformers, reporting to TensorBoard."""

import numpy as np
from torch import Tensor
from torch.utils.data import Dataset
from transformers import (
    EvalPrediction,
    PrinterCallback,
    Trainer,
    TrainingArguments,
    ViTConfig,
    ViTForImageClassification,
)

from examples.training import data
from examples.training.loop import seed_everything


class Digits(Dataset[dict[str, Tensor]]):
    """Digits as the model takes them: ``pixel_values`` of shape (1, 8, 8), and ``labels``."""

    def __init__(self, images: Tensor, classes: Tensor) -> None:
        self.images, self.classes = images, classes

    def __len__(self) -> int:
        return len(self.classes)

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        return {"pixel_values": self.images[index], "labels": self.classes[index]}


def small_transformer() -> ViTForImageClassification:
    """Return a randomly initialised vision transformer of two layers for 8 by 8 digits."""
    config = ViTConfig(
        image_size=8,
        patch_size=2,
        num_channels=1,
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        hidden_dropout_prob=0.2,
    )
    config.num_labels = 10
    return ViTForImageClassification(config)


def digits_vit_healthy(seed: int) -> None:
    """Warm-up, then a cosine decay to zero, until validation is flat."""
    seed_everything(seed)
    split = data.digit_images(seed)
    arguments = TrainingArguments(
        output_dir="digits-vit-healthy",
        learning_rate=2e-3,
        num_train_epochs=30,
        warmup_steps=100,
        lr_scheduler_type="cosine",
        weight_decay=0.05,
        per_device_train_batch_size=32,
        per_device_eval_batch_size=450,
        logging_steps=10,
        eval_strategy="epoch",
        save_strategy="no",
        report_to="tensorboard",
        seed=seed,
        use_cpu=True,
        disable_tqdm=True,
    )
    trainer = Trainer(
        model=small_transformer(),
        args=arguments,
        train_dataset=Digits(split.train_x, split.train_y),
        eval_dataset=Digits(split.val_x, split.val_y),
        compute_metrics=_accuracy,
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()


def _accuracy(prediction: EvalPrediction) -> dict[str, float]:
    right = np.asarray(prediction.predictions).argmax(1) == prediction.label_ids
    return {"accuracy": float(right.mean())}


RUNS = {"digits-vit-healthy": digits_vit_healthy}
