"""What TensorBoard's hparams plugin stores: ``add_hparams``, Lightning, ``hp.hparams``.

Numbers of fields: tensorboard/plugins/hparams/plugin_data.proto; the values are
google.protobuf.Value.
"""

from __future__ import annotations

import struct

from advisor.formats.protobuf import BYTES, FIXED64, VARINT, Field, WireError, fields, text
from advisor.model import Value

_SESSION_START = 3


def session_values(content: bytes) -> dict[str, Value]:
    """Return the hyperparameters in the plugin data of a session's start; empty if it is none.

    Numbers come as floats, and torch stores ``True`` as 1.0: the plugin keeps no other types.
    """
    found: dict[str, Value] = {}
    try:
        for part in fields(content):
            if part.number == _SESSION_START and part.wire == BYTES:
                for entry in fields(content, part.start, part.end):
                    if entry.number == 1 and entry.wire == BYTES:
                        _entry(found, content, entry)
    except WireError:
        return {}
    return found


def _entry(found: dict[str, Value], data: bytes, entry: Field) -> None:
    key, value = "", None
    for part in fields(data, entry.start, entry.end):
        if part.number == 1 and part.wire == BYTES:
            key = text(data, part)
        elif part.number == 2 and part.wire == BYTES:
            value = _value(data, part)
    if key:
        # Lightning joins the levels of nested settings by slashes.
        found[key.replace("/", ".")] = value


def _value(data: bytes, value: Field) -> Value:
    for part in fields(data, value.start, value.end):
        if part.number == 2 and part.wire == FIXED64:
            return float(struct.unpack_from("<d", data, part.start)[0])
        if part.number == 3 and part.wire == BYTES:
            return text(data, part)
        if part.number == 4 and part.wire == VARINT:
            return bool(part.value)
    return None
