"""The real Trainer writes, and all that it logged is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.plugins.advisor_huggingface.writing import only

pytestmark = [
    pytest.mark.needs("transformers", "torch", "accelerate"),
    pytest.mark.filterwarnings("ignore"),
]


def test_what_the_trainer_logged_is_read_from_its_checkpoints(tmp_path: Path) -> None:
    logged = _train(tmp_path / "out")
    run = only(tmp_path)
    assert run.name == "out"
    for tag in ("loss", "eval_loss", "grad_norm", "learning_rate", "train_loss"):
        expected = [(row["step"], row[tag]) for row in logged if tag in row]
        series = run.series[tag]
        assert list(zip(series.steps.tolist(), series.values.tolist(), strict=True)) == expected
    assert run.config["max_steps"].value == 16
    assert run.config["train_batch_size"].value == 4


def _train(folder: Path) -> list[dict[str, float]]:
    import torch
    from transformers import Trainer, TrainingArguments

    class Model(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = torch.nn.Linear(3, 1)

        def forward(self, x: Any, labels: Any) -> dict[str, Any]:
            out = self.linear(x).squeeze(-1)
            return {"loss": ((out - labels) ** 2).mean(), "logits": out}

    torch.manual_seed(0)
    inputs = torch.randn(32, 3)
    data = [{"x": row, "labels": row.sum()} for row in inputs]
    arguments = TrainingArguments(
        str(folder),
        num_train_epochs=2,
        per_device_train_batch_size=4,
        logging_steps=2,
        eval_strategy="epoch",
        save_strategy="epoch",
        report_to=[],
        use_cpu=True,
        disable_tqdm=True,
    )
    trainer = Trainer(Model(), arguments, train_dataset=data, eval_dataset=data[:8])
    trainer.train()
    trainer.save_state()
    return list(trainer.state.log_history)
