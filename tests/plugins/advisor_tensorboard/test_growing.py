"""Event files that grow: each look gives what reading everything anew gives."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_tensorboard import reader
from advisor_tensorboard.decode import decode
from advisor_tensorboard.held import EventFile
from advisor_tensorboard.reader import TensorBoardReader
from tests.growing import Watched, grow
from tests.plugins.advisor_tensorboard import made
from tests.plugins.advisor_tensorboard.writing import (
    curve,
    event,
    hparams,
    scalar,
    session_start,
    text,
    tf2_scalar,
    version,
)

RECORDED = Path(__file__).parents[3] / "examples/recorded/digits-small-batches-healthy"
CUTS = st.lists(st.floats(0, 1), max_size=4)


def at(data: bytes, shares: list[float]) -> list[int]:
    return [round(share * len(data)) for share in shares]


@settings(max_examples=40, deadline=None)
@given(shares=CUTS, flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 7)), max_size=3))
def test_a_recorded_log_cut_anywhere_and_damaged_grows_to_what_it_is(
    shares: list[float], flips: list[tuple[float, int]]
) -> None:
    (source,) = RECORDED.glob("*tfevents*")
    data = bytearray(source.read_bytes())
    for share, bit in flips:
        data[int(share * len(data))] ^= 1 << bit
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched(TensorBoardReader(), Path(folder))
        grow(watched, Path(folder, source.name), bytes(data), at(bytes(data), shares))
        assert flips or watched.kept == {source.name: len(data)}


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), shares=CUTS)
def test_records_of_every_kind_grow_to_what_they_are(seed: int, shares: list[float]) -> None:
    chance = random.Random(seed)
    data = b"".join(made.sound(chance, 40))
    data = chance.choice([data, made.damaged(chance, data)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "events.out.tfevents.1.host")
        grow(Watched(TensorBoardReader(), Path(folder)), path, data, at(data, shares))


def job() -> Mapping[str, bytes]:
    """A run that starts again twice, once purging, on two machines, with a line and settings."""
    first = [version(), text("config", "{'lr': 0.1}"), *curve("loss", range(50))]
    beside = [version(), *curve("loss", range(40), wall=1e9 + 5)]
    second = [version(), session_start(30), *curve("loss", range(30, 60), wall=2e9)]
    third = [version(), *curve("loss", range(55, 70), wall=3e9), tf2_scalar("epoch_acc", 1, 0.5)]
    line = [version(), *curve("scores", range(9))]
    trial = [version(), hparams({"lr": 0.1}), scalar("hparam/acc", 0, 0.5)]
    records = {
        "events.out.tfevents.10.a": first,
        "events.out.tfevents.10.b": beside,
        "events.out.tfevents.20.a": second,
        "events.out.tfevents.30.a": third,
        "scores_f1/events.out.tfevents.11.a": line,
        "1700000000.5/events.out.tfevents.31.a": trial,
    }
    return {name: b"".join(held) for name, held in records.items()}


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(job())), st.floats(0, 1)), min_size=1, max_size=8
    )
)
def test_files_of_several_writers_grow_and_come_and_are_cut_in_any_order(
    steps: list[tuple[str, float]],
) -> None:
    files = job()
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched(TensorBoardReader(), Path(folder))
        for name, share in [*steps, *((name, 1.0) for name in files)]:
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(files[name][: round(share * len(files[name]))])
            watched.look()
        assert watched.kept == {name: len(data) for name, data in files.items()}


def test_only_what_was_added_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begins = []

    def noted(path: Path, before: EventFile | None = None) -> EventFile:
        begins.append(before.end if before else None)
        return decode(path, before)

    watched = Watched(TensorBoardReader(), tmp_path)
    data = b"".join([version(), *curve("loss", range(100))])
    (tmp_path / "events.out.tfevents.1").write_bytes(data)
    watched.look()
    monkeypatch.setattr(reader, "decode", noted)
    with (tmp_path / "events.out.tfevents.1").open("ab") as file:
        file.write(event(2e9, 5))
    watched.look()
    assert begins == [None, len(data), len(data)]  # anew, then from disk and from memory


def test_a_cut_behind_damage_takes_away_what_showed_its_end(tmp_path: Path) -> None:
    watched = Watched(TensorBoardReader(), tmp_path)
    sound = b"".join([version(), *curve("loss", range(10))])
    data = sound + b"\xff" * 50 + event(2e9, 5)
    for end in (len(sound) + 50 + 20, len(sound) + 50 + 5, len(sound) + 50, len(data)):
        (tmp_path / "events.out.tfevents.1").write_bytes(data[:end])
        watched.look()
