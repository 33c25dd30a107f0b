"""Writes what the Trainer and LLaMA-Factory write, and reads it as the engine does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from advisor.reader import Claim, Refusal
from advisor.run import Run
from advisor.walk import walk
from advisor_huggingface.reader import HuggingFaceReader

Row = dict[str, Any]


def rows(last: int, every: int = 10, per_epoch: int = 50, start: float = 2.0) -> list[Row]:
    """Return training rows up to step ``last``, and an evaluation after each epoch."""
    made: list[Row] = []
    for step in range(every, last + 1, every):
        epoch, loss = step / per_epoch, round(start / (1 + step / 40), 4)
        made.append({"epoch": epoch, "learning_rate": 1e-4, "loss": loss, "step": step})
        if step % per_epoch == 0:
            made.append({"epoch": epoch, "eval_loss": loss + 0.1, "step": step})
    return made


def state(history: Sequence[Row], **fields: Any) -> str:
    """Return a state as the Trainer saves it: sorted, indented by two, NaN bare."""
    done = max((row["step"] for row in history), default=0)
    held = {
        "best_model_checkpoint": None,
        "epoch": 1.0,
        "global_step": done,
        "is_world_process_zero": True,
        "log_history": list(history),
        "logging_steps": 10,
        "max_steps": 100,
        "num_train_epochs": 2,
        "stateful_callbacks": {"TrainerControl": {"args": {"should_training_stop": False}}},
        "train_batch_size": 8,
    }
    return json.dumps({**held, **fields}, indent=2, sort_keys=True) + "\n"


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def factory_log(last: int, *, loss: bool = True) -> str:
    """Return LLaMA-Factory's log, a row every 5 of ``last`` steps, one second each."""
    made = []
    for step in range(5, last + 1, 5):
        row: Row = {"current_steps": step, "total_steps": 100}
        if loss:
            row.update(loss=round(2 / step, 4), lr=5e-5, epoch=step / 50)
        row.update(percentage=float(step), elapsed_time=f"0:{step // 60:02}:{step % 60:02}")
        made.append(json.dumps({**row, "remaining_time": "0:01:00"}))
    return "\n".join(made) + "\n"


def samples(folder: Path) -> None:
    """Write an output directory with 68 values and a copy of a part, and a log of 60."""
    full = [*rows(100), {"epoch": 2.0, "step": 100, "train_loss": 0.9, "train_runtime": 12.5}]
    put(folder / "out" / "trainer_state.json", state(full))
    put(folder / "out" / "checkpoint-50" / "trainer_state.json", state(rows(50)))
    put(folder / "out" / "training_args.json", '{"learning_rate": 0.0001}')
    put(folder / "factory" / "trainer_log.jsonl", factory_log(100))


POINTS = 10 * 3 + 2 * 2 + 3 + 20 * 3


def look(logs: Path) -> tuple[list[Claim], list[Refusal]]:
    """Return what the reader claims and what it refuses."""
    found = list(HuggingFaceReader().claim(walk(logs)))
    claims = [each for each in found if isinstance(each, Claim)]
    return claims, [each for each in found if isinstance(each, Refusal)]


def read(logs: Path) -> list[Run]:
    """Read every run below LOGS."""
    base = logs if logs.is_dir() else logs.parent
    reader = HuggingFaceReader()
    return [run for claim in look(logs)[0] for run in reader.read(replace(claim, base=base))]


def only(logs: Path) -> Run:
    """Read the one run below LOGS."""
    (run,) = read(logs)
    return run
