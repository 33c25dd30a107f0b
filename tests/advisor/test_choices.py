from __future__ import annotations

import pytest

from advisor.choices import choice
from advisor.model import Value


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("adam", "adam"),
        ("adamw_torch_fused", "adamw"),
        ("paged_adamw_8bit", "adamw"),
        ("torch.optim.SGD", "sgd"),
        ("torch.optim.adam.Adam", "adam"),
        ("<class 'torch.optim.adamw.AdamW'>", "adamw"),
        ("tf.keras.optimizers.legacy.RMSprop", "rmsprop"),
        ("SGD (\nParameter Group 0\n    lr: 0.1\n    momentum: 0.9\n)", "sgd"),
        ("FusedAdam", "adam"),
        ("auto", None),
        ("my_adam", None),
        ("adam then sgd", None),
        ("", None),
    ],
)
def test_an_optimizer_is_known_however_it_is_written(value: str, name: str | None) -> None:
    assert choice("optimizer", value) == name


@pytest.mark.parametrize(
    ("parameter", "value", "name"),
    [
        ("activation", "nn.ReLU(inplace=True)", "relu"),
        ("activation", "LeakyReLU", "leaky_relu"),
        ("activation", "gelu_pytorch_tanh", "gelu"),
        ("activation", "swish", "silu"),
        ("output_activation", "LogSoftmax(dim=1)", "softmax"),
        ("initialization", "kaiming_normal_", "he"),
        ("initialization", "GlorotUniform", "glorot"),
        ("initialization", "hello", None),
        ("normalization", "BatchNorm2d", "batch"),
        ("normalization", "LN", "layer"),
        ("normalization", "imagenet", None),
        ("learning_rate", "adam", None),
    ],
)
def test_other_choices_are_known_too(parameter: str, value: str, name: str | None) -> None:
    assert choice(parameter, value) == name


@pytest.mark.parametrize("value", [None, True, 1.0, ("adam", "sgd")])
def test_what_is_no_text_spells_nothing(value: Value) -> None:
    assert choice("optimizer", value) is None
