"""Programs of Lightning and of Hugging Face, with the real packages."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from advisor_probe.adapters import HuggingFaceAdapter, LightningAdapter
from advisor_probe.target import TargetError
from tests.plugins.advisor_probe.probing import found, parts, probed

pytestmark = [pytest.mark.needs("torch"), pytest.mark.filterwarnings("ignore")]

STATIC = ("one-step", "initial-loss", "outputs", "layers", "loop", "overfit")


def lit(**more: Any) -> Any:
    import lightning

    torch, functional = parts()["torch"], parts()["F"]

    class Lit(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = parts()["net"]()
            self.automatic_optimization = more.get("automatic", True)

        def training_step(self, batch: Any, _index: int) -> Any:
            loss = functional.cross_entropy(self.net(batch[0]), batch[1])
            self.log("train_loss", loss)
            return {"loss": loss}

        def configure_optimizers(self) -> Any:
            count = more.get("optimizers", 1)
            made = [torch.optim.Adam(self.parameters(), 1e-2) for _ in range(count)]
            return made, []

    return Lit()


@pytest.mark.needs("lightning")
def test_a_lightning_module_with_its_data_is_probed() -> None:
    import lightning

    class Data(lightning.LightningDataModule):
        def train_dataloader(self) -> Any:
            return parts()["batches"]()

        def val_dataloader(self) -> Any:
            return parts()["batches"](seed=1)

    target = LightningAdapter().adapt((lit(), Data()))
    run = probed(target, *STATIC)
    assert found(run) == set()
    assert run.config["one-step.optimizer"].value == "Adam"
    assert "advisor-probe/overfit/ratio" in run.series


@pytest.mark.needs("lightning")
def test_what_lightning_does_by_hand_or_twice_is_refused_with_the_reason() -> None:
    loader = parts()["batches"]()
    with pytest.raises(TargetError, match="by hand"):
        LightningAdapter().adapt((lit(automatic=False), loader))
    target = LightningAdapter().adapt((lit(optimizers=2), loader))
    with pytest.raises(TargetError, match="2 optimizers"):
        probed(target, "one-step")


@pytest.mark.needs("transformers", "accelerate")
def test_a_hugging_face_trainer_is_probed(tmp_path: Path) -> None:
    import transformers

    torch = parts()["torch"]
    made = torch.Generator().manual_seed(0)
    rows = [
        {
            "input_ids": (row := torch.randint(0, 20, (8,), generator=made)),
            "labels": int(row[0] > 9),
        }
        for _ in range(96)
    ]
    config = transformers.DistilBertConfig(
        vocab_size=20, dim=16, hidden_dim=32, n_layers=1, n_heads=2
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = transformers.Trainer(
            model=transformers.DistilBertForSequenceClassification(config),
            args=transformers.TrainingArguments(
                str(tmp_path), learning_rate=1e-3, use_cpu=True, report_to=[]
            ),
            train_dataset=rows,
            eval_dataset=rows[:32],
        )
    run = probed(HuggingFaceAdapter().adapt(trainer), "one-step", "initial-loss", "outputs", "loop")
    assert found(run) == set()
    assert run.config["one-step.loss"].value == "cross-entropy"


@pytest.mark.parametrize("other", [5, (1, 2), None, dict])
def test_what_is_neither_is_left_to_others(other: object) -> None:
    assert LightningAdapter().adapt(other) is None
    assert HuggingFaceAdapter().adapt(other) is None
