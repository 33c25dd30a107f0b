from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.vocabulary.hyperparameter_names import ALIASES, HOLDERS, canonical


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
