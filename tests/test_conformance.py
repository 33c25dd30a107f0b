"""Every built-in rule, reader and renderer through the kit that outsiders use."""

from __future__ import annotations

import math
from pathlib import Path

from advisor.manager import load_plugins
from advisor.renderer import Renderer
from advisor.rule import BaseRule
from advisor.testing import (
    ReaderCase,
    parametrize_readers,
    parametrize_renderers,
    parametrize_rules,
)
from advisor.testing.checks import Check
from tests.plugins.advisor_huggingface import writing as huggingface_writing
from tests.plugins.advisor_jsonl import writing as jsonl_writing
from tests.plugins.advisor_mlflow import writing as mlflow_writing
from tests.plugins.advisor_probe.writing import probe_samples
from tests.plugins.advisor_tensorboard import writing
from tests.plugins.advisor_textlog import writing as textlog_writing
from tests.plugins.advisor_wandb import writing as wandb_writing

PLUGINS = load_plugins()


def csv_samples(folder: Path) -> None:
    """Write tables as Lightning and Keras do: 12 + 3 values with 15 epochs, and 4 times 10."""
    lightning = folder / "lightning_logs" / "version_0"
    lightning.mkdir(parents=True)
    (lightning / "hparams.yaml").write_text("lr: 0.1\nbatch_size: 32\n", encoding="utf-8")
    rows = ["epoch,step,train_loss,val_loss"]
    rows += [f"{i // 4},{i},{1 / (i + 1):.6f}," for i in range(12)]
    rows += [f"{i},{4 * i + 3},,{0.5 + 1 / (i + 1):.6f}" for i in range(3)]
    (lightning / "metrics.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    keras = ["epoch,accuracy,loss,val_accuracy,val_loss"]
    keras += [f"{i},{0.5 + i / 50},{2 / (i + 1)},0.5,nan" for i in range(10)]
    (folder / "training.csv").write_text("\r\n".join(keras) + "\r\n", encoding="utf-8")


def event_samples(folder: Path) -> None:
    """Write event files of two runs: 10 + 2 and 8 values."""
    for name in ("baseline", "wide"):
        (folder / name).mkdir()
    first = [writing.version()]
    first += [writing.scalar("train/loss", step, 2.0 / (step + 1)) for step in range(0, 100, 10)]
    first += [writing.scalar("val/loss", step, math.nan) for step in (50, 100)]
    (folder / "baseline" / writing.NAME).write_bytes(b"".join(first))
    second = [writing.version()]
    second += [writing.tf2_scalar("train/loss", step, 1.0 / (step + 1)) for step in range(8)]
    (folder / "wide" / writing.NAME).write_bytes(b"".join(second))


def mlflow_samples(folder: Path) -> None:
    """Write a file store of two runs: 12 + 3 and 8 values."""
    metrics = {"train/loss": range(12), "val acc": ["nan", 0.5, 0.6]}
    texts = {name: mlflow_writing.lines(values) for name, values in metrics.items()}
    mlflow_writing.run(folder / "mlruns", texts, {"lr": "0.1", "model": "{'width': 8}"})
    loss = {"loss": mlflow_writing.lines(range(8))}
    mlflow_writing.run(folder / "mlruns", loss, name=mlflow_writing.OTHER, status=5)


def mlflow_database_samples(folder: Path) -> None:
    """Write a database of one run with 10 values."""
    mlflow_writing.database(folder / "mlflow.db")


def wandb_samples(folder: Path) -> None:
    """Write run folders: one run of two parts with 8 + 4 values, and one of 10."""
    rows = [wandb_writing.stepped(step, {"loss": 1 / (step + 1)}) for step in range(12)]
    for day, part in ((1, rows[:8]), (2, rows[8:])):
        where = wandb_writing.folder(folder, "a1", f"2024010{day}_000000")
        wandb_writing.run_file(where, "a1", [wandb_writing.began({"lr": 0.1}), *part])
    where = wandb_writing.folder(folder, "b2", how="offline-run")
    wandb_writing.run_file(where, "b2", [*rows[:10], wandb_writing.ended()])


def wandb_chart_samples(folder: Path) -> None:
    """Write a chart of two runs with 9 values each."""
    names = [f'"{run} - loss{band}"' for run in "ab" for band in ("", "__MIN", "__MAX")]
    rows = [",".join([f'"{step}"', *[f'"{1 / (step + 1)}"'] * 6]) for step in range(9)]
    (folder / "chart.csv").write_text("\n".join([",".join(['"Step"', *names]), *rows]))


def wandb_history_samples(folder: Path) -> None:
    """Write a history of 7 values as a table, and one of 6 as lines."""
    rows = [f"{step},{step / 2},{1 / (step + 1)}" for step in range(7)]
    (folder / "history.csv").write_text("\n".join(["_step,_runtime,loss", *rows]) + "\n")
    lines = [f'{{"_step": {step}, "_runtime": {step}, "loss": NaN}}\n' for step in range(6)]
    (folder / "history.jsonl").write_text("".join(lines))


def text_samples(folder: Path) -> None:
    """Write 96 values of llm.c, twice 36 of a speedrun, and 25 and 50 of two unknown trainings."""
    texts = {
        "log124M/main.log": textlog_writing.llmc(30),
        "speedrun.txt": [textlog_writing.LISTING, *textlog_writing.modded(10) * 2],
        "train.log": [f"epoch {i} loss: {1 / (i + 1)}" for i in range(25)],
        "slurm.out": textlog_writing.epochs(25),
    }
    (folder / "log124M").mkdir()
    for name, lines in texts.items():
        (folder / name).write_text(textlog_writing.text(lines), encoding="utf-8")


SAMPLES = {
    "csv": (csv_samples, 70),
    "huggingface": (huggingface_writing.samples, huggingface_writing.POINTS),
    "json-history": (jsonl_writing.history_samples, 4),
    "jsonl": (jsonl_writing.samples, jsonl_writing.POINTS),
    "mlflow": (mlflow_samples, 23),
    "mlflow-database": (mlflow_database_samples, 10),
    "probe": (probe_samples, 13),
    "tensorboard": (event_samples, 20),
    "tensorboard-download": (jsonl_writing.download_samples, 8),
    "text-log": (text_samples, 243),
    "wandb": (wandb_samples, 22),
    "wandb-chart": (wandb_chart_samples, 18),
    "wandb-history": (wandb_history_samples, 13),
}
"""By reader, a function that writes logs, and how many values it writes."""

CASES = tuple(ReaderCase(PLUGINS.readers[name], *SAMPLES[name]) for name in SAMPLES)


NATS = "ln(C) is in nats: in another unit, a cross-entropy cannot be held against guessing"
ABSOLUTE = ("initial-loss", "hockey-stick", "logits-vs-softmax", "first-steps-too-large")
"""Rules that need the one loss that has a unit."""


@parametrize_rules(
    PLUGINS.rules.values(),
    expected_failures={f"{name}:unit_of_the_loss_does_not_matter": NATS for name in ABSOLUTE},
)
def test_a_rule_keeps_its_promises(rule: type[BaseRule], check: Check[type[BaseRule]]) -> None:
    check(rule)


@parametrize_readers(CASES)
def test_a_reader_keeps_its_promises(reader: ReaderCase, check: Check[ReaderCase]) -> None:
    check(reader)


@parametrize_renderers(PLUGINS.renderers.values())
def test_a_renderer_keeps_its_promises(renderer: Renderer, check: Check[Renderer]) -> None:
    check(renderer)


def test_every_plugin_that_is_built_in_loads() -> None:
    assert not PLUGINS.problems
    assert PLUGINS.rules
    assert set(PLUGINS.readers) == set(SAMPLES)
