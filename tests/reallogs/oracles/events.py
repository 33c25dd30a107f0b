"""Event files, read by TensorBoard's own EventAccumulator with nothing sampled."""

from __future__ import annotations

from pathlib import Path

from tests.reallogs.oracles.points import Points, Runs


def read(path: Path) -> Runs:
    """Read one file. Scalars are simple values (TensorFlow 1, torch) or tensors (TensorFlow 2)."""
    from tensorboard.backend.event_processing import event_accumulator
    from tensorboard.util import tensor_util

    everything = {event_accumulator.SCALARS: 0, event_accumulator.TENSORS: 0}
    accumulator = event_accumulator.EventAccumulator(str(path), size_guidance=everything)
    accumulator.Reload()
    series: dict[str, Points] = {}
    for tag in accumulator.Tags()["scalars"]:
        events = accumulator.Scalars(tag)
        values = [event.value for event in events]
        series[tag] = Points([e.step for e in events], values, [e.wall_time for e in events])
    for tag in accumulator.Tags()["tensors"]:
        held = [(e, tensor_util.make_ndarray(e.tensor_proto)) for e in accumulator.Tensors(tag)]
        numbers = [(e, array) for e, array in held if array.dtype.kind in "fiu" and array.size == 1]
        if numbers:
            values = [float(array.item()) for _, array in numbers]
            times = [event.wall_time for event, _ in numbers]
            series[tag] = Points([event.step for event, _ in numbers], values, times)
    return {"": series}
