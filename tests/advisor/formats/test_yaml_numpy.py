from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import yaml

from advisor.formats.plain import from_yaml

KINDS = (
    "bool", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16",
    "float32", "float64",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("core", ["numpy._core", "numpy.core"])
def test_a_number_of_numpy_is_that_number(kind: str, core: str) -> None:
    one, two = np.dtype(kind).type(1), np.dtype(kind).type(0)
    text = yaml.dump({"a": one, "b": [two, one]}).replace("numpy._core", core)
    found = from_yaml(text)
    assert found == {"a": one.item(), "b": [two.item(), one.item()]}
    assert type(found["a"]) is type(one.item())


def test_numbers_keep_their_digits_and_signs() -> None:
    values = [0.1, -1e-300, float("inf"), -(2**63), 2**64 - 1]
    kinds: list[type[np.generic]] = [np.float64, np.float64, np.float64, np.int64, np.uint64]
    text = yaml.dump([kind(value) for kind, value in zip(kinds, values, strict=True)])
    assert from_yaml(text) == values


STATE = "state: !!python/tuple [3, {order}, null, null, null, -1, -1, 0]"
CALL = """lr: !!python/object/apply:numpy._core.multiarray.scalar
- !!python/object/apply:numpy.dtype
  args: [{kind}, false, true]
  {state}
- {data}
"""


def spelled(
    kind: str = "f8", order: str = "<", data: str = "!!binary mpmZmZmZuT8=", state: str = STATE
) -> Any:
    text = CALL.format(kind=kind, state=state.format(order=order), data=data)
    return from_yaml(text)["lr"]


def test_the_order_of_the_bytes_is_that_of_the_state() -> None:
    assert spelled() == 0.1
    assert spelled(order="'>'", data="!!binary P7mZmZmZmZo=") == 0.1


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "U1"},
        {"kind": "c16"},
        {"kind": "f4"},
        {"kind": "[f8]"},
        {"order": "x"},
        {"order": "[<]"},
        {"state": "none: 1"},
        {"data": "!!binary '*'"},
        {"data": "!!binary é"},
        {"data": "mpmZmZmZuT8="},
        {"data": "[1]"},
    ],
)
def test_what_is_no_such_number_is_the_name_of_its_call(parts: dict[str, str]) -> None:
    assert spelled(**parts) == "numpy._core.multiarray.scalar"


@pytest.mark.parametrize("items", ["[]", "[1]", "[1, 2, 3]"])
def test_another_count_of_parts_is_a_call_like_any_other(items: str) -> None:
    found = from_yaml(f"a: !!python/object/apply:numpy._core.multiarray.scalar {items}\n")
    assert isinstance(found["a"], list)
