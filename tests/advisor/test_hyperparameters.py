from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.hyperparameter_names import ALIASES, HOLDERS
from advisor.hyperparameters import Hyperparameters, as_flag, as_number, as_numbers, canonical
from advisor.model import Value
from advisor.run import ConfigValue


def _of(**config: Value) -> Hyperparameters:
    return Hyperparameters(
        {
            path.replace("__", "."): ConfigValue(value=value, origin="x")
            for path, value in config.items()
        }
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("lr", "learning_rate"),
        ("optimizer.lr", "learning_rate"),
        ("--learning-rate", "learning_rate"),
        ("learningRate", "learning_rate"),
        ("trainer/max_epochs", "epochs"),
        ("BatchSize", "batch_size"),
        ("weight decay", "weight_decay"),
        ("lr_of_the_night", None),
        ("clr", None),
        ("", None),
    ],
)
def test_a_path_is_known_by_its_last_part(path: str, name: str | None) -> None:
    assert canonical(path) == name


def test_of_several_with_one_value_the_shortest_path_stands() -> None:
    found = _of(model__optimizer__lr="1e-1", lr=0.1).get("learning_rate")
    assert found is not None
    assert (found.path, found.value) == ("lr", 0.1)


def test_several_that_disagree_are_none() -> None:
    settings = _of(lr=0.1, optimizer__lr=0.2)
    assert settings.get("learning_rate") is None
    assert settings.number("learning_rate") is None
    assert settings.path("learning_rate") is None


def test_what_the_log_has_as_none_is_not_there() -> None:
    assert _of(lr=None, optimizer__lr=0.2).number("learning_rate") == 0.2


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3.0),
        ("1e-4", 1e-4),
        (True, None),
        ("adam", None),
        (None, None),
        ((1, 2), None),
        ("nan", None),
        (float("inf"), None),
        (10**400, None),
    ],
)
def test_only_what_is_or_spells_a_finite_number_is_one(value: Value, number: float | None) -> None:
    assert as_number(value) == number


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param("optimizer.class_name", "optimizer", id="Keras"),
        pytest.param("optimizer.config.name", "optimizer", id="Keras, name"),
        pytest.param("optimizer.config.learning_rate", "learning_rate", id="Keras, rate"),
        pytest.param("optimizer.config.momentum", "momentum", id="Keras, momentum"),
        pytest.param("optim_wrapper.optimizer.type", "optimizer", id="OpenMMLab"),
        pytest.param("optim_wrapper.optimizer.lr", "learning_rate", id="OpenMMLab, rate"),
        pytest.param("model.backbone.norm_cfg.type", "normalization", id="OpenMMLab, norm"),
        pytest.param("model.backbone.act_cfg.type", "activation", id="OpenMMLab, activation"),
        pytest.param("model.backbone.frozen_stages", "frozen", id="OpenMMLab, frozen"),
        pytest.param("param_scheduler.0.type", "lr_schedule", id="OpenMMLab, schedule"),
        pytest.param("optimizer.param_groups.0.lr", "learning_rate", id="torch, a group"),
        pytest.param("optimizer.param_groups.0.momentum", "momentum", id="torch, momentum"),
        pytest.param("optimizer.param_groups.0.nesterov", "nesterov", id="torch, Nesterov"),
        pytest.param("optimizer._target_", "optimizer", id="Hydra"),
        pytest.param("model.optimizer.init_args.lr", "learning_rate", id="LightningCLI"),
        pytest.param("model.optimizer.class_path", "optimizer", id="LightningCLI, class"),
        pytest.param("lr_scheduler.class_path", "lr_schedule", id="LightningCLI, schedule"),
        pytest.param("lr0", "learning_rate", id="Ultralytics"),
        pytest.param("imgsz", "image_size", id="Ultralytics, size"),
        pytest.param("hyp.momentum", "momentum", id="Ultralytics, momentum"),
        pytest.param("--drop-rate", "dropout", id="a flag"),
        pytest.param("--opt", "optimizer", id="timm"),
        pytest.param("--sched", "lr_schedule", id="timm, schedule"),
        pytest.param("--model-ema-decay", "averaging", id="timm, EMA"),
        pytest.param("smoothing", "label_smoothing", id="timm, smoothing"),
        pytest.param("per_device_train_batch_size", "batch_size", id="Hugging Face"),
        pytest.param("gradient_accumulation_steps", "accumulation", id="Hugging Face, steps"),
        pytest.param("label_smoothing_factor", "label_smoothing", id="Hugging Face, smoothing"),
        pytest.param("hidden_act", "activation", id="Hugging Face, activation"),
        pytest.param("num_hidden_layers", "layers", id="Hugging Face, layers"),
        pytest.param("params/hidden_dim", "hidden_size", id="MLflow"),
        pytest.param("accumulate_grad_batches", "accumulation", id="Lightning"),
        pytest.param("model/kernelInitializer", "initialization", id="camel case"),
        pytest.param("head.activation", "output_activation", id="of the head"),
        pytest.param("criterion.type", "loss_function", id="of a section"),
    ],
)
def test_names_of_every_family_are_known(path: str, name: str) -> None:
    assert canonical(path) == name


