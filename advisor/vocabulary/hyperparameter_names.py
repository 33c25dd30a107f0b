"""The names that frameworks and people give to hyperparameters, as data.

A name alone does not always tell: ``type`` is the optimizer's under ``optimizer``, and the
``momentum`` of a batch norm is none of the optimizer's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

ALIASES: Mapping[str, tuple[str, ...]] = {
    "learning_rate": ("lr", "lr0", "base_lr", "init_lr", "initial_lr", "max_lr", "peak_lr",
                      "step_size", "initial_learning_rate", "learning_rate_init", "eta", "eta0",
                      "eta_0"),
    "batch_size": ("bs", "batch", "train_batch_size", "per_device_train_batch_size",
                   "samples_per_gpu", "minibatch_size", "batchsize", "mini_batch_size",
                   "micro_batch_size", "per_gpu_train_batch_size"),
    "accumulation": ("gradient_accumulation_steps", "grad_accum", "grad_accum_steps",
                     "accumulate_grad_batches", "accumulation_steps", "accumulate",
                     "gradient_accumulation", "accum_iter", "grad_accumulation_steps"),
    "epochs": ("num_epochs", "max_epochs", "n_epochs", "num_train_epochs", "nb_epochs",
               "total_epochs", "train_epochs", "num_epoch", "max_epoch", "n_epoch", "nb_epoch",
               "total_epoch", "num_training_epochs", "training_epochs"),
    "steps": ("max_steps", "num_steps", "total_steps", "max_iters", "num_iterations",
              "train_steps", "n_steps", "iterations", "max_train_steps", "num_train_steps",
              "num_training_steps", "total_training_steps", "training_steps", "train_iters"),
    "patience": ("early_stopping_patience", "es_patience", "early_stop_patience"),
    "weight_decay": ("wd", "l2", "l2_reg", "weight_decay_rate", "l2_regularization"),
    "dropout": ("dropout_rate", "drop_rate", "p_dropout", "dropout_p", "drop_prob"),
    "optimizer": ("optim", "optimizer_name", "optimizer_type", "opt", "optimizer_class"),
    "momentum": ("sgd_momentum", "momentum_sgd", "optimizer_momentum"),
    "nesterov": ("use_nesterov", "sgd_nesterov"),
    "betas": ("adam_betas", "opt_betas", "beta1_beta2"),
    "label_smoothing": ("smoothing", "label_smooth", "label_smoothing_factor",
                        "label_smoothing_eps"),
    "warmup": ("warmup_steps", "warmup_iters", "warmup_epochs", "num_warmup_steps",
               "warmup_ratio"),
    "lr_schedule": ("lr_scheduler", "lr_scheduler_type", "lr_scheduler_name", "scheduler",
                    "scheduler_type", "scheduler_name", "lr_policy", "lr_decay_style", "sched",
                    "schedule"),
    "gradient_clip": ("grad_clip", "clip_grad_norm", "max_grad_norm", "gradient_clip_val",
                      "clipnorm", "grad_clip_norm", "clip_grad"),
    "classes": ("num_classes", "n_classes", "nb_classes", "num_labels", "n_labels", "class_num",
                "class_names"),
    "vocab_size": ("n_vocab", "vocabulary_size"),
    "loss_function": ("loss", "criterion", "loss_fn", "loss_func", "loss_name", "loss_type"),
    "task": ("problem_type", "task_type"),
    "architecture": ("arch", "model_name", "model_type", "backbone", "encoder_name", "model_arch",
                     "backbone_name", "net", "network"),
    "activation": ("activation_fn", "activation_function", "hidden_activation", "hidden_act",
                   "act", "act_fn", "act_layer", "nonlinearity", "non_linearity", "activations"),
    "output_activation": ("final_activation", "last_activation", "out_activation",
                          "activation_out", "activation_output", "head_activation"),
    "initialization": ("weight_init", "initializer", "init_method", "kernel_initializer",
                       "weight_initialization", "init_type", "weights_init", "initialisation",
                       "weight_initializer", "init_scheme"),
    "normalization": ("norm_layer", "norm_type", "normalization_layer", "normalisation"),
    "batch_norm": ("use_batch_norm", "use_bn", "batchnorm", "use_batchnorm", "bn",
                   "batch_normalization"),
    "hidden_size": ("hidden_dim", "hidden_units", "hidden_sizes", "hidden_layer_sizes",
                    "hidden_dims", "hidden_channels", "hidden_features", "num_hidden_units",
                    "n_hidden_units", "d_model", "n_embd", "embed_dim", "model_width",
                    "hidden", "hidden_width", "layer_width", "hidden_nodes", "num_units"),
    "layers": ("num_layers", "n_layers", "n_layer", "depth", "num_hidden_layers", "nlayers",
               "n_hidden_layers", "hidden_layers", "model_depth", "num_blocks", "n_blocks"),
    "inputs": ("input_dim", "input_size", "in_features", "n_inputs", "num_inputs", "in_dim",
               "d_in", "n_input"),
    "features": ("feature_names", "feature_columns", "feature_cols", "features_list",
                 "input_features", "input_columns"),
    "outputs": ("output_dim", "output_size", "out_features", "n_outputs", "num_outputs",
                "out_dim", "d_out", "n_output", "output_units"),
    "targets": ("target_columns", "target_cols", "target_names", "label_columns", "label_cols",
                "output_columns"),
    "pretrained": ("use_pretrained", "pretrained_weights", "is_pretrained", "from_pretrained"),
    "frozen": ("freeze", "freeze_backbone", "freeze_encoder", "freeze_layers",
               "freeze_base_model", "frozen_stages", "freeze_base"),
    "image_size": ("imgsz", "img_size", "image_shape", "img_dim", "input_resolution", "crop_size",
                   "input_h", "input_w"),
    "averaging": ("ema", "use_ema", "model_ema", "ema_decay", "swa", "use_swa", "ema_rate",
                  "model_ema_decay", "weight_averaging", "polyak", "swa_start", "swa_lr"),
    "target_metric": ("target_accuracy", "target_acc", "target_score", "goal", "goal_metric",
                      "target_value"),
    "model_size": ("num_params", "n_params", "num_parameters", "n_parameters", "total_params",
                   "total_parameters", "trainable_params", "param_count", "parameters",
                   "n_trainable_params", "num_trainable_params"),
    "samples": ("num_samples", "n_samples", "num_train_samples", "n_train", "num_train_examples",
                "train_samples", "dataset_size", "num_examples", "train_set_size", "ntrain"),
}  # fmt: skip
"""Canonical name to the names that frameworks and people use for the same thing."""

HOLDERS: Mapping[str, tuple[str, ...]] = {
    "optimizer": ("optimizer", "optim", "opt", "optimizer_config"),
    "lr_schedule": ("scheduler", "lr_scheduler", "lr_schedule", "lr_config", "param_scheduler"),
    "loss_function": ("loss", "criterion", "loss_fn", "loss_function"),
    "activation": ("activation", "act_cfg", "act", "hidden_activation"),
    "normalization": ("normalization", "norm_cfg", "norm", "norm_layer"),
    "initialization": ("initialization", "initializer", "kernel_initializer", "weight_init",
                       "init_cfg"),
    "architecture": ("backbone", "architecture", "arch", "network"),
}  # fmt: skip
"""Canonical name to the sections whose ``type``, ``name``, ``_target_`` … it is."""

_CANONICAL = {alias: name for name, aliases in ALIASES.items() for alias in (name, *aliases)}
_HOLDER = {section: name for name, sections in HOLDERS.items() for section in sections}
_CHOOSING = frozenset({"type", "name", "class_name", "target", "method", "cls", "class_path",
                       "class", "algorithm", "algo"})  # fmt: skip
_WRAPPING = frozenset({"config", "init_args", "args", "kwargs", "params", "cfg"})
"""Levels of a path that only hold the settings of the level above (Keras, Lightning)."""
_ALIEN = {
    "momentum": re.compile(r"(^|_)(bn|ema|\w*norm\w*|teacher|moco)(_|$)"),
    "weight_decay": re.compile(r"(^|_)ema(_|$)"),
    "activation": re.compile(r"(^|_)(out|output|final|last|head|recurrent|gate)(_|$)"),
    "optimizer": re.compile(r"(^|_)\w*scheduler(_|$)"),
    "layers": re.compile(r"(^|_)(tree|image|color|bit|scene|depth_map)(_|$)"),
    "hidden_size": re.compile(r"(^|_)(head|attention_head)(_|$)"),
    "initialization": re.compile(r"(^|_)(bias|embedding|recurrent)(_|$)"),
    "batch_norm": re.compile(r"(^|_)(sync)(_|$)"),
}
"""Sections in which a name means something else."""
_OUTPUT = re.compile(r"(^|_)(out|output|final|last|head)(_|$)")


def canonical(path: str) -> str | None:
    """Return the canonical name of a config path; ``None`` if unknown.

    The last part of the path decides, and the section that it stands in where that part is
    ``type``, ``name`` and the like, or where the section changes what it means.
    """
    *above, last = (_plain(part) for part in re.split(r"[./]", path))
    sections = [part for part in above if part and not part.isdigit() and part not in _WRAPPING]
    name = _CANONICAL.get(last)
    if name is None and last in _CHOOSING and sections:
        name = _HOLDER.get(sections.pop())
    if name is None or not any(_ALIEN[name].search(s) for s in sections if name in _ALIEN):
        return name
    at_output = name == "activation" and any(_OUTPUT.search(section) for section in sections)
    return "output_activation" if at_output else None


def _plain(part: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part.lstrip("-")).lower()
    return re.sub(r"[^a-z0-9]+", "_", spaced).strip("_")
