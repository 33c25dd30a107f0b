"""What is being learned, from the names of the series and from the config."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from advisor.language import term
from advisor.roles import Kind, Task
from advisor.run import Axis, ConfigValue, Run
from advisor.text import told
from advisor.understand import task_words as known
from advisor.understand.error_rates import rates_in_percent
from advisor.understand.guess import Guess
from advisor.understand.words import words_of


class Evidence(NamedTuple):
    """One thing that speaks for a task; ``UNKNOWN`` for what speaks against deciding."""

    task: Task
    words: str


@dataclass(frozen=True, slots=True)
class Clues:
    """What a task is told by."""

    logged: tuple[Guess, ...]
    words: Mapping[str, tuple[str, ...]]
    """By tag."""
    config: Mapping[str, str]
    """Values in lower case, by the last part of their path."""
    source: str
    env_steps: bool
    percent: frozenset[str]
    """Tags of errors in per cent that may be of a classifier."""

    def of_kind(self, *kinds: Kind) -> list[Guess]:
        """Return the series of some kinds."""
        return [g for g in self.logged if g.kind in kinds]

    def settings(self, keys: frozenset[str]) -> Iterator[tuple[str, str]]:
        """Yield the settings under any of ``keys``."""
        return ((key, value) for key, value in self.config.items() if key in keys)


def task_of(run: Run, guesses: Iterable[Guess]) -> tuple[Task, str]:
    """Return the task and what showed it, in words; ``UNKNOWN`` and nothing where nothing did.

    Reinforcement learning and GANs come first, because no rule on losses holds for them.
    """
    clues = _clues(run, guesses)
    found = next((evidence for search in _SEARCHES for evidence in search(clues)), None)
    if found is None or found.task is Task.UNKNOWN:
        return Task.UNKNOWN, ""
    return found.task, found.words


def _clues(run: Run, guesses: Iterable[Guess]) -> Clues:
    logged = tuple(sorted((g for g in guesses if g.points), key=lambda g: g.order))
    return Clues(
        logged=logged,
        words={g.tag: words_of(g.tag) for g in logged},
        config={_last(path): _text(entry) for path, entry in sorted(run.config.items())},
        source=run.source.lower(),
        env_steps=any(series.axis is Axis.ENV_STEP for series in run.series.values()),
        percent=rates_in_percent(logged, run.series),
    )


def _reinforcement(clues: Clues) -> Iterator[Evidence]:
    task = Task.REINFORCEMENT
    if clues.env_steps:
        yield Evidence(task, term("its steps count environment steps"))
    yield from (_tag(task, g.tag) for g in clues.of_kind(Kind.RETURN))
    yield from _phrases(task, clues, known.RL_PHRASES)
    heads = {g.extra[0]: g.tag for g in clues.of_kind(Kind.LOSS) if len(g.extra) == 1}
    yield from (_tag(task, heads[a]) for a, b in known.RL_PAIRS if a in heads and b in heads)
    yield from (_setting(task, k, v) for k, v in clues.settings(known.RL_CONFIG))
    for key, value in clues.settings(known.MODEL_KEYS):
        if known.RL_ALGORITHMS.intersection(re.split(r"[^a-z0-9]+", value)):
            yield _setting(task, key, value)


def _adversarial(clues: Clues) -> Iterator[Evidence]:
    losses = clues.of_kind(Kind.LOSS)
    generators = [g.tag for g in losses if known.GENERATOR & _qualifiers(g)]
    discriminators = [g.tag for g in losses if known.DISCRIMINATOR & _qualifiers(g)]
    if generators and discriminators:
        pair = {"one": generators[0], "other": discriminators[0]}
        yield Evidence(Task.GAN, told("the series {one:name} and {other:name}", **pair))
    yield from (_tag(Task.GAN, g.tag) for g in losses if "discriminator" in _qualifiers(g))
    yield from _phrases(Task.GAN, clues, known.GAN_PHRASES)
    # CycleGAN writes its losses without that word: D_A beside G_A.
    bare = {words: tag for tag, words in clues.words.items() if len(words) == 2}
    yield from (_tag(Task.GAN, t) for w, t in bare.items() if w[0] == "d" and ("g", w[1]) in bare)
    for key, value in clues.settings(known.MODEL_KEYS):
        if known.GAN_MODEL.search(value):
            yield _setting(Task.GAN, key, value)


def _declared(clues: Clues) -> Iterator[Evidence]:
    for key, value in clues.settings(known.TASK_KEYS):
        if value in known.DECLARED:
            yield _setting(known.DECLARED[value], key, value)


def _language(clues: Clues) -> Iterator[Evidence]:
    task = Task.LANGUAGE_MODEL
    yield from (_tag(task, g.tag) for g in clues.logged if g.canonical in known.LM_QUANTITIES)
    yield from _phrases(task, clues, (("tokens",), ("token", "accuracy")))
    if known.LM_SOURCE.search(clues.source):
        yield Evidence(task, told("the log is a {source:text}", source=clues.source))
    # A model of language that is judged by a class metric is fine-tuned to classify.
    if any(g.canonical in known.CLASSIFICATION for g in clues.of_kind(Kind.METRIC)):
        return
    if any("classification" in value for value in clues.config.values()):
        return
    for key, value in clues.settings(known.MODEL_KEYS):
        if known.LM_MODEL.search(value):
            yield _setting(task, key, value)
    lengths = sorted(clues.settings(known.LM_CONFIG))
    if len(lengths) > 1:
        yield _setting(task, *lengths[0])


def _dense(clues: Clues) -> Iterator[Evidence]:
    """Leave detection and segmentation undecided: their losses are no plain classifier's."""
    metrics = (g.canonical in known.DENSE for g in clues.of_kind(Kind.METRIC))
    losses = (known.DENSE_PARTS.intersection(g.extra) for g in clues.of_kind(Kind.LOSS))
    if any(metrics) or any(losses):
        yield Evidence(Task.UNKNOWN, "")


