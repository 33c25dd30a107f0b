"""Scalars that are stored as tensors: TensorFlow 2, Keras, torch's new style and double precision.

Numbers of fields and types: tensorflow/core/framework/tensor.proto and types.proto.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from advisor.formats.protobuf import (
    BYTES,
    FIXED32,
    FIXED64,
    VARINT,
    Data,
    Field,
    fields,
    signed,
    varint,
)

STRING = 7
_BFLOAT16 = 14
_CONTENT = {
    1: "<f4", 2: "<f8", 3: "<i4", 4: "u1", 5: "<i2", 6: "i1", 9: "<i8", 10: "?", 17: "<u2",
    19: "<f2", 22: "<u4", 23: "<u8",
}  # fmt: skip
"""Type number to the numpy type of ``tensor_content``; bfloat16 is the upper half of a float."""
_HALF_VALUES, _STRINGS = 13, 8
_TYPED_VALUES = frozenset({5, 6, 7, 10, 11, _HALF_VALUES, 16, 17})
"""The fields that hold values one by one: float, double, int, int64, bool, half, uint32, uint64."""


@dataclass(slots=True)
class Tensor:
    """The parts of a TensorProto, not yet made into numbers."""

    type: int = 0
    single: bool = True
    """Whether it has one element."""
    content: bytes | None = None
    typed: list[tuple[Field, bytes]] = field(default_factory=list)
    string: bytes | None = None
    """The first string."""


def parse(data: Data, start: int, end: int) -> Tensor:
    """Take the TensorProto in ``data[start:end]`` apart. Raises ``WireError``."""
    tensor = Tensor()
    for part in fields(data, start, end):
        if part.number == 1 and part.wire == VARINT:
            tensor.type = part.value
        elif part.number == 2 and part.wire == BYTES:
            tensor.single = _one_element(data, part)
        elif part.number == 4 and part.wire == BYTES:
            tensor.content = data[part.start : part.end]
        elif part.number == _STRINGS and part.wire == BYTES and tensor.string is None:
            tensor.string = data[part.start : part.end]
        elif part.number in _TYPED_VALUES and len(tensor.typed) < 2:
            tensor.typed.append((part, data[part.start : part.end]))
    return tensor


def scalar(tensor: Tensor) -> float | None:
    """Return the number in a tensor of one numeric element; ``None`` if it is anything else.

    A 64-bit integer beyond 2**53 is rounded, as every value of a series is a ``float64``.
    """
    if not tensor.single or tensor.type == STRING:
        return None
    if tensor.content:
        return _from_content(tensor.type, tensor.content)
    return _from_typed(tensor.type, *tensor.typed[0]) if len(tensor.typed) == 1 else None


def floats(tensor: Tensor) -> npt.NDArray[np.float64] | None:
    """Return the ``float64[n]`` of a tensor of floats of any shape; ``None`` if it is none."""
    form = _CONTENT.get(tensor.type, "")
    raw = tensor.content or b"".join(raw for _, raw in tensor.typed)
    if form not in ("<f4", "<f8") or len(raw) % np.dtype(form).itemsize:
        return None
    return np.frombuffer(raw, form).astype(np.float64)


def _one_element(data: Data, shape: Field) -> bool:
    """Whether each dimension of a shape has the size 1; a scalar has no dimensions."""
    for dimension in fields(data, shape.start, shape.end):
        if dimension.number == 2 and dimension.wire == BYTES:
            sizes = [p.value for p in fields(data, dimension.start, dimension.end) if p.number == 1]
            if sizes != [1]:
                return False
    return True


def _from_content(kind: int, content: bytes) -> float | None:
    if kind == _BFLOAT16:
        return _bfloat16(content) if len(content) == 2 else None
    numpy_type = _CONTENT.get(kind)
    if numpy_type is None or len(content) != np.dtype(numpy_type).itemsize:
        return None
    return float(np.frombuffer(content, dtype=numpy_type)[0])


def _from_typed(kind: int, part: Field, raw: bytes) -> float | None:
    """Read a typed field: one value by itself, or packed with others into bytes."""
    if part.number in (5, 6):
        form, wire = ("<f", FIXED32) if part.number == 5 else ("<d", FIXED64)
        fits = len(raw) == struct.calcsize(form) and part.wire in (wire, BYTES)
        return float(struct.unpack(form, raw)[0]) if fits else None
    if part.wire == BYTES:
        if not raw:
            return None
        value, end = varint(raw, 0, len(raw))
        if end != len(raw):
            return None
    else:
        value = part.value
    if part.number == _HALF_VALUES:
        return _half(kind, value)
    return float(value if part.number in (16, 17) else signed(value))


def _half(kind: int, bits: int) -> float | None:
    if bits > 0xFFFF:
        return None
    raw = bits.to_bytes(2, "little")
    return _bfloat16(raw) if kind == _BFLOAT16 else float(np.frombuffer(raw, "<f2")[0])


def _bfloat16(raw: bytes) -> float:
    return float(struct.unpack("<f", b"\0\0" + raw)[0])
