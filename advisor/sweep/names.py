"""What the names of settings say: seeds, bookkeeping, the problem, and the scale to search on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from advisor.hyperparameters import canonical

_SEED = re.compile(r"(^|_)seeds?$|^random_state$|^seed_")

_BOOKKEEPING = re.compile(
    r"^(name|run|id|uuid|group|tags?|notes?|project|entity|comments?|description|version|date|"
    r"time|timestamp|created|device|devices|gpus?|cuda|mps|cpu|accelerator|nodes|workers|rank|"
    r"dir|path|root|file|filename|port|pid|cmd|command|argv|commit|verbose|debug|plots|cache|"
    r"exist_ok|mode|profile|resume|weights_only|deterministic|workspace|save|val|show|nosave|"
    r"report_to|pin_memory|push_to_hub|disable_tqdm|job_type|world_size)$"
    r"|^(exp|experiment|run|job|trial|sweep|wandb|mlflow|hub|git|log|logging|logger|save|print|"
    r"display|output|out|ckpt|checkpoint|tensorboard|tb|gpu|cuda|dist|master|local|num_nodes|"
    r"start_time|end_time|code|eval_every|profiler)_"
    r"|^(exp|experiment|output|outdir|logdir|savedir|jobid|runid|expname)$"
    r"|_(dir|path|file|folder|root|id|ids|uuid|name_suffix|interval|freq|frequency|every|workers|"
    r"gpus?|device|devices|rank|timestamp|date)$"
    r"|^num_workers$|^n_jobs$|^nproc|^env_fn$|^make_env$|^fn$"
)
"""Settings that change from run to run without changing what is learned."""

_KEEPERS = frozenset({"logger", "logger_kwargs", "logging", "wandb", "hydra", "callbacks", "hooks"})
"""Groups of settings that are about keeping records."""

_DATA = re.compile(
    r"^(data_?sets?(_names?)?|data|data_names?|data_(path|dir|root|file)|train_(data|file|set)|"
    r"corpus|task(_name)?|env(_id|_name)?|environment|benchmark|problem)$"
)
"""Settings that name what is learned from."""

_FOLD = re.compile(r"^((cv|test|val|valid)_)?fold(_(idx|index|id|no|nr|num|number))?$")
_FOLD_IN_NAME = re.compile(r"(?<![a-z])(k?-?fold|cv)[-_= ]?(\d+)(?!\d|\.\d)", re.IGNORECASE)
"""What tells the folds of a cross-validation apart: each is validated on other data."""

_SHAPE = re.compile(
    r"^(classes|samples|vocab_size|in_(channels|chans|features)|input_(channels|dim|size|shape)|"
    r"(n|num)_(features|classes|labels))$"
)
"""Settings that say what the data look like."""

_LINEAR = re.compile(
    r"drop|momentum|beta|layers?$|depth|heads|ratio|patience|smoothing|gamma|_prob|fraction|share"
)
_SCALE = re.compile(
    r"(^|_)lrs?\d*(_|$)|learning_rate|weight_decay|(^|_)(wd|l1|l2|lambda|lam|eps|epsilon|alpha|reg)"
    r"(_|$)|temperature|batch_size|hidden|width|(^|_)dims?(_|$)|units|channels|_size$"
)

_CHOICE = re.compile(r"^(model|arch|architecture|backbone|network|net|encoder|model_name|cfg)$")


@lru_cache(maxsize=8192)  # the runs of a study name the same settings
def leaf(path: str) -> str:
    """Return the last part of a setting's path in small letters, words joined by ``_``."""
    part = re.split(r"[./]", path)[-1].lstrip("-")
    part = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part).lower()
    return re.sub(r"[^a-z0-9]+", "_", part).strip("_")


@lru_cache(maxsize=8192)
def is_seed(path: str) -> bool:
    """Tell whether a setting is a random seed."""
    return _SEED.search(leaf(path)) is not None


def folds(names: Iterable[str]) -> dict[str, str]:
    """Return the fold of each run, by its name; none unless the names differ in nothing else."""
    found = {name: _FOLD_IN_NAME.search(name) for name in names}
    rest = {_FOLD_IN_NAME.sub("", name) for name in found}
    if len(rest) != 1 or len(found) < 2:
        return {}
    return {name: match.group(2) for name, match in found.items() if match is not None}


@lru_cache(maxsize=8192)
def is_problem(path: str) -> bool:
    """Tell whether a setting names the data, a fold of them or the environment, or their shape."""
    if names_data(path) or _FOLD.match(leaf(path)):
        return True
    return _SHAPE.match(canonical(path) or leaf(path)) is not None


@lru_cache(maxsize=8192)
def names_data(path: str) -> bool:
    """Tell whether a setting names the data or the environment."""
    return _DATA.match(leaf(path)) is not None


@lru_cache(maxsize=8192)
def is_bookkeeping(path: str) -> bool:
    """Tell whether a setting only keeps records, names places, or is an object's inside."""
    parts = re.split(r"[./]", path)
    inside = any(part.startswith("_") or part.lower() in _KEEPERS for part in parts)
    return inside or (canonical(path) is None and _BOOKKEEPING.search(leaf(path)) is not None)


def is_model(name: str) -> bool:
    """Tell whether a setting chooses the model."""
    return name in ("architecture", "model_size") or _CHOICE.match(leaf(name)) is not None


def is_rate_like(name: str) -> bool:
    """Tell whether a setting is a learning rate or a penalty, whose effect goes by factors."""
    pattern = r"(^|_)lrs?\d*$|learning_rate|weight_decay|(^|_)(wd|l1|l2|lambda)$"
    return re.search(pattern, leaf(name)) is not None


def scale_by_name(name: str) -> str:
    """Return the scale that a name asks for: ``log``, ``linear``, or nothing if it is open."""
    if _LINEAR.search(leaf(name)):
        return "linear"
    return "log" if _SCALE.search(leaf(name)) else ""
