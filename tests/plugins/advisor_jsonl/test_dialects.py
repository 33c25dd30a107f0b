from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from advisor.notes import Note, NoteKind
from advisor.run import Axis, Run
from tests.plugins.advisor_jsonl.writing import (
    detectron2,
    lines,
    mmcv,
    mmengine,
    only,
    points,
    put,
    read,
)


def noted(run: Run, kind: NoteKind) -> list[Note]:
    return [note for note in run.notes if note.kind is kind]


def test_iterations_of_mmcv_go_on_over_the_epochs(tmp_path: Path) -> None:
    put(tmp_path / "work/20240101_000000.log.json", lines(mmcv(3, 5)))
    run = only(tmp_path)
    assert run.name == "work"
    assert run.series["train/loss"].steps.tolist() == list(range(1, 16))
    assert points(run, "val/AP") == [(5, 0.26), (10, 0.27), (15, 0.28)]
    assert not noted(run, NoteKind.STEP_GUESSED)
    assert noted(run, NoteKind.ROUNDED)[0].params["digits"] == 5


def test_where_mmcv_leaves_out_the_end_of_an_epoch_the_steps_are_a_guess(tmp_path: Path) -> None:
    put(tmp_path / "x.log.json", lines(mmcv(2, 173, 50)))
    run = only(tmp_path)
    assert run.series["train/loss"].steps.tolist() == [50, 100, 150, 200, 250, 300]
    assert noted(run, NoteKind.STEP_GUESSED)
    assert noted(run, NoteKind.AVERAGED)[0].params["window"] == 50


