"""What a single tag says by itself, before the other tags of the run are looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache

from advisor.roles import PROBE, Direction, Kind, Role, Split
from advisor.understand.loss_weights import is_loss_weight
from advisor.understand.names import NEUTRAL, Names, is_derived
from advisor.understand.words import TWIN_WORDS, Twin, Words, natural, parse, words_of

Aliases = Mapping[str, Sequence[str]]
"""Role key (``val/loss``) to the tags or glob patterns that mean it."""

_WITHOUT_SPLIT = frozenset({Kind.LEARNING_RATE, Kind.GRADIENT_NORM, Kind.EPOCH, Kind.OTHER})

_GRADIENT = re.compile(
    r"grad(?:ient)?s?(?:[\W_]*(?:l?2(?:\.0)?|inf|global|total)(?![^\W_]))*[\W_]*(?:norms?)?[\W_]*",
    re.IGNORECASE,
)
_GRADIENT_FOLDER = re.compile(r"^(?:[^/]*/)?grad(?:ient)?s?/", re.IGNORECASE)
_WHOLE_MODEL = NEUTRAL | {
    "grad", "gradient", "norm", "l", "2", "0", "clip", "clipped", "unclipped", "raw",
    "before", "after", "pre", "post", "clipping", "model", "optim", "optimizer", "debug", "step",
    "epoch", "train", "gradients", "grads", "inf",
}  # fmt: skip
_STATISTICS = frozenset({"mean", "avg", "std", "min", "max", "var", "hist", "histogram", "scale"})


@dataclass(frozen=True, slots=True)
class Guess:
    """A series on its way to a role."""

    tag: str
    points: int
    kind: Kind
    named: Split = Split.NONE
    """The split in the tag."""
    split: Split = Split.NONE
    """The split as understood."""
    canonical: str = ""
    """The quantity without what qualifies it: ``ap``."""
    extra: tuple[str, ...] = ()
    """What qualifies the quantity: ``("bbox", "50")``."""
    direction: Direction | None = None
    layer: str = ""
    form: Twin = ""
    """The twin word in the tag."""
    twin: Twin = ""
    part: bool = False
    how: str = "name"
    given: int | None = None
    """The place among the names that the settings give for a role; ``None`` without settings."""

    @property
    def quantity(self) -> str:
        """What is measured, canonical: ``loss``, ``box_loss``, ``ap_50``."""
        # English puts what qualifies a loss before it, and a number after a metric.
        first = (
            (*self.extra, self.canonical)
            if self.kind is Kind.LOSS
            else (self.canonical, *self.extra)
        )
        return "_".join(word for word in first if word)

    @property
    def order(self) -> tuple[str, ...]:
        """A tie-break that does not depend on the order of the log."""
        return natural(self.tag)

    @lru_cache(maxsize=4096)  # noqa: B019  # guesses are few, and those of other runs are equal
    def role(self, primary: bool) -> Role:
        """Return the finished role: one for all runs that are alike."""
        return Role(
            series=self.tag,
            kind=self.kind,
            split=self.split,
            named_split=self.named,
            quantity=self.quantity,
            direction=self.direction,
            layer=self.layer,
            twin=self.twin,
            part=self.part,
            primary=primary or self.kind is Kind.PROBE,
            how=self.how,
        )


@lru_cache(maxsize=4096)  # the runs of a study are alike
def guess(tag: str, points: int, names: Names) -> Guess:
    """Read a tag: ``points`` is the number of values that its series holds."""
    if tag.startswith(PROBE):
        return Guess(tag, points, Kind.PROBE, canonical=tag, how="a probe measured it")
    words = parse(tag, names.single)
    match = names.find(words)
    if _GRADIENT_FOLDER.match(tag) and not _STATISTICS & set(words.rest):
        return _gradient(tag, points, words, "grad_norm")
    if match is None:
        return _unknown(tag, points, words)
    other = is_derived(match) or is_loss_weight(words)
    kind = Kind.OTHER if other else match.entry.kind
    if kind is Kind.GRADIENT_NORM:
        return _gradient(tag, points, words, match.entry.quantity)
    return Guess(
        tag,
        points,
        kind,
        named=words.split,
        split=_split(kind, words.split),
        canonical=match.entry.quantity,
        extra=match.extra,
        direction=None if kind is Kind.OTHER else match.entry.direction,
        form=words.twin,
    )


def given(found: Guess, aliases: Aliases) -> Guess:
    """Return the guess as the settings have it; they beat everything."""
    for key, patterns in aliases.items():
        for place, pattern in enumerate(patterns):
            if found.tag == pattern or fnmatchcase(found.tag, pattern):
                return _as_given(found, key, place)
    return found


def parse_key(key: str) -> tuple[Split, Kind] | None:
    """Return the split and the kind of a role key such as ``val/loss``; ``None`` if it is none."""
    split, _, kind = key.rpartition("/")
    try:
        return Split(split), Kind(kind)
    except ValueError:
        return None


def _as_given(found: Guess, key: str, place: int) -> Guess:
    parsed = parse_key(key)
    if parsed is None:
        return found
    split, kind = parsed
    same = kind is found.kind
    return Guess(
        found.tag,
        found.points,
        kind,
        named=split,
        split=split,
        canonical=found.canonical if same else kind.value if kind is not Kind.METRIC else found.tag,
        extra=found.extra if same else (),
        direction=_DIRECTIONS.get(kind, found.direction),
        form=found.form,
        how="settings",
        given=place,
    )


_DIRECTIONS: dict[Kind, Direction | None] = {Kind.LOSS: "min", Kind.RETURN: "max"}


def _split(kind: Kind, named: Split) -> Split:
    if kind in _WITHOUT_SPLIT or (kind is Kind.RETURN and named is Split.TRAIN):
        return Split.NONE
    return named


def _unknown(tag: str, points: int, words: Words) -> Guess:
    """Take a tag without a known name for a metric where it says that the data were held out."""
    named = any(word not in TWIN_WORDS for word in words.rest)
    held_out = named and words.split in (Split.VALIDATION, Split.TEST)
    return Guess(
        tag,
        points,
        Kind.METRIC if held_out else Kind.OTHER,
        named=words.split,
        split=words.split if held_out else Split.NONE,
        canonical="_".join(words.rest),
        form=words.twin,
        how="the split in its name" if held_out else "unknown name",
    )


def _gradient(tag: str, points: int, words: Words, quantity: str) -> Guess:
    squared = any(word in ("square", "squared", "sq") for word in words.rest)
    return Guess(
        tag,
        points,
        Kind.GRADIENT_NORM,
        named=words.split,
        canonical=f"{quantity}_squared" if squared else quantity,
        extra=_qualifiers(tag),
        layer=_layer(tag),
        form=words.twin,
    )


def _layer(tag: str) -> str:
    """Return what follows the name of the norm, unless it only says that it is the total."""
    match = _GRADIENT.search(tag)
    after = tag[match.end() :] if match else ""
    named = [w for w in words_of(after) if w not in _WHOLE_MODEL | {"square", "squared", "sq"}]
    return after.strip("/_. ") if named else ""


def _qualifiers(tag: str) -> tuple[str, ...]:
    match = _GRADIENT.search(tag)
    before = words_of(tag[: match.start()]) if match else ()
    return tuple(word for word in before if word not in _WHOLE_MODEL)
