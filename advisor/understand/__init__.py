"""Understanding a run: what each series means, what is learned, and what the run is judged by.

Names decide, helped by the other names of the run and by the config; values only tell which of
several learning rates is shared by most parameter groups. What stays ambiguous is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from advisor.roles import Kind, Split, Task, Understanding
from advisor.run import Run
from advisor.text import told
from advisor.understand.context import TEST_STANDS_IN, in_context
from advisor.understand.error_rates import with_error_rates
from advisor.understand.guess import Aliases, Guess, given, guess, parse_key
from advisor.understand.loss_weights import Weighing, weighing
from advisor.understand.names import Names, catalogue
from advisor.understand.objective import Search, Wanted, monitored, objective_of, requested
from advisor.understand.primary import choose, one_of_many
from advisor.understand.task import task_of
from advisor.vocabulary.role_names import RoleName

__all__ = ["understand"]


def understand(
    run: Run,
    *,
    names: Sequence[RoleName] = (),
    aliases: Mapping[str, Sequence[str]] | None = None,
    objective: str | None = None,
) -> Understanding:
    """Say what the series of a run mean. Never raises, whatever Unicode text the tags are.

    ``names`` are plugins' further names. ``aliases`` are the user's: role key (``val/loss``) to
    exact tags or globs, the preferred one first; they beat everything. ``objective`` is a tag,
    a role key or a split and quantity, with ``:min`` or ``:max`` where that is not known.
    """
    known = catalogue(tuple(names))
    read = _guesses(run, known, aliases or {})
    task, evidence = task_of(run, read)
    guesses = with_error_rates(read, task, run.series)
    # What is wanted goes by what names say: `err` is looked for as an error.
    search = Search(read, known, choose(guesses, run.series))
    wanted = requested(objective, search) if objective else None
    named = wanted if isinstance(wanted, Wanted) else monitored(run.config, search)
    guesses = _directed(guesses, named)
    primary = choose(guesses, run.series, named.series) if named else search.primary
    roles = tuple(g.role(g.tag in primary) for g in guesses)
    points = {g.tag: g.points for g in guesses}
    weighed = weighing(run)
    judging = [role for role in roles if not (weighed and role.kind is Kind.LOSS)]
    chosen = objective_of(judging, points, task, named)
    unmatched = (wanted,) if isinstance(wanted, str) else ()
    return Understanding(
        roles=roles,
        task=task,
        task_evidence=evidence,
        objective=chosen,
        ambiguous=(
            *unmatched,
            *_weighed(weighed),
            *_ambiguous(guesses, primary, aliases or {}, task),
        ),
    )


def _guesses(run: Run, known: Names, aliases: Aliases) -> tuple[Guess, ...]:
    read = (guess(tag, len(series), known) for tag, series in run.series.items())
    return in_context(tuple(given(g, aliases) for g in read))


def _directed(guesses: tuple[Guess, ...], wanted: Wanted | None) -> tuple[Guess, ...]:
    """Give the wanted series the direction that was given with it."""
    if wanted is None:
        return guesses
    return tuple(
        replace(g, direction=wanted.direction) if g.tag == wanted.series else g for g in guesses
    )


def _ambiguous(
    guesses: tuple[Guess, ...], primary: frozenset[str], aliases: Aliases, task: Task
) -> Iterator[str]:
    """Say in sentences what could not be decided, or was decided by a stated rule only."""
    logged = sorted((g for g in guesses if g.points), key=lambda g: g.order)
    for key in aliases:
        if parse_key(key) is None:
            yield told("{key:name} in the settings is no role, so it was left out.", key=key)
    yield from _stand_ins(logged)
    if task not in (Task.REINFORCEMENT, Task.GAN):
        yield from _uncertain_losses(logged, primary)
    yield from _uncertain_metrics(logged, primary)
    for g in logged:
        if g.canonical.endswith("_squared") and g.kind is Kind.GRADIENT_NORM:
            yield told("{tag:name} is the square of a gradient norm; no rule uses it.", tag=g.tag)


def _weighed(weighed: Weighing | None) -> Iterator[str]:
    if weighed is not None:
        yield told(
            "The weight {tag:name} changes from step {first:step} to {last:step}: losses are not "
            "compared across that.",
            tag=weighed.tag,
            first=weighed.first_step,
            last=weighed.last_step,
        )


def _stand_ins(logged: Sequence[Guess]) -> Iterator[str]:
    tags = _tags(g for g in logged if g.how == TEST_STANDS_IN)
    if tags:
        yield told("No validation data are logged; {tags:names} stand in for them.", tags=tags)


def _uncertain_losses(logged: Sequence[Guess], primary: frozenset[str]) -> Iterator[str]:
    for g in logged:
        if g.tag in primary and g.part and g.given is None:
            yield told(
                "No total {split:text} loss is logged; {tag:name}, a part of it, stands for it.",
                tag=g.tag,
                split=g.split.value,
            )
    sets = [g for g in logged if _is_validation_set(g)]
    for g in sets:
        if g.tag in primary and g.extra and len(sets) > 1:
            yield told(
                "Several validation losses are logged; {tag:name} stands for them.", tag=g.tag
            )


def _is_validation_set(g: Guess) -> bool:
    validation = g.kind is Kind.LOSS and g.split is Split.VALIDATION
    return validation and not (g.part or g.twin or g.given is not None)


def _uncertain_metrics(logged: Sequence[Guess], primary: frozenset[str]) -> Iterator[str]:
    metrics = [g for g in logged if g.kind is Kind.METRIC and g.split is Split.VALIDATION]
    among = one_of_many(metrics)
    for g in metrics:
        if g.tag in primary and g.canonical in among and g.given is None:
            yield told(
                "Several validation series measure {what:text}; {tag:name} stands for them.",
                tag=g.tag,
                what=g.canonical.replace("_", " "),
            )
    if metrics and all(g.direction is None for g in metrics):
        yield told(
            "Whether {tags:names} should rise or fall is not known; name one with "
            "--objective TAG:max or TAG:min.",
            tags=_tags(metrics),
        )


def _tags(guesses: Iterable[Guess]) -> tuple[str, ...]:
    return tuple(g.tag for g in guesses)
