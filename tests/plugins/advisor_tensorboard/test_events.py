"""Events and tensors: each way in which a logger stores a scalar gives its number."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.protobuf import WireError
from advisor_tensorboard import events
from advisor_tensorboard.events import Event, Point
from tests.plugins.advisor_tensorboard.writing import (
    block,
    hparams,
    number,
    plugin,
    scalar,
    session_start,
    summary,
    tensor,
    text,
    varint,
    version,
)

NO_ROWS = number(1, 1) + block(2, block(2, b""))
ROW_OF_ONE = number(1, 1) + block(2, block(2, number(1, 1)))
ROW_OF_TWO = number(1, 1) + block(2, block(2, number(1, 2)))


def parse(payload: bytes, known: Mapping[str, str]) -> Event:
    return events.parse(payload, lambda tag: known.get(tag, ""))


def parsed(recorded: bytes, **known: str) -> Event:
    return parse(recorded[12:-4], known)


def test_a_scalar_has_its_tag_step_time_and_value() -> None:
    event = parsed(scalar("loss", 7, 0.5, 12.25))
    assert (event.step, event.wall_time, event.points) == (7, 12.25, [Point("loss", 0.5, False)])


@pytest.mark.parametrize("step", [0, 1, -1, 2**40, 2**63 - 1, -(2**63)])
def test_steps_are_signed_and_zero_is_the_one_left_out(step: int) -> None:
    assert parsed(scalar("loss", step, 1.0, 0.0)).step == step


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.0, -0.0, 1e-45])
def test_every_float_is_kept(value: float) -> None:
    (point,) = parsed(scalar("loss", 0, value)).points
    assert struct.pack("<f", point.value) == struct.pack("<f", value)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(number(1, 1) + block(4, struct.pack("<f", 0.1)), np.float32(0.1), id="float"),
        pytest.param(number(1, 2) + block(4, struct.pack("<d", 0.1)), 0.1, id="double"),
        pytest.param(ROW_OF_ONE + block(4, struct.pack("<f", 2)), 2, id="a row of one"),
        pytest.param(number(1, 3) + block(4, struct.pack("<i", -3)), -3, id="int32"),
        pytest.param(number(1, 9) + block(4, struct.pack("<q", -(2**40))), -(2**40), id="int64"),
        pytest.param(number(1, 19) + block(4, b"\x00\x3c"), 1, id="half"),
        pytest.param(number(1, 14) + block(4, b"\x80\x3f"), 1, id="bfloat16"),
        pytest.param(number(1, 10) + block(4, b"\x01"), 1, id="bool"),
        pytest.param(number(1, 1) + b"\x2d" + struct.pack("<f", 2), 2, id="float_val"),
        pytest.param(number(1, 1) + block(5, struct.pack("<f", 2)), 2, id="packed float_val"),
        pytest.param(number(1, 2) + block(6, struct.pack("<d", 0.1)), 0.1, id="double_val"),
        pytest.param(number(1, 3) + block(7, varint(-5)), -5, id="int_val"),
        pytest.param(number(1, 9) + number(10, -5), -5, id="int64_val"),
        pytest.param(number(1, 19) + block(13, varint(0x3C00)), 1, id="half_val"),
        pytest.param(number(1, 14) + number(13, 0x3F80), 1, id="bfloat16 half_val"),
        pytest.param(number(1, 23) + number(17, 2**63), 2.0**63, id="uint64_val"),
    ],
)
def test_a_tensor_of_one_number_is_a_scalar(body: bytes, expected: float) -> None:
    assert parsed(tensor("x", 3, body)).points == [Point("x", float(expected), True)]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(ROW_OF_TWO + block(4, struct.pack("<ff", 1, 2)), id="two numbers"),
        pytest.param(NO_ROWS + block(4, struct.pack("<f", 1)), id="a dimension of size zero"),
        pytest.param(number(1, 1) + block(4, b"abc"), id="content of a wrong length"),
        pytest.param(number(1, 1), id="no value"),
        pytest.param(number(1, 99) + block(4, b"abcd"), id="an unknown type"),
        pytest.param(number(1, 1) + block(5, b"abc"), id="a packed value of a wrong length"),
        pytest.param(number(1, 3) + block(7, b""), id="an empty packed value"),
        pytest.param(number(1, 3) + block(7, b"\x01\x02"), id="two packed values"),
        pytest.param(number(1, 2**40), id="a type beyond all"),
    ],
)
def test_any_other_tensor_is_passed_over(body: bytes) -> None:
    assert parsed(tensor("x", 3, body)).points == []


@pytest.mark.parametrize("field", [4, 5, 6])
def test_images_histograms_and_audio_are_passed_over(field: int) -> None:
    recorded = scalar("loss", 1, 1.0)
    payload = recorded[12:-4] + summary("sample", block(field, bytes(1000)))
    assert [point.tag for point in parse(payload, {}).points] == ["loss"]
    assert not parse(summary("sample", block(field, bytes(1000))), {}).used


def test_a_one_number_tensor_of_another_plugin_is_no_scalar() -> None:
    body = number(1, 1) + block(4, struct.pack("<f", 1))
    assert parsed(tensor("x", 3, body, "pr_curves")).points == []
    bare = summary("x", block(8, body))
    assert parse(bare, {"x": "pr_curves"}).points == []
    assert parse(bare, {"x": "scalars"}).points == [Point("x", 1.0, True)]


def test_several_values_of_one_event_are_all_found() -> None:
    values = b"".join(
        block(1, block(1, tag) + b"\x15" + struct.pack("<f", 1)) for tag in (b"a", b"b")
    )
    assert [point.tag for point in parse(block(5, values), {}).points] == ["a", "b"]


def test_texts_versions_starts_and_hyperparameters_are_told_apart() -> None:
    assert parsed(version()).version == "brain.Event:2"
    assert not parsed(version()).used
    assert parsed(text("config", "{}")).texts == [("config/text_summary", "{}")]
    assert parsed(session_start(50)).started
    assert not parse(block(7, number(1, 3)), {}).started  # a checkpoint
    assert list(parsed(hparams({"lr": 0.1})).hparams) == ["_hparams_/session_start_info"]
    assert parsed(hparams({"lr": 0.1})).named == {"_hparams_/session_start_info": "hparams"}


def test_a_tag_that_is_no_utf8_keeps_its_own_name() -> None:
    first, second = (
        parse(block(5, block(1, block(1, tag) + b"\x15\x00\x00\x80\x3f")), {}).points[0].tag
        for tag in (b"loss\xff", b"loss\xfe")
    )
    assert first != second
    assert first.encode()


@given(st.binary(max_size=200))
def test_no_payload_raises_anything_but_a_wire_error(payload: bytes) -> None:
    for data in (payload, block(5, payload), block(5, block(1, payload)), block(7, payload)):
        try:
            parse(data, {})
        except WireError:
            continue


@given(st.binary(max_size=100))
def test_no_tensor_or_metadata_raises_anything_but_a_wire_error(body: bytes) -> None:
    for data in (summary("x", block(8, body)), summary("x", block(9, body)), plugin("x", body)):
        try:
            parse(data, {})
        except WireError:
            continue
