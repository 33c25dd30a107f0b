"""Histograms are listed with their steps, and each decoded is what its writer was given."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor.formats.histogram import HistogramReader, Histograms
from advisor.reader import Unreadable
from advisor_tensorboard.reader import TensorBoardReader
from tests.plugins.advisor_tensorboard import writing
from tests.plugins.advisor_tensorboard.reading import claims, only_run

torch_writer = pytest.mark.needs("torch", "tensorboard")
pytestmark = pytest.mark.filterwarnings("ignore")
VALUES = {
    "normal": np.random.default_rng(0).normal(size=1000) * 1e-3,
    "one value": np.full(7, 2.5),
    "zeros": np.zeros(12),
    "signs": np.array([-3.0, 4.0]),
    "tail": np.append(np.zeros(99), 1e9),
}


def listed(logs: Path) -> dict[str, dict[str, Histograms]]:
    reader = TensorBoardReader()
    assert isinstance(reader, HistogramReader)
    found: dict[str, dict[str, Histograms]] = {}
    for claim in claims(logs):
        found |= reader.histograms(claim)
    return found


def expected(folder: Path) -> Iterator[tuple[str, int, float, Any, Any]]:
    """Yield what TensorBoard makes of each histogram: tag, step, time, intervals and proto."""
    from tensorboard import data_compat
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
    from tensorboard.util import tensor_util

    for file in sorted(folder.glob("*tfevents*")):
        for event in LegacyEventFileLoader(str(file)).Load():
            for value in event.summary.value:
                old = value.HasField("histo")
                if old or value.metadata.plugin_data.plugin_name == "histograms":
                    new = data_compat.migrate_value(value)
                    array = tensor_util.make_ndarray(new.tensor)
                    yield (
                        value.tag,
                        event.step,
                        event.wall_time,
                        array,
                        value.histo if old else None,
                    )


def compare(folder: Path) -> int:
    found = listed(folder)["."]
    rows = dict.fromkeys(found, 0)
    for tag, step, time, intervals, proto in expected(folder):
        series, row = found[tag], rows[tag]
        one = series[row]
        rows[tag] += 1
        assert (series.steps[row], series.wall_times[row]) == (step, time)
        mine = np.array([one.left, one.right, one.counts]).T
        assert np.array_equal(mine.astype(intervals.dtype), intervals.reshape(-1, 3))
        if proto is not None:
            assert (one.total, one.squares) == (proto.sum, proto.sum_squares)
    assert rows == {tag: len(series) for tag, series in found.items()}
    return sum(rows.values())


@torch_writer
def test_histograms_of_torch_are_those_that_tensorboard_shows(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(5):
            writer.add_scalar("loss", 1.0, step)
            for tag, values in VALUES.items():
                writer.add_histogram(tag, values, step)
    assert compare(tmp_path) == 25
    assert list(only_run(tmp_path).series) == ["loss"]


@pytest.mark.needs("tensorboardX", "tensorboard")
@pytest.mark.parametrize("bins", ["tensorflow", "auto", "fd"])
def test_histograms_of_tensorboardx_are_those_that_tensorboard_shows(
    tmp_path: Path, bins: str
) -> None:
    from tensorboardX import SummaryWriter

    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(3):
            for tag, values in VALUES.items():
                writer.add_histogram(tag, values, step, bins=bins)
    assert compare(tmp_path) == 15


@pytest.mark.needs("tensorboard")
def test_histograms_of_tensorflow_2_are_those_that_tensorboard_shows(tmp_path: Path) -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.plugins.histogram.summary_v2 import histogram_pb
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(str(tmp_path))
    for step in range(3):
        for tag, values in VALUES.items():
            summary = histogram_pb(tag, values, buckets=10)
            writer.add_event(Event(step=step, wall_time=1e9 + step, summary=summary))
    writer.close()
    assert compare(tmp_path) == 15


@torch_writer
@pytest.mark.parametrize("tag", ["normal", "one value", "zeros", "signs"])
def test_sums_are_those_of_the_values(tmp_path: Path, tag: str) -> None:
    from torch.utils.tensorboard import SummaryWriter

    values = VALUES[tag]
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_histogram(tag, values, 3)
    one = listed(tmp_path)["."][tag][-1]
    assert one.count == len(values)
    assert one.mean == pytest.approx(values.mean())
    assert one.std == pytest.approx(values.std(), abs=1e-9)
    assert one.norm == pytest.approx(np.linalg.norm(values))


def test_restarts_are_listed_in_the_order_of_writing_and_without_damage(tmp_path: Path) -> None:
    def proto(step: int) -> bytes:
        numbers = writing.block(6, np.array([1.0, 2.0]).tobytes())
        return writing.event(
            1e9, step, writing.summary("w", writing.block(5, numbers + writing.block(
                7, np.array([1.0, 3.0]).tobytes())))
        )  # fmt: skip

    loss = writing.scalar("loss", 0, 1.0)
    writing.write(tmp_path, loss, proto(1), proto(2), name="events.out.tfevents.9.a")
    path = writing.write(tmp_path, loss, proto(2), proto(3), name="events.out.tfevents.10.a")
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    assert listed(tmp_path)["."]["w"].steps.tolist() == [1, 2, 2]


@torch_writer
def test_nothing_is_decoded_before_it_is_asked_for(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    many = np.linspace(-1, 1, 20_000)
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("loss", 1.0, 0)
        for step in range(40):
            writer.add_histogram("w", many, step, bins=list(np.linspace(-1, 1, 5_000)))
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    listed(tmp_path)
    tracemalloc.start()
    series = listed(tmp_path)["."]["w"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(series) == 40
    assert peak < size / 2


@torch_writer
def test_a_histogram_whose_file_is_gone_is_unreadable(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_histogram("w", VALUES["normal"], 0)
    series = listed(tmp_path)["."]["w"]
    shutil.rmtree(tmp_path)
    with pytest.raises(Unreadable, match="cannot be read"):
        series[0]
    with pytest.raises(IndexError):
        series[1]
