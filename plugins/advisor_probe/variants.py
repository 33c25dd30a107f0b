"""Which settings of a target are varied, and to what: half and twice, on and off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from advisor.model import Value
from advisor.vocabulary.hyperparameter_names import canonical
from advisor_probe.settings import flat

SLOTS = (
    "narrower", "wider", "shallower", "deeper", "weaker", "stronger", "pretrained",
    "other-1", "other-2",
)  # fmt: skip
"""What may be measured beside the settings as they are; the probe's cost is that of all."""

REGULARIZERS = {"dropout": 0.2, "weight_decay": 1e-2}
"""Settings that keep a model from fitting, and what is tried for one that is off."""
MOST_DROPOUT = 0.9
_OTHER_PROBES = frozenset({
    "learning_rate", "batch_size", "optimizer", "momentum", "nesterov", "betas", "lr_schedule",
    "warmup", "averaging", "gradient_clip", "activation", "batch_norm",
})  # fmt: skip
"""What other probes vary without a setting, or what a comparison chooses itself."""
_SHORT = {"width": "hidden_size", "widths": "hidden_size"}
"""Names that a model's settings give its size, and that elsewhere mean something else."""
_GIVEN = frozenset({
    "accumulation", "epochs", "steps", "patience", "classes", "vocab_size", "loss_function", "task",
    "inputs", "features", "outputs", "targets", "output_activation", "target_metric", "model_size",
    "samples", "label_smoothing", "image_size", "frozen", "architecture", "initialization",
    "normalization",
})  # fmt: skip
"""What the task gives, what changes the meaning of the loss, or what no number follows from."""


class Variant(NamedTuple):
    """One setting, changed."""

    slot: str
    parameter: str
    """The canonical name, or the setting's own."""
    path: str
    before: Value
    after: Value


def variants(settings: Mapping[str, Any]) -> Iterator[Variant]:
    """Yield what is to be tried: of each kind the first setting that there is, at most ``SLOTS``.

    A setting without a known name is varied where it is a positive number or a switch.
    """
    taken: set[tuple[str, ...]] = set()
    for path, value in flat(settings):
        name = canonical(path) or _SHORT.get(path.rpartition(".")[2].lower())
        if name in _OTHER_PROBES or name in _GIVEN or "seed" in path.lower():
            continue
        kind = _OTHER if name is None else _KINDS.get(name)
        if (
            kind
            and kind.slots not in taken
            and any(v is not None for v in kind.values(name or "", value))
        ):
            taken.add(kind.slots)
            yield from _changed(path, name or path, value, kind)


class _Kind(NamedTuple):
    """What is tried for settings of one kind, and the slots of what comes of it."""

    values: Callable[[str, Value], tuple[Value, ...]]
    slots: tuple[str, ...]


def _changed(path: str, name: str, value: Value, kind: _Kind) -> Iterator[Variant]:
    for slot, after in zip(kind.slots, kind.values(name, value), strict=False):
        if after is not None and after != value:
            yield Variant(slot, name, path, value, after)


def _scaled(_name: str, value: Value) -> tuple[Any, ...]:
    """Return half and twice a number, or each of several; ``None`` for what cannot be halved."""
    if isinstance(value, tuple):
        halves = tuple(_scaled("", item)[0] for item in value)
        doubles = tuple(_scaled("", item)[1] for item in value)
        return (None if None in halves else halves), (None if None in doubles else doubles)
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None, None
    return (value // 2 or None if isinstance(value, int) else value / 2), 2 * value


def _regularized(name: str, value: Value) -> tuple[Value, ...]:
    """Return a regularizer off, and twice as much; ``None`` in place of the one for one off."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return ()
    if value == 0:
        return None, REGULARIZERS[name]
    return 0.0, min(2 * value, MOST_DROPOUT) if name == "dropout" else 2 * value


def _switched_on(_name: str, value: Value) -> tuple[Value, ...]:
    return (True,) if value is False else ()


def _other(_name: str, value: Value) -> tuple[Value, ...]:
    return (not value,) if isinstance(value, bool) else _scaled("", value)


_KINDS: Mapping[str, _Kind] = {
    "hidden_size": _Kind(_scaled, ("narrower", "wider")),
    "layers": _Kind(_scaled, ("shallower", "deeper")),
    "pretrained": _Kind(_switched_on, ("pretrained",)),
    **dict.fromkeys(REGULARIZERS, _Kind(_regularized, ("weaker", "stronger"))),
}
_OTHER = _Kind(_other, ("other-1", "other-2"))
