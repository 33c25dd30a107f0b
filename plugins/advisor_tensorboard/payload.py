"""A long payload of which only the bytes that are asked for are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import overload

from advisor.formats.protobuf import WireError

_PAGE = 512
"""Bytes that are read at once: a tag and the fields around a picture."""


class LongPayload:
    """A payload in a file, in the shape of ``bytes`` as far as the walk over its fields goes.

    To step over a picture costs two small reads. Raises ``WireError`` where more than ``most``
    bytes are asked for, so that memory and time are bounded whatever the fields say.
    """

    def __init__(self, read: Callable[[int, int], bytes], length: int, most: int) -> None:
        self._read, self._length, self._left = read, length, most
        self._start, self._page = 0, b""

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int, /) -> int: ...

    @overload
    def __getitem__(self, place: slice, /) -> bytes: ...

    def __getitem__(self, place: int | slice, /) -> int | bytes:
        """Return one byte as a number, or a slice without a step as bytes."""
        if isinstance(place, slice):
            start, stop, _ = place.indices(self._length)
            return self._take(start, stop - start)
        if not self._start <= place < self._start + len(self._page):
            self._start, self._page = place, self._take(place, _PAGE)
        return self._page[place - self._start]

    def _take(self, start: int, count: int) -> bytes:
        self._left -= max(0, count)
        if self._left < 0:
            raise WireError("too much of a long record is needed")
        found = self._read(start, max(0, min(count, self._length - start)))
        if not found and count > 0:
            raise WireError("the file ends inside a record")
        return found