def _supervised(clues: Clues) -> Iterator[Evidence]:
    judged = clues.of_kind(Kind.METRIC, Kind.LOSS)
    for task, quantities in (
        (Task.CLASSIFICATION, known.CLASSIFICATION),
        (Task.CLASSIFICATION, known.CLASS_LOSSES),
        (Task.REGRESSION, known.REGRESSION),
    ):
        yield from (_tag(task, g.tag) for g in judged if quantities & {g.canonical, *g.extra})


def _by_config(clues: Clues) -> Iterator[Evidence]:
    for key, value in clues.settings(known.LOSS_KEYS):
        if known.CLASS_LOSS.search(value):
            yield _setting(Task.CLASSIFICATION, key, value)
        elif known.DISTANCE_LOSS.search(value):
            yield _setting(Task.REGRESSION, key, value)
    # One output is a number as often as it is a yes or no.
    classes = clues.settings(frozenset({"num_classes"}))
    yield from (_setting(Task.CLASSIFICATION, k, v) for k, v in classes if v not in ("1", "1.0"))


def _error_rates(clues: Clues) -> Iterator[Evidence]:
    """Take a rate of errors, of which nothing says more, for one of wrong answers."""
    metrics = clues.of_kind(Kind.METRIC)
    rates = [g for g in metrics if g.quantity == "error_rate" or g.tag in clues.percent]
    others = (g for g in metrics if g not in rates)
    if not rates or any(g.direction and g.canonical not in known.BESIDE_ERRORS for g in others):
        return
    recorded = re.split(r"[^a-z]+|loss", " ".join(clues.config.values()))
    words = {*itertools.chain(*clues.words.values()), *recorded}
    losses = " ".join(value for _, value in clues.settings(known.LOSS_KEYS))
    distances = known.DISTANCE_LOSS.search(losses) and "num_classes" not in clues.config
    if not distances and not known.SPELLED & words:
        yield from (_tag(Task.CLASSIFICATION, g.tag) for g in rates)


_SEARCHES: tuple[Callable[[Clues], Iterator[Evidence]], ...] = (
    _reinforcement,
    _adversarial,
    _declared,
    _language,
    _dense,
    _supervised,
    _error_rates,
    _by_config,
)
"""The surest evidence first; the first that is found decides."""


def _tag(task: Task, tag: str) -> Evidence:
    return Evidence(task, told("the series {tag:name}", tag=tag))


def _setting(task: Task, key: str, value: str) -> Evidence:
    words = told("the config: {key:name} is {value:name}", key=key, value=value)
    return Evidence(task, words)


def _phrases(task: Task, clues: Clues, phrases: tuple[tuple[str, ...], ...]) -> Iterator[Evidence]:
    yield from (_tag(task, tag) for tag in _saying(tuple(clues.words), phrases))


@lru_cache(maxsize=64)  # the runs of a study are alike
def _saying(tags: tuple[str, ...], phrases: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Return the tags that hold one of the phrases."""
    begun = _by_first_word(phrases)
    every = ((tag, words_of(tag)) for tag in tags)
    return tuple(
        tag
        for tag, words in every
        if any(_begins(words[i:], begun.get(word, ())) for i, word in enumerate(words))
    )


@cache
def _by_first_word(phrases: tuple[tuple[str, ...], ...]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], []).append(phrase)
    return found


def _begins(words: tuple[str, ...], phrases: Iterable[tuple[str, ...]]) -> bool:
    return any(words[: len(phrase)] == phrase for phrase in phrases)


def _qualifiers(g: Guess) -> set[str]:
    return {*g.extra, *g.canonical.split("_")}


def _last(path: str) -> str:
    return re.split(r"[./]", path)[-1].lstrip("-").lower()


def _text(entry: ConfigValue) -> str:
    value = entry.value
    return " ".join(map(str, value)).lower() if isinstance(value, tuple) else str(value).lower()
