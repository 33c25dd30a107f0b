"""Finding the name of a known quantity among the words of a tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from advisor.roles import Kind
from advisor.understand.words import Words, is_telling, words_of
from advisor.vocabulary.role_catalogue import NAMES
from advisor.vocabulary.role_names import RoleName

NEUTRAL = frozenset({
    "mean", "avg", "average", "running", "smooth", "smoothed", "total", "all", "sum", "overall",
    "global", "local", "scalar", "scalars", "metric", "metrics", "history", "log", "logs",
    "stats", "charts", "summary", "performance", "set", "dataset", "final", "current", "trainer",
    "per", "score", "the", "of", "on", "in", "at",
})  # fmt: skip
"""Words beside a name that do not change what is measured."""

_DERIVED = frozenset({
    "best", "std", "stddev", "stderr", "delta", "diff", "variance", "var", "patience", "gap",
    "ratio",
})  # fmt: skip
_EXTREMES = frozenset({"min", "max", "minimum", "maximum", "lowest", "highest"})


@dataclass(frozen=True, slots=True)
class Match:
    """A known name in a tag."""

    entry: RoleName
    extra: tuple[str, ...]
    """The tag's other words, without those that change nothing."""
    start: int
    """Where the name begins among the words."""
    end: int


class Names:
    """The built-in names and those of plugins, looked up by their words."""

    def __init__(self, further: Sequence[RoleName] = ()) -> None:
        self._anywhere: dict[tuple[str, ...], RoleName] = {}
        self._whole: dict[tuple[str, ...], RoleName] = {}
        for entry in (*NAMES, *further):
            table = self._whole if entry.whole else self._anywhere
            table.update({words_of(name): entry for name in entry.names})
        self._longest = max((len(name) for name in self._anywhere), default=0)

    @cached_property
    def single(self) -> frozenset[str]:
        """The names of one word for losses and metrics, which may be glued to a split word."""
        return frozenset(
            name[0]
            for name, entry in self._anywhere.items()
            if len(name) == 1 and is_telling(name[0]) and entry.kind in (Kind.LOSS, Kind.METRIC)
        )

    def find(self, words: Words) -> Match | None:
        """Return the name that says what a tag measures, or ``None``.

        A gradient norm may be followed by any layer's name. A loss keeps its name whatever
        stands beside it (``loss_iou`` is no IoU); otherwise the last name counts, as in
        English: ``accuracy_time`` is a time.
        """
        whole = self._alone(words)
        if whole is not None:
            return Match(whole, (), 0, len(words.every))
        found = list(self._matches(words.rest))
        if not found:
            return None
        return _beside(_decisive(found), found, words.rest)

    def _alone(self, words: Words) -> RoleName | None:
        """Return what the whole tag names; a loss keeps its name beside a word for the twin."""
        entry = self._whole.get(words.every)
        if entry is not None:
            return entry
        entry = self._whole.get(words.rest)
        return entry if entry is not None and entry.kind is Kind.LOSS else None

    def _matches(self, words: tuple[str, ...]) -> Iterator[Match]:
        """Yield the names in ``words`` from left to right, each as long as it can be."""
        start = 0
        while start < len(words):
            end = self._end(words, start)
            if end > start:
                yield Match(self._anywhere[words[start:end]], (), start, end)
            start = max(end, start + 1)

    def _end(self, words: tuple[str, ...], start: int) -> int:
        longest = min(len(words), start + self._longest)
        return next(
            (e for e in range(longest, start, -1) if words[start:e] in self._anywhere), start
        )


def _decisive(found: list[Match]) -> Match:
    kinds = {match.entry.kind: match for match in found}
    last = found[-1]
    if Kind.GRADIENT_NORM in kinds:
        return kinds[Kind.GRADIENT_NORM]
    if last.entry.kind in (Kind.OTHER, Kind.LEARNING_RATE):
        return last
    return kinds.get(Kind.LOSS, last)


def _beside(chosen: Match, found: list[Match], words: tuple[str, ...]) -> Match:
    """Return the match with the words beside it that change what is measured."""
    same = {
        i
        for match in found
        if match.entry.quantity == chosen.entry.quantity
        for i in range(match.start, match.end)
    }
    extra = (w for i, w in enumerate(words) if i not in same and w not in NEUTRAL)
    return Match(chosen.entry, tuple(extra), chosen.start, chosen.end)


@cache
def catalogue(further: tuple[RoleName, ...]) -> Names:
    """Return the names to look up; built once for all runs of an analysis."""
    return Names(further)


def is_derived(match: Match) -> bool:
    """Tell whether a tag holds a best, a spread or an extreme instead of the quantity itself."""
    extremes = match.entry.kind in (Kind.LOSS, Kind.RETURN)
    return any(w in _DERIVED or (extremes and w in _EXTREMES) for w in match.extra)