def test_iterations_of_mmcv_that_run_on_are_steps_as_they_are(tmp_path: Path) -> None:
    train = {"mode": "train", "loss": 0.5}
    rows = [{**train, "epoch": 1 + i // 300, "iter": i} for i in range(50, 1001, 50)]
    rows.insert(10, {"mode": "val", "epoch": 2, "iter": 77, "mIoU": 0.5})
    put(tmp_path / "x.log.json", lines(rows))
    run = only(tmp_path)
    assert run.series["train/loss"].steps.tolist() == list(range(50, 1001, 50))
    assert points(run, "val/mIoU") == [(500, 0.5)]


def test_the_python_text_of_openmmlab_is_parsed_and_never_run(tmp_path: Path) -> None:
    put(tmp_path / "x.log.json", lines(mmcv(1, 5)))
    run = only(tmp_path)
    assert run.config["optimizer.lr"].value == 0.02
    assert run.config["seed"].value == 7


def test_validation_of_mmengine_stands_at_the_end_of_its_epoch(tmp_path: Path) -> None:
    data = tmp_path / "work/20240101_000000/vis_data"
    for name in ("scalars.json", "20240101_000000.json"):
        put(data / name, lines(mmengine(3, 173, 50)))
    put(data / "config.py", "max_epochs = 3\nraise SystemExit\n")
    run = only(tmp_path)
    assert run.name == "work/20240101_000000"
    assert run.series["train/loss"].steps.tolist() == [50, 100, 150, 223, 273, 323, 396, 446, 496]
    assert points(run, "val/coco/bbox_mAP") == [(173, 0.01), (346, 0.02), (519, 0.03)]
    assert run.config["max_epochs"].value == 3
    assert noted(run, NoteKind.AVERAGED)[0].series == ("train/loss",)


def test_detectron2_logs_medians_but_for_rates_and_evaluations(tmp_path: Path) -> None:
    put(tmp_path / "out/metrics.json", lines(detectron2(100)))
    put(tmp_path / "out/config.yaml", "SOLVER:\n  BASE_LR: 0.001\n")
    run = only(tmp_path)
    assert run.name == "out"
    assert run.series["total_loss"].steps.tolist() == [19, 39, 59, 79, 99]
    assert math.isnan(run.series["bbox/APl"].values[0])
    (averaged,) = noted(run, NoteKind.AVERAGED)
    assert set(averaged.series) == {"total_loss", "data_time"}
    assert run.config["SOLVER.BASE_LR"].value == 0.001


def test_iterations_and_a_total_loss_alone_are_not_those_of_detectron2(tmp_path: Path) -> None:
    rows = ({"iteration": i, "total_loss": 20 / i, "lr": 0.001} for i in range(20, 120, 20))
    put(tmp_path / "out/metrics.jsonl", lines(rows))
    run = only(tmp_path)
    assert run.series["total_loss"].steps.tolist() == [20, 40, 60, 80, 100]
    assert not noted(run, NoteKind.AVERAGED)


def test_a_resumed_detectron2_run_is_two_segments(tmp_path: Path) -> None:
    rows = list(detectron2(100))
    put(tmp_path / "metrics.json", lines([*rows[:4], *rows[2:]]))
    run = only(tmp_path)
    (restart,) = noted(run, NoteKind.RESTARTED)
    assert restart.params["step"] == 59
    assert run.series["total_loss"].effective().steps.tolist() == [19, 39, 59, 79, 99]


def test_the_figures_of_a_coco_evaluation_get_their_names(tmp_path: Path) -> None:
    row = {"train_lr": 1e-4, "train_loss": 3.0, "n_parameters": 41000000,
           "test_coco_eval_bbox": [i / 100 for i in range(12)]}  # fmt: skip
    put(tmp_path / "run/log.txt", lines({**row, "epoch": i} for i in range(4)))
    run = only(tmp_path)
    assert run.name == "run"
    assert points(run, "test_coco_eval_bbox.AP75")[0] == (0, 0.02)
    assert run.config["n_parameters"].value == 41000000
    assert run.series["train_loss"].axis is Axis.EPOCH


@pytest.mark.needs("mmengine", "torch")
@pytest.mark.filterwarnings("ignore")
def test_what_mmengine_itself_writes_is_read(tmp_path: Path) -> None:
    _train(tmp_path)
    run = next(run for run in read(tmp_path) if "mmengine" in run.source)
    assert run.series["train/loss"].steps.tolist() == [3, 6, 11, 14]
    assert run.series["val/accuracy"].steps.tolist() == [8, 16]
    assert run.config["optimizer.lr"].value == 0.01


def _train(folder: Path) -> None:
    import torch
    from mmengine.evaluator import BaseMetric, Evaluator
    from mmengine.model import BaseModel
    from mmengine.runner import Runner

    class Model(BaseModel):  # type: ignore[misc]  # mmengine has no types
        def __init__(self) -> None:
            super().__init__()
            self.linear = torch.nn.Linear(2, 1)

        def forward(self, inputs: torch.Tensor, mode: str = "tensor") -> object:
            out = self.linear(inputs)
            return {"loss": (out**2).mean()} if mode == "loss" else [out]

    class Accuracy(BaseMetric):  # type: ignore[misc]  # mmengine has no types
        def process(self, data_batch: object, data_samples: object) -> None:  # noqa: ARG002
            self.results.append(0.5)

        def compute_metrics(self, results: list[float]) -> dict[str, float]:
            return {"accuracy": sum(results) / len(results)}

    torch.manual_seed(0)
    rows: Any = [{"inputs": row} for row in torch.randn(16, 2)]
    loader: Any = torch.utils.data.DataLoader(rows, 2)
    Runner(
        Model(),
        str(folder),
        train_dataloader=loader,
        val_dataloader=loader,
        train_cfg={"by_epoch": True, "max_epochs": 2, "val_interval": 1},
        val_cfg={},
        val_evaluator=Evaluator(Accuracy()),
        optim_wrapper={"optimizer": {"type": "SGD", "lr": 0.01}},
        default_hooks={"logger": {"type": "LoggerHook", "interval": 3}},
        visualizer={"type": "Visualizer", "vis_backends": [{"type": "LocalVisBackend"}]},
        default_scope=None,
        cfg={"optimizer": {"lr": 0.01}},
    ).train()
