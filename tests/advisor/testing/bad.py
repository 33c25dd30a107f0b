"""How deliberately bad plugins say which promise they break."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Bad(NamedTuple):
    """A plugin that breaks one promise."""

    subject: Any
    check: str
    also: dict[str, str]
    """Further checks that cannot but fail with it, each with the reason."""

    @property
    def fails(self) -> set[str]:
        """Return every check that fails on it."""
        return {self.check, *self.also}


def collector(found: list[Bad]) -> Callable[..., Callable[[T], T]]:
    """Return a decorator that files a bad plugin under the check that it is meant for."""

    def breaks(check: str, **also: str) -> Callable[[T], T]:
        def file(subject: T) -> T:
            found.append(Bad(subject, check, also))
            return subject

        return file

    return breaks
