"""The words that show what is being learned: in names of series and in configs."""

from __future__ import annotations

import re

from advisor.roles import Task

RL_PHRASES = (
    ("td", "loss"), ("td", "error"), ("q", "loss"), ("qf", "loss"), ("qf", "1", "loss"),
    ("loss", "pi"), ("loss", "q"), ("policy", "gradient", "loss"), ("exploration", "rate"),
    ("ep", "len"), ("episode", "length"), ("rollout", "ep"), ("env", "interacts"),
    ("approx", "kl"),
)  # fmt: skip
"""Words side by side in names that only agents' losses and telemetry bear.

From Stable-Baselines3, Spinning Up, CleanRL and RLlib.
"""

RL_PAIRS = (("policy", "value"), ("actor", "critic"), ("pi", "v"))
"""Heads of losses that together belong to an agent."""

RL_CONFIG = frozenset({"env_id", "env_name", "gym_id", "gae_lambda", "clip_range"})
RL_ALGORITHMS = frozenset({"ppo", "dqn", "a2c", "a3c", "sac", "td3", "ddpg", "trpo", "reinforce"})

GENERATOR = frozenset({"g", "gen", "generator", "netg"})
DISCRIMINATOR = frozenset({"d", "disc", "discriminator", "dis", "netd", "critic"})
GAN_PHRASES = (("g", "gan"), ("d", "real"), ("d", "fake"), ("d", "g", "z"))
"""From the CycleGAN and pix2pix code and PyTorch's DCGAN tutorial (``D(G(z))``)."""
GAN_MODEL = re.compile(
    r"(?:^|[^a-z])(?:dc|w|style|cycle|big|vq|sr|esr|sn|ls|info|c|ac)?gan\d*(?![a-z])|pix2pix"
)

LM_QUANTITIES = frozenset({"perplexity", "bpb", "bpc"})
LM_CONFIG = frozenset({"vocab_size", "block_size", "context_length", "n_ctx", "max_seq_length"})
LM_MODEL = re.compile(
    r"causallm|maskedlm|lmhead|language.?model|(?:^|[^a-z])(?:nano|mini)?gpt"
    r"|llama|mistral|qwen|gemma"
)
LM_SOURCE = re.compile(r"llm\.c|nanogpt")

CLASSIFICATION = frozenset({
    "accuracy", "top1_accuracy", "top5_accuracy", "topk_accuracy", "f1", "auc", "mcc", "kappa",
    "average_precision", "precision", "recall", "specificity", "top1_error", "top5_error",
})  # fmt: skip
CLASS_LOSSES = frozenset({"cross_entropy", "binary_cross_entropy", "ce", "bce"})
REGRESSION = frozenset({"mse", "rmse", "mae", "mape", "r2"})
BESIDE_ERRORS = frozenset({"error_rate", "error", "false_rate", "ece", "brier"})
"""Metrics that a classifier may log beside its error rate, of those that do not tell it is one."""
SPELLED = frozenset({"ctc", "rnnt", "transducer", "wer", "cer", "asr", "ocr"})
"""Words beside which an error rate may be that of words or characters."""
DENSE = frozenset({"map_50_95", "map", "ap", "ar", "pq", "nds", "iou", "dice"})
"""Metrics of detection and segmentation."""
DENSE_PARTS = frozenset({"box", "bbox", "giou", "rpn", "mask", "dfl", "heatmap", "dice", "iou"})
"""Parts of the losses of detection and segmentation."""

MODEL_KEYS = frozenset({
    "model", "model_name", "model_type", "architecture", "architectures", "arch", "algorithm",
    "algo", "name_or_path", "model_name_or_path", "network", "agent", "base_model",
    "_name_or_path", "policy",
})  # fmt: skip
LOSS_KEYS = frozenset({"loss", "criterion", "loss_fn", "loss_function", "loss_type"})
TASK_KEYS = frozenset({"task", "problem_type", "task_type"})

CLASS_LOSS = re.compile(
    r"cross.?entropy|(?:^|[^a-z])b?ce(?:[^a-z]|$)|bcewith|bceloss|nllloss|focal|hinge"
)
DISTANCE_LOSS = re.compile(
    r"(?:^|[^a-z])r?mse|(?:^|[^a-z])mae|huber|l1loss|smooth.?l1|mean.squared|mean.abs"
)

DECLARED = {
    **dict.fromkeys(
        ("classification", "classify", "image-classification", "text-classification",
         "single_label_classification", "multi_label_classification", "binary", "multiclass"),
        Task.CLASSIFICATION,
    ),
    "regression": Task.REGRESSION,
    **dict.fromkeys(
        ("causal_lm", "language_modeling", "language-modeling", "text-generation", "clm", "mlm"),
        Task.LANGUAGE_MODEL,
    ),
    # Named tasks for which none of the rules' tasks stands.
    **dict.fromkeys(
        ("detect", "detection", "object-detection", "segment", "segmentation", "pose", "obb"),
        Task.UNKNOWN,
    ),
}  # fmt: skip
"""What frameworks write as the task (Ultralytics, Hugging Face, LightGBM-style configs)."""
