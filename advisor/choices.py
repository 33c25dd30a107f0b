"""Settings that name one of several known things: which one, however it is written.

``torch.optim.AdamW``, ``adamw_torch_fused``, ``<class 'torch.optim.adamw.AdamW'>`` and what
torch prints of an optimizer are all ``adamw``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from advisor.model import Value

CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "optimizer": {
        "sgd": ("sgdnesterov",), "adam": ("cpuadam",), "adamw": ("adamweightdecay",),
        "nadam": ("nadamw",), "radam": (), "adamax": (), "rmsprop": ("rmsproptf",),
        "adagrad": (), "adadelta": (), "adafactor": (), "lion": (), "lamb": (), "lars": (),
        "muon": (), "lbfgs": (), "adabelief": (), "ftrl": (), "signum": (), "sophia": (),
    },
    "activation": {
        "relu": ("relu6", "rectifier"), "leaky_relu": ("leakyrelu", "lrelu"), "prelu": (),
        "rrelu": (), "elu": (), "selu": (), "gelu": ("quickgelu", "geglu"), "celu": (),
        "silu": ("swish", "swiglu", "hardswish"), "mish": (), "tanh": ("hardtanh",),
        "sigmoid": ("logistic", "hardsigmoid"), "softmax": ("logsoftmax",), "softplus": (),
        "linear": ("none", "identity", "raw", "logits"),
    },
    "initialization": {
        "he": ("kaiming", "msra"), "glorot": ("xavier",), "lecun": (), "orthogonal": (),
        "zeros": ("zero",), "constant": ("ones",), "normal": ("gaussian", "randomnormal"),
        "uniform": ("randomuniform",), "truncated_normal": ("truncnormal", "truncatednormal"),
    },
    "normalization": {
        "batch": ("batchnorm", "bn", "syncbn", "batchnormalization", "batchnorm1d", "batchnorm2d",
                  "batchnorm3d", "syncbatchnorm"),
        "layer": ("layernorm", "ln", "layernormalization", "layernorm2d"),
        "group": ("groupnorm", "gn", "groupnormalization"),
        "instance": ("instancenorm", "in", "instancenorm2d"), "rms": ("rmsnorm",),
        "none": ("identity", "false", "off"),
    },
}  # fmt: skip
"""Canonical parameter to the canonical choices, each with other spellings, without ``_``."""

_LIKE = {"output_activation": "activation"}
_KNOWN = {
    parameter: {
        spelling: name
        for name, others in choices.items()
        for spelling in (name.replace("_", ""), *others)
    }
    for parameter, choices in CHOICES.items()
}
_VARIANTS = frozenset({"paged", "fused", "apex", "torch", "nn", "fast", "hf", "deep", "speed",
                       "deepspeed", "tf", "keras", "bnb", "plain"})  # fmt: skip
"""Words before a name that say which implementation it is."""
_LONGEST = 2000


def choice(parameter: str, value: Value) -> str | None:
    """Return the canonical choice that a value spells; ``None`` if it spells none, or several."""
    known = _KNOWN.get(_LIKE.get(parameter, parameter))
    if known is None or not isinstance(value, str):
        return None
    words = re.findall(r"[A-Za-z_][\w.]*", value[:_LONGEST])
    found = {name for word in words if (name := _spelled(word, known)) is not None}
    return found.pop() if len(found) == 1 else None


def _spelled(word: str, known: Mapping[str, str]) -> str | None:
    return next((known[form] for form in _forms(word) if form in known), None)


def _forms(word: str) -> Iterator[str]:
    """Yield the forms of a word, the whole of it first, then without what follows the name."""
    last = word.rstrip(".").split(".")[-1]
    pieces = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", last).lower().strip("_").split("_")
    while len(pieces) > 1 and pieces[0] in _VARIANTS:
        pieces = pieces[1:]
    for end in range(len(pieces), 0, -1):
        yield "".join(pieces[:end])
