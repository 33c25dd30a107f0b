"""One event file to columns, sound and damaged."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor_tensorboard import records
from advisor_tensorboard.decode import decode
from advisor_tensorboard.held import EventFile, Start
from advisor_tensorboard.records import ALWAYS_CHECKED, Damage, Loss
from tests.plugins.advisor_tensorboard.writing import (
    NAME,
    block,
    event,
    record,
    scalar,
    session_start,
    summary,
    text,
    tf2_scalar,
    version,
    write,
)

POINTS = [(("loss", "accuracy")[step % 2], step, step / 7) for step in range(30)]
RECORDS = [version(), *(scalar(*point) for point in POINTS)]
WHOLE = b"".join(RECORDS)
# Hypothesis runs many examples in one tmp_path; each writes its file anew.
MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def points(held: EventFile) -> set[tuple[str, int, float, float]]:
    return {
        (tag, step, value, wall)
        for tag, column in held.columns.items()
        for step, value, wall in zip(
            column.steps.tolist(), column.values.tolist(), column.wall_times.tolist(), strict=True
        )
    }


def test_every_point_comes_back_in_file_order(tmp_path: Path) -> None:
    path = write(tmp_path, *RECORDS[1:])
    held = decode(path)
    assert list(held.columns) == ["loss", "accuracy"]
    loss = held.columns["loss"]
    assert loss.steps.tolist() == list(range(0, 30, 2))
    assert np.allclose(loss.values, np.arange(0, 30, 2) / 7)
    assert loss.wall_times.tolist() == [1e9 + step for step in range(0, 30, 2)]
    assert loss.offsets.tolist() == [WHOLE.index(one) for one in RECORDS[1::2]]
    assert held.damage == []


def test_values_that_are_not_finite_are_values(tmp_path: Path) -> None:
    values = [math.nan, math.inf, -math.inf, 1.0]
    path = write(tmp_path, *(scalar("loss", step, v) for step, v in enumerate(values)))
    assert np.array_equal(decode(path).columns["loss"].values, values, equal_nan=True)


def test_tensor_scalars_are_marked_as_such(tmp_path: Path) -> None:
    held = decode(write(tmp_path, tf2_scalar("a", 1, 0.5), scalar("b", 1, 0.5)))
    assert (held.columns["a"].tensor, held.columns["b"].tensor) == (True, False)


def test_a_text_logged_again_and_again_is_not_kept(tmp_path: Path) -> None:
    logged = [text("config", "{}"), text("sample", "a"), text("sample", "b"), text("sample", "a")]
    assert decode(write(tmp_path, *logged)).texts == {"config/text_summary": "{}"}


def test_a_start_is_kept_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, scalar("loss", 1, 1.0), session_start(5))
    offset = len(version() + scalar("loss", 1, 1.0))
    assert decode(path).starts == [Start(5, offset)]


def test_an_image_costs_nothing_even_where_it_is_damaged(tmp_path: Path) -> None:
    image = bytearray(event(1e9, 1, summary("image", block(4, bytes(ALWAYS_CHECKED)))))
    image[5000] ^= 1
    held = decode(write(tmp_path, scalar("loss", 1, 1.0), bytes(image), scalar("loss", 2, 1.0)))
    assert held.columns["loss"].steps.tolist() == [1, 2]
    assert held.damage == []


def test_a_long_record_that_holds_a_scalar_is_checked(tmp_path: Path) -> None:
    sound = event(1e9, 3, summary("loss", b"\x15\0\0\0\0") + block(6, bytes(ALWAYS_CHECKED)))
    broken = bytearray(sound)
    broken[-100] ^= 1
    held = decode(write(tmp_path, sound, bytes(broken), scalar("loss", 4, 1.0)))
    assert held.columns["loss"].steps.tolist() == [3, 4]
    (damage,) = held.damage
    assert (damage.offset, damage.lost) == (len(version() + sound), len(broken))


def test_a_record_beyond_the_limit_is_reported_if_it_holds_a_scalar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "LONGEST_DECODED", ALWAYS_CHECKED)
    image = event(1e9, 1, summary("image", block(4, bytes(ALWAYS_CHECKED))))
    loss = event(1e9, 3, summary("loss", b"\x15\0\0\0\0") + block(6, bytes(ALWAYS_CHECKED)))
    held = decode(write(tmp_path, scalar("loss", 1, 1.0), image, loss, scalar("loss", 2, 1.0)))
    assert held.columns["loss"].steps.tolist() == [1, 2]
    place = len(version() + scalar("loss", 1, 1.0) + image)
    assert held.damage == [Damage(Loss.TOO_LONG, place, len(loss))]


def test_a_record_that_is_no_event_is_damage(tmp_path: Path) -> None:
    held = decode(write(tmp_path, record(b"\x0a\xff"), scalar("loss", 2, 1.0)))
    assert held.columns["loss"].steps.tolist() == [2]
    assert [one.loss for one in held.damage] == [Loss.DAMAGED]


@MANY
@given(st.integers(8 * len(RECORDS[0]), 8 * len(WHOLE) - 1))
def test_one_flipped_bit_loses_exactly_one_point(tmp_path: Path, bit: int) -> None:
    data = bytearray(WHOLE)
    data[bit // 8] ^= 1 << (bit % 8)
    path = tmp_path / NAME
    path.write_bytes(WHOLE)
    sound = points(decode(path))
    path.write_bytes(data)
    found = points(decode(path))
    assert found < sound
    assert len(sound - found) == 1


@MANY
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["overwrite", "insert", "remove"]),
            st.integers(0, len(WHOLE)),
            st.binary(min_size=1, max_size=200),
        ),
        max_size=4,
    )
)
def test_no_damage_raises_or_yields_a_point_that_was_not_written(
    tmp_path: Path, damage: list[tuple[str, int, bytes]]
) -> None:
    path = tmp_path / NAME
    path.write_bytes(WHOLE)
    sound = points(decode(path))
    data = bytearray(WHOLE)
    for kind, place, junk in damage:
        length = 0 if kind == "insert" else len(junk)
        data[place : place + length] = b"" if kind == "remove" else junk
    path.write_bytes(data)
    assert points(decode(path)) <= sound
