"""The one quantity that a run is judged by, and how it is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast, get_args

from advisor.language import term
from advisor.roles import Direction, Kind, Objective, Role, Split, Task
from advisor.run import ConfigValue
from advisor.text import told
from advisor.understand.guess import Guess, guess, parse_key
from advisor.understand.names import Names

_MONITORS = (
    "metric_for_best_model",
    "monitor",
    "best_metric",
    "checkpoint_metric",
    "early_stopping_metric",
)
"""Config names, by their last part, under which frameworks keep the metric they choose by."""


NAMED = term("named as the objective")
"""How an objective was chosen that the user named."""


class Wanted(NamedTuple):
    """A series that the user or the config names as what counts."""

    series: str
    direction: Direction
    how: str


class Search(NamedTuple):
    """Where a named series is looked for."""

    guesses: Sequence[Guess]
    names: Names
    primary: frozenset[str]
    """The tags that stand for their roles."""


def requested(text: str, search: Search) -> Wanted | str:
    """Resolve ``--objective``, such as ``val/auc:max``; return a sentence where it cannot be.

    The name is a tag, a role key (``val/loss``) or a split and quantity (``val/auc``).
    """
    name, direction = split_direction(text, {g.tag for g in search.guesses})
    found = _named(name, search)
    if found is None:
        return told(
            "No series matches the objective {name:name}; another was chosen by the usual rules.",
            name=name,
        )
    better = direction or found.direction
    if better is None:
        return told(
            "Whether {tag:name} should rise or fall is not known: add :max or :min to the "
            "objective; another was chosen by the usual rules.",
            tag=found.tag,
        )
    return Wanted(found.tag, better, NAMED)


def split_direction(text: str, tags: Iterable[str]) -> tuple[str, Direction | None]:
    """Split ``val/auc:max`` into the name and the direction; a tag may hold colons itself."""
    name, colon, direction = text.rpartition(":")
    if text in tags or not colon or direction not in get_args(Direction):
        return text, None
    return name, cast("Direction", direction)


def monitored(config: Mapping[str, ConfigValue], search: Search) -> Wanted | None:
    """Return the validation metric that the config chooses checkpoints by.

    A loss named there is no choice: it is what frameworks fall back on.
    """
    by_name = {
        path.replace("/", ".").rpartition(".")[2].lower(): config[path] for path in sorted(config)
    }
    values = (by_name[key].value for key in _MONITORS if key in by_name)
    for value in values:
        if not isinstance(value, str):
            continue
        found = _named(f"val/{value}", search) or _named(value, search)
        if found is not None and found.kind is Kind.METRIC and found.split is Split.VALIDATION:
            better = found.direction or _mode(by_name)
            if better is not None:
                return Wanted(found.tag, better, told("named in the config as {m:name}", m=value))
    return None


def _mode(config: Mapping[str, ConfigValue]) -> Direction | None:
    mode = config["mode"].value if "mode" in config else None
    if mode in get_args(Direction):
        return cast("Direction", mode)
    greater = config["greater_is_better"].value if "greater_is_better" in config else None
    if not isinstance(greater, bool):
        return None
    return "max" if greater else "min"


def _named(name: str, search: Search) -> Guess | None:
    """Return the series that a name means: a tag, else the one that stands for what it says.

    Without a split, ``accuracy`` means the validation accuracy before the training accuracy.
    """
    logged = [g for g in search.guesses if g.points]
    exact = next((g for g in logged if g.tag == name), None)
    if exact is not None:
        return exact
    meant = guess(name, 1, search.names)
    split, kind = parse_key(name) or (meant.split, None)

    def fits(g: Guess) -> bool:
        same = g.quantity == meant.quantity if kind is None else g.kind is kind
        return bool(name) and same and split in (Split.NONE, g.split)

    def order(g: Guess) -> tuple[object, ...]:
        validation = g.split is Split.VALIDATION
        return (not validation, g.tag not in search.primary, g.points < 2, -g.points, g.order)

    return min(filter(fits, logged), key=order, default=None)


def objective_of(
    roles: Sequence[Role], points: Mapping[str, int], task: Task, wanted: Wanted | None
) -> Objective | None:
    """Choose the objective; ``None`` where nothing logged says how good the model is.

    The user's, else for reinforcement learning the return, else a validation metric with known
    direction, the validation loss, and last the training loss, marked weak. The losses of a GAN
    or an agent say nothing, so there is none to fall back on.
    """
    if wanted is not None:
        return Objective(series=wanted.series, direction=wanted.direction, how=wanted.how)
    for key, how in _order(task, _validated(roles, points)):
        role = next((r for r in roles if r.primary and r.key == key), None)
        if role is None or role.direction is None or _is_summary(role, roles, points):
            continue
        return Objective(
            series=role.series, direction=role.direction, how=how, weak=key == "train/loss"
        )
    return None


def _validated(roles: Sequence[Role], points: Mapping[str, int]) -> bool:
    """Tell whether anything was measured on validation data, with a known direction or not."""
    return any(r.split is Split.VALIDATION and points[r.series] for r in roles)


def _order(task: Task, validated: bool) -> tuple[tuple[str, str], ...]:
    metric = ("val/metric", term("the validation metric"))
    if task is Task.REINFORCEMENT:
        return (
            ("val/return", term("the return of the evaluations")),
            ("return", term("the return")),
            metric,
        )
    if task is Task.GAN:
        return (metric,)
    return (
        metric,
        (
            "val/loss",
            term("the validation loss, as no validation metric with a known direction is logged"),
        ),
        (
            "train/loss",
            term("the training loss, as no validation series with a known direction is logged")
            if validated
            else term("the training loss, as no validation data are logged"),
        ),
    )


def _is_summary(role: Role, roles: Sequence[Role], points: Mapping[str, int]) -> bool:
    """Tell a single number, which cannot judge a run whose validation loss is a curve."""
    loss = next((r for r in roles if r.primary and r.key == "val/loss"), None)
    return (
        role.key == "val/metric"
        and points[role.series] < 2
        and loss is not None
        and points[loss.series] > 1
    )
