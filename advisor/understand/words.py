"""Splitting a tag into words, and telling the words for the split and for the twin."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from advisor.roles import Split

LONGEST = 1000
"""Characters of a tag that are looked at: a longer one is data by mistake."""

# Acronyms in mixed case would be torn apart by the rule for camel case.
# And "1-acc" is no first accuracy, where it is the whole name but for a split.
_WORD = re.compile(
    r"(?:(?<![^/])|(?<=val_)|(?<=train_)|(?<=test_)|(?<=eval_)|(?<=valid_))1 ?- ?(?=[aA]cc)"
    r"|mAP|mIoU|mDice|mAR|IoU|AP(?=[sml](?![a-z]))"
    r"|[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_]+"
)

SPLIT_WORDS: dict[str, Split] = {
    **dict.fromkeys(("train", "training", "tr", "trn", "trainset", "训练"), Split.TRAIN),
    **dict.fromkeys(
        ("val", "valid", "validation", "validate", "vali", "eval", "evaluation", "dev", "holdout",
         "heldout", "valset", "vl", "vld", "验证"),
        Split.VALIDATION,
    ),
    **dict.fromkeys(("test", "testing", "tst", "testset", "测试"), Split.TEST),
}  # fmt: skip

Twin = Literal["", "step", "epoch"]

TWIN_WORDS: dict[str, Literal["step", "epoch"]] = {
    "epoch": "epoch", "epochs": "epoch", "step": "step", "batch": "step", "iter": "step",
    "minibatch": "step",
}  # fmt: skip

_SHORT = {
    "trl": ("train", "loss"),  # llm.c
    "tel": ("val", "loss"),  # llm.c
    "tloss": ("train", "loss"),
    "vloss": ("val", "loss"),
    "vacc": ("val", "acc"),
    "gloss": ("g", "loss"),
    "dloss": ("d", "loss"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A tag as words, lower case."""

    every: tuple[str, ...]
    """All words but those for the split."""
    rest: tuple[str, ...]
    """Without the words for the twin, unless nothing else is there."""
    split: Split
    """What the tag says it was measured on; the last word for a split counts."""
    twin: Twin


@lru_cache(maxsize=4096)  # the runs of a study have the same tags
def words_of(text: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the words of ``text``; ``known`` are words that may be glued to a split word."""
    found: list[str] = []
    for match in _WORD.finditer(text[:LONGEST]):
        word = match.group().lower().replace(" ", "")
        found.extend(_SHORT.get(word) or _unglue(word, known))
    return tuple(found)


def parse(tag: str, known: frozenset[str] = frozenset()) -> Words:
    """Split a tag into words and take away those for the split and the twin."""
    words = _without_suffix(words_of(tag, known))
    marks = [_split(words, i) for i in range(len(words))]
    every = tuple(word for word, mark in zip(words, marks, strict=True) if mark is None)
    rest = tuple(word for word in every if word not in TWIN_WORDS)
    # "loss_epoch" is the loss of an epoch, "epoch" is the epoch.
    named: list[Twin] = [TWIN_WORDS[word] for word in every if word in TWIN_WORDS]
    return Words(
        every=every,
        rest=rest or every,
        split=next((mark for mark in reversed(marks) if mark is not None), Split.NONE),
        twin=named[-1] if named and rest else "",
    )


def is_telling(word: str) -> bool:
    """Tell whether a word is long enough to be recognized inside another one."""
    return len(word) > 2 or not word.isascii()


@lru_cache(maxsize=4096)
def natural(tag: str) -> tuple[str, ...]:
    """Return a sort key that puts ``pg2`` before ``pg10`` and is unique to the tag."""
    return (*(word.zfill(12) if word.isdigit() else word for word in words_of(tag)), "", tag)


def _without_suffix(words: tuple[str, ...]) -> tuple[str, ...]:
    # Keras writes "evaluation_loss_vs_iterations": the loss after each evaluation.
    return (*words[:-2], "step") if words[-2:] == ("vs", "iterations") else words


def _split(words: tuple[str, ...], index: int) -> Split | None:
    if words[index] == "dev" and index and words[index - 1] in ("std", "standard"):
        return None
    if words[index] == "out" and index and words[index - 1] == "held":
        return Split.VALIDATION
    if words[index] == "held" and words[index + 1 : index + 2] == ("out",):
        return Split.VALIDATION
    return SPLIT_WORDS.get(words[index])


def _unglue(word: str, known: Collection[str]) -> tuple[str, ...]:
    """Take ``discloss`` apart, and ``valacc`` and ``acctrain``, whose rest is a known word."""
    if word in known:
        return (word,)
    if word.endswith("loss") and word != "loss":
        return (*_unglue(word[:-4], known), "loss")
    for split in SPLIT_WORDS:
        if not is_telling(split):
            continue
        if word.startswith(split) and word[len(split) :] in known:
            return split, word[len(split) :]
        if word.endswith(split) and word[: -len(split)] in known:
            return word[: -len(split)], split
    return (word,)
