"""Real loggers write, TensorBoard's own reader is the judge: every point must agree with it."""

from __future__ import annotations

import math
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor.notes import NoteKind
from advisor.run import Axis, Run
from tests.plugins.advisor_tensorboard.reading import notes, only_run

torch_writer = pytest.mark.needs("torch", "tensorboard")
tensorboardx_writer = pytest.mark.needs("tensorboardX", "tensorboard")
# Importing torch and tensorboard warns about things that are theirs to mend.
pytestmark = pytest.mark.filterwarnings("ignore")

VALUES = [math.nan, math.inf, -math.inf, 0.0, 1 / 3, -2.5e-30]


def oracle(folder: Path) -> dict[str, list[tuple[int, float, float]]]:
    """Return what TensorBoard reads in one directory: step, value and wall time by tag."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util import tensor_util

    reader = EventAccumulator(str(folder), size_guidance={"scalars": 0, "tensors": 0})
    reader.Reload()
    found = {
        tag: [(event.step, event.value, event.wall_time) for event in reader.Scalars(tag)]
        for tag in reader.Tags()["scalars"]
    }
    for tag in reader.Tags()["tensors"]:
        if reader.SummaryMetadata(tag).plugin_data.plugin_name == "scalars":
            found[tag] = [
                (event.step, float(tensor_util.make_ndarray(event.tensor_proto)), event.wall_time)
                for event in reader.Tensors(tag)
            ]
    return found


def agrees(run: Run, tags: dict[str, list[tuple[int, float, float]]]) -> None:
    assert sorted(run.series) == sorted(tags)
    for tag, expected in tags.items():
        series = run.series[tag]
        steps, values, walls = (list(column) for column in zip(*expected, strict=True))
        assert series.steps.tolist() == steps
        assert np.array_equal(series.values, values, equal_nan=True)
        assert series.wall_times is not None
        assert series.wall_times.tolist() == walls


def log_points(writer: Any) -> None:
    for step in range(100):
        writer.add_scalar("train/loss", 1 / (1 + step), step)
        if step % 10 == 0:
            writer.add_scalar("val loss (ü)", VALUES[step // 10 % len(VALUES)], step)
    for step in (2**40, 5, 7):
        writer.add_scalar("jumps", 1.0, step)
    writer.add_histogram("weights", np.arange(1000.0), 3)
    writer.add_image("sample", np.zeros((3, 64, 64), dtype=np.uint8), 3)
    writer.add_text("note", "hello")


@torch_writer
def test_torch_is_read_as_tensorboard_reads_it(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path)) as writer:
        log_points(writer)
    agrees(only_run(tmp_path), oracle(tmp_path))


@torch_writer
@pytest.mark.parametrize("options", [{"new_style": True}, {"double_precision": True}])
def test_torchs_tensor_scalars_are_read_as_tensorboard_reads_them(
    tmp_path: Path, options: dict[str, bool]
) -> None:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path)) as writer:
        for step, value in enumerate(VALUES):
            writer.add_scalar("loss", value, step, **options)
    agrees(only_run(tmp_path), oracle(tmp_path))


@torch_writer
def test_torchs_add_scalars_and_add_hparams_belong_to_their_run(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path / "run")) as writer:
        for step in range(20):
            writer.add_scalar("lr", 0.1, step)
            writer.add_scalars("loss/all", {"train": 1.0 / (1 + step), "val": 2.0}, step)
        settings = {"lr": 0.1, "optimizer": "sgd", "layers": 3, "amp": True}
        writer.add_hparams(settings, {"hparam/best": 0.9})
    run = only_run(tmp_path)
    assert run.name == "run"
    assert {tag: len(series) for tag, series in run.series.items()} == {
        "lr": 20, "loss/all/train": 20, "loss/all/val": 20, "hparam/best": 1,
    }  # fmt: skip
    # torch stores True as the number 1: the plugin's data cannot tell them apart.
    values = {path: entry.value for path, entry in run.config.items()}
    assert values == {"lr": 0.1, "optimizer": "sgd", "layers": 3.0, "amp": 1.0}
    assert len(notes(run, NoteKind.FOLDED)) == 1


@torch_writer
def test_torchs_purge_step_is_read_as_tensorboard_reads_it(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    for count, (first, purge) in enumerate(((0, None), (50, 50))):
        suffix = f".{count}"
        with SummaryWriter(str(tmp_path), purge_step=purge, filename_suffix=suffix) as writer:
            for step in range(first, first + 100):
                writer.add_scalar("loss", 1.0 + count, step)
    run = only_run(tmp_path)
    agrees(run, oracle(tmp_path))
    assert [note.params["step"] for note in notes(run, NoteKind.RESTARTED)] == [50]


@tensorboardx_writer
def test_tensorboardx_is_read_as_tensorboard_reads_it(tmp_path: Path) -> None:
    from tensorboardX import SummaryWriter

    with SummaryWriter(str(tmp_path)) as writer:
        log_points(writer)
    agrees(only_run(tmp_path), oracle(tmp_path))


@tensorboardx_writer
def test_tensorboardx_add_scalars_and_add_hparams_belong_to_their_run(tmp_path: Path) -> None:
    from tensorboardX import SummaryWriter

    with SummaryWriter(str(tmp_path / "run")) as writer:
        for step in range(20):
            writer.add_scalar("lr", 0.1, step)
            writer.add_scalars("my loss/all", {"train": 1.0, "val": 2.0}, step)
        writer.add_hparams({"lr": 0.1, "optimizer": "sgd"}, {"best": 0.9})
    run = only_run(tmp_path)
    lengths = {tag: len(series) for tag, series in run.series.items()}
    assert lengths == {"lr": 20, "my_loss/all/train": 20, "my_loss/all/val": 20, "best": 1}
    values = {path: entry.value for path, entry in run.config.items()}
    assert values == {"lr": 0.1, "optimizer": "sgd"}


@pytest.mark.needs("tensorboard")
def test_the_layout_of_tensorflow_2_is_read_as_tensorboard_reads_it(tmp_path: Path) -> None:
    """Raw tensor content, and the plugin named on every event, as TensorFlow's C++ writer does."""
    from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, types_pb2
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    metadata = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars")
    )
    for split in ("train", "validation"):
        writer = EventFileWriter(str(tmp_path / split))
        for step, number in enumerate(VALUES):
            tensor = tensor_pb2.TensorProto(
                dtype=types_pb2.DT_FLOAT, tensor_content=np.float32(number).tobytes()
            )
            value = summary_pb2.Summary.Value(tag="epoch_loss", tensor=tensor, metadata=metadata)
            summary = summary_pb2.Summary(value=[value])
            writer.add_event(event_pb2.Event(wall_time=1e9 + step, step=step, summary=summary))
        writer.close()
    run = only_run(tmp_path)
    expected = {
        f"{split}/{tag}": found
        for split in ("train", "validation")
        for tag, found in oracle(tmp_path / split).items()
    }
    agrees(run, expected)
    assert all(series.axis is Axis.EPOCH for series in run.series.values())


