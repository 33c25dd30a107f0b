"""A report's JSON inside a web page, compressed: put in, and taken out again.

The page's own script takes it out as well, by ``DecompressionStream("deflate")``.
"""

from __future__ import annotations

import base64
import re
import zlib

from advisor.report import Report

LARGEST = 64_000
"""Characters that a page may grow by. Most single runs of real logs take 23,000 to 40,000."""
_PIECE = 1 << 20
"""Bytes that are compressed before it is asked again whether the rest is worth it."""
_HEAD = b'<script type="application/zlib" id="report">'
_HELD = re.compile(_HEAD + rb"([\w+/=]{1,%d})</script>" % LARGEST)


def enclosed(report: Report) -> str | None:
    """Return the bytes of the ``json`` format, compressed, in base64; ``None`` if too large."""
    text = report.to_json().encode()
    packer = zlib.compressobj(zlib.Z_BEST_COMPRESSION)
    packed = b""
    for start in range(0, len(text), _PIECE):
        packed += packer.compress(text[start : start + _PIECE])
        if len(packed) > LARGEST:
            return None
    written = base64.b64encode(packed + packer.flush()).decode()
    return written if len(written) <= LARGEST else None


def is_page(head: bytes) -> bool:
    """Whether a file that begins so is a web page."""
    return head.lstrip().lower().startswith(b"<!doctype html")


def taken_out(page: bytes) -> bytes:
    """Return the JSON that a page holds. Raises ``ValueError`` if it holds none."""
    held = _HELD.search(page)
    if held is None:
        raise ValueError("the page holds no report")
    try:
        return zlib.decompress(base64.b64decode(held[1], validate=True))
    except zlib.error as error:
        raise ValueError(f"the report in the page is damaged: {error}") from error
