"""From bytes to text, without a guess that could lose a byte."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text, and how to get back to bytes."""

    content: str
    encoding: str
    mark: int
    """Bytes of the byte order mark in front."""

    def size(self, characters: int) -> int:
        """Return the byte offset in the file of a character offset in ``content``."""
        return self.mark + len(self.content[:characters].encode(self.encoding, "surrogatepass"))


def decode(data: bytes) -> Text | None:
    """Decode a text file: by its byte order mark, else UTF-8, else Latin-1.

    Returns ``None`` if the bytes are no text. A character that is cut off at the end, as
    happens in the head of a file, is left out.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Text(_partial(data[len(mark) :], encoding, "replace"), encoding, len(mark))
    if _binary(data):
        return None
    try:
        return Text(_partial(data, "utf-8", "strict"), "utf-8", 0)
    except UnicodeDecodeError:
        return Text(data.decode("latin-1"), "latin-1", 0)


def _partial(data: bytes, encoding: str, errors: str) -> str:
    return codecs.getincrementaldecoder(encoding)(errors).decode(data)


def _binary(data: bytes) -> bool:
    """Tell whether the head is no text: control characters in its first line, or worse.

    NUL bytes alone do not show it: a crashed machine leaves blocks of them in a log. With
    bytes that are no UTF-8 they do.
    """
    head = data[:4096]
    line = head.partition(b"\n")[0]
    odd = sum(byte < 32 and byte not in b"\t\r\f\x1b" for byte in line)
    return odd > 0.02 * len(line) or (b"\0" in head and not _utf8(head))


def _utf8(head: bytes) -> bool:
    try:
        _partial(head, "utf-8", "strict")
    except UnicodeDecodeError:
        return False
    return True