@pytest.mark.needs("lightning", "tensorboard")
def test_lightnings_logger_leaves_its_settings_and_a_placeholder(tmp_path: Path) -> None:
    from lightning.pytorch.loggers import TensorBoardLogger

    logger = TensorBoardLogger(str(tmp_path))
    logger.log_hyperparams({"lr": 0.1, "widths": (8, 2), "optimizer": {"name": "sgd"}})
    for step in range(10):
        logger.log_metrics({"train_loss": 1.0 / (1 + step)}, step)
    logger.save()
    logger.finalize("success")
    run = only_run(tmp_path)
    assert run.name == "lightning_logs/version_0"
    assert {tag: len(series) for tag, series in run.series.items()} == {"train_loss": 10}
    values = {path: entry.value for path, entry in run.config.items()}
    assert values["widths"] == (8, 2)
    assert values["optimizer.name"] == "sgd"
    assert run.config["widths"].origin == "lightning_logs/version_0/hparams.yaml:widths"


@pytest.mark.needs("transformers", "torch", "tensorboard")
def test_hugging_face_leaves_all_its_arguments_in_the_event_file(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    transformers: Any = import_module("transformers")
    integrations: Any = import_module("transformers.integrations")
    arguments = transformers.TrainingArguments(str(tmp_path / "out"), learning_rate=3e-4)
    with SummaryWriter(str(tmp_path / "runs" / "host")) as writer:
        callback = integrations.TensorBoardCallback(writer)
        state = transformers.TrainerState(is_world_process_zero=True, global_step=5)
        control = transformers.TrainerControl()
        callback.on_train_begin(arguments, state, control)
        for step in range(500, 3500, 500):
            state.global_step = step
            logs = {"loss": round(100 / step, 4), "eval_loss": 100 / step}
            callback.on_log(arguments, state, control, logs=logs)
    run = only_run(tmp_path)
    assert run.name == "runs/host"
    assert {"train/loss", "eval/loss"} <= set(run.series)
    assert run.config["learning_rate"].value == 3e-4
    assert run.config["learning_rate"].origin.endswith(", text args")
    assert [(note.kind, note.series, note.params.get("window")) for note in run.notes] == [
        (NoteKind.AVERAGED, ("train/loss",), 500),
        (NoteKind.FILTERED, ("train/loss",), None),
        (NoteKind.ROUNDED, ("train/loss",), None),
    ]
