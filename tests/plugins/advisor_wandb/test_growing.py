"""Run files that grow: each look gives what reading everything anew gives."""

from __future__ import annotations

import io
import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_wandb.logfile import BLOCK, LogFile, Settled
from advisor_wandb.reader import WandbRunReader
from tests.growing import Watched, grow
from tests.plugins.advisor_wandb.writing import began, config, ended, folder, log, row, stepped

ROWS = [
    row({"a": 1.0}),
    stepped(1, {"loss": 0.5, ("val", "acc"): 0.25, "media": {"_type": "image"}}),
    stepped(2, {"loss": float("nan"), "note": "x" * 300, "n": 2**60}),
    row({"loss": 3, "nested": {"a": 1, "b": {"c": 2.5}}}, 7),
    config({"lr": 0.2, "model.width": [1, 2]}, remove=["seed"]),
    stepped(3, {"table": "t" * 40_000, "loss": 1.5}),
]
CUTS = st.lists(st.floats(0, 1), max_size=4)


def whole_file(seed: int) -> bytes:
    """A file of about three blocks."""
    chance = random.Random(seed)
    rows = [chance.choice([*ROWS[:5], *(stepped(s, {"loss": s / 7}) for s in range(20))])
            for _ in range(chance.choice([20, 300]))]  # fmt: skip
    rows.insert(chance.randrange(len(rows)), ROWS[5])
    return log([began({"lr": 0.1, "seed": 3}), *rows, *chance.choice([[], [ended()]])])


def damaged(chance: random.Random, data: bytes) -> bytes:
    held = bytearray(data)
    for _ in range(chance.choice([0, 0, 1, 3])):
        place = chance.randrange(7, len(held))
        if chance.random() < 0.5:
            held[place] ^= 1 << chance.randrange(8)
        else:
            del held[place : place + chance.choice([1, 50, 5000])]
    return bytes(held)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), shares=CUTS)
def test_a_run_file_cut_anywhere_and_damaged_grows_to_what_it_is(
    seed: int, shares: list[float]
) -> None:
    data = damaged(random.Random(seed), whole_file(seed))
    with tempfile.TemporaryDirectory() as logs:
        where = folder(Path(logs), "a1")
        ends = [round(share * len(data)) for share in shares]
        grow(Watched(WandbRunReader(), Path(logs)), where / "run-a1.wandb", data, ends)


@settings(max_examples=25, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(0, 2), st.floats(0, 1)), min_size=1, max_size=6),
    seed=st.integers(0, 10**6),
)
def test_parts_of_a_resumed_run_grow_and_come_in_any_order(
    steps: list[tuple[int, float]], seed: int
) -> None:
    parts = [whole_file(seed + part) for part in range(3)]
    with tempfile.TemporaryDirectory() as logs:
        watched = Watched(WandbRunReader(), Path(logs))
        places = [
            folder(Path(logs), "a1", f"2024010{part + 1}_000000") / "run-a1.wandb"
            for part in range(3)
        ]
        for part, share in [*steps, *((part, 1.0) for part in range(3))]:
            places[part].write_bytes(parts[part][: round(share * len(parts[part]))])
            watched.look()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), share=st.floats(0, 1))
def test_records_behind_where_a_file_is_settled_are_those_that_were_not_yet_read(
    seed: int, share: float
) -> None:
    data = damaged(random.Random(seed), whole_file(seed))
    first = LogFile(io.BytesIO(data[: max(7, round(share * len(data)))]))
    begun = list(first)
    if first.unsure:
        return
    assert first.settled is not None
    second, whole = LogFile(io.BytesIO(data), first.settled), LogFile(io.BytesIO(data))
    assert begun + list(second) == list(whole)
    assert (second.lost, second.damaged, second.cut) == (whole.lost, whole.damaged, whole.cut)
    assert second.settled == whole.settled


def test_a_record_of_which_only_a_part_is_there_is_begun_again() -> None:
    data = log([b"a" * 10, b"b" * 100_000, b"c" * 10])
    for end in (7 + 17 + 3, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 50):
        file = LogFile(io.BytesIO(data[:end]))
        assert [len(record.data) for record in file] == [10]
        assert file.settled == Settled(7 + 17)


def test_what_lies_behind_damage_at_the_end_may_turn_out_otherwise() -> None:
    data = bytearray(log([b"a" * 10, b"b" * 10, b"c" * 10]))
    data[7 + 17 + 8] ^= 1
    file = LogFile(io.BytesIO(bytes(data)))
    assert len(list(file)) == 2
    assert (file.unsure, file.settled) == (True, Settled(7 + 17))
