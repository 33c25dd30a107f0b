"""What a target may be, and how its factories are called."""

from __future__ import annotations

from typing import Any

import pytest

from advisor_probe.target import ProbeTarget, TargetError, call
from tests.support import run_python


def made(**changes: Any) -> ProbeTarget:
    parts: dict[str, Any] = {"model": lambda: None, "loss": dict, "train": [1]}
    return ProbeTarget(**{**parts, **changes})


def test_a_target_is_made_without_torch() -> None:
    assert made().settings == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [("model", 3), ("loss", None), ("train", 3), ("val", 1.0), ("step", "x"), ("task", "x"),
     ("settings", [1]), ("optimizer", 0.1), ("evaluate", [])],
)  # fmt: skip
def test_what_is_no_target_is_refused_by_the_name_of_the_part(name: str, value: object) -> None:
    with pytest.raises(TargetError, match=name):
        made(**{name: value})


@pytest.mark.parametrize(
    ("factory", "given", "wanted"),
    [
        (lambda: (), (), ()),
        (lambda s: (s,), (), ({"a": 1},)),
        (lambda m: (m,), ("model",), ("model",)),
        (lambda m, s: (m, s), ("model",), ("model", {"a": 1})),
        (lambda m, s=5: (m, s), ("model",), ("model", 5)),
        (lambda m, settings=5: (m, settings), ("model",), ("model", {"a": 1})),
        (lambda m, *, settings: (m, settings), ("model",), ("model", {"a": 1})),
        (lambda settings: (settings,), ("model",), ("model",)),
        (lambda *rest: rest, ("model",), ("model",)),
        (dict, (), {}),
    ],
)
def test_a_factory_gets_the_settings_only_if_it_asks_for_them(
    factory: Any, given: tuple[str, ...], wanted: object
) -> None:
    assert call(factory, *given, settings={"a": 1}) == wanted


@pytest.mark.parametrize(
    ("name", "function"),
    [
        (
            "model",
            lambda settings, more: (
                settings,
                more,
            ),
        ),
        ("loss", lambda batch: (batch,)),
        ("optimizer", lambda: None),
        (
            "step",
            lambda model, optimizer: (
                model,
                optimizer,
            ),
        ),
        ("evaluate", lambda model: (model,)),
        (
            "train",
            lambda a, b: (
                a,
                b,
            ),
        ),
        (
            "loss",
            lambda model, batch, *, weight: (
                model,
                batch,
                weight,
            ),
        ),
    ],
)
def test_a_function_that_cannot_be_called_is_refused_with_how_it_would_be(
    name: str, function: Any
) -> None:
    with pytest.raises(TargetError, match=f"^{name} cannot be called as {name}\\("):
        made(**{name: function})


@pytest.mark.parametrize(
    ("parts", "varies"),
    [
        ({}, False),
        ({"model": lambda s: (s,)}, True),
        (
            {
                "loss": lambda model, batch, s: (
                    model,
                    batch,
                    s,
                )
            },
            True,
        ),
        ({"train": lambda s: (s,)}, True),
        (
            {
                "evaluate": lambda model, val, *, settings: (
                    model,
                    val,
                    settings,
                )
            },
            True,
        ),
        ({"model": lambda width=3: (width,)}, False),
    ],
)
def test_a_target_varies_where_a_function_takes_the_settings(
    parts: dict[str, Any], varies: bool
) -> None:
    assert made(settings={"width": 3}, **parts).varies() is varies


def test_settings_have_names() -> None:
    with pytest.raises(TargetError, match="settings has the key 3"):
        made(settings={3: "width"})


def test_writing_a_target_needs_neither_torch_nor_tensorboard() -> None:
    code = "import advisor_probe, sys; print({'torch', 'tensorboard'} & set(sys.modules))"
    assert run_python("-c", code).stdout.strip() == "set()"