@pytest.mark.parametrize(
    "path",
    [
        "model.bn.momentum", "norm_cfg.momentum", "bn_momentum", "ema.momentum", "ema_momentum",
        "batchnorm.momentum", "type", "name", "model.name", "dataset.type", "data.name", "0.type",
        "config.name", "bias.initializer", "gate.activation", "warmup_momentum",
        "optimizer.eps", "width", "units",
    ],
)  # fmt: skip
def test_what_means_something_else_where_it_stands_is_not_known(path: str) -> None:
    assert canonical(path) is None


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz_-. /0123456789", max_size=40))
def test_unknown_names_never_match(path: str) -> None:
    last = path.replace("/", ".").split(".")[-1].strip("-_ ").replace("-", "_").replace(" ", "_")
    known = {alias for name, aliases in ALIASES.items() for alias in (name, *aliases)}
    squeezed = "_".join(part for part in last.split("_") if part)
    if squeezed not in known and not any(s in path for own in HOLDERS.values() for s in own):
        assert canonical(path) is None


def test_no_name_stands_for_two_things() -> None:
    names = [alias for name, aliases in ALIASES.items() for alias in (name, *aliases)]
    assert sorted(set(names)) == sorted(names)


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
    assert _of(optimizer=value).choice("optimizer") == name


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
    assert _of(**{parameter: value}).choice(parameter) == name


def test_spellings_of_one_optimizer_agree() -> None:
    settings = _of(optimizer__class_name="Adam", optimizer__config__name="adam", opt="ADAM")
    assert settings.choice("optimizer") == "adam"


def test_two_optimizers_are_none() -> None:
    assert _of(actor__optimizer="adam", critic__optimizer="sgd").choice("optimizer") is None


def test_groups_with_rates_of_their_own_are_none() -> None:
    groups: dict[str, Value] = {"optimizer__param_groups__0__lr": 0.1}
    assert _of(**groups).number("learning_rate") == 0.1
    groups["optimizer__param_groups__1__lr"] = 0.01
    assert _of(**groups).number("learning_rate") is None


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ((64, 32), (64, 32)),
        ("[64, 32]", (64, 32)),
        ("64,32", (64, 32)),
        (64, (64,)),
        ("wide", ()),
        ((64, "wide"), ()),
        (True, ()),
        ("", ()),
    ],
)
def test_sizes_are_read_from_lists_and_text(value: Value, numbers: tuple[float, ...]) -> None:
    assert as_numbers(value) == numbers


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), ("False", False), ("yes", True), (0, False), (1.5, None), ("maybe", None)],
)
def test_a_switch_is_read_from_text_and_numbers(value: Value, flag: bool | None) -> None:
    assert as_flag(value) is flag
