"""A report's JSON inside a web page, folded and compressed: put in, and taken out again.

The page's own script takes it out as well, by ``DecompressionStream("deflate")``.
"""

from __future__ import annotations

import base64
import json
import re
import zlib

from advisor.report import Report
from advisor.report.folding import LONGEST, folded, unfolded

_HEAD = b'<script type="application/zlib" id="report">'
_HELD = re.compile(_HEAD + rb"([\w+/=]+)</script>")


def enclosed(report: Report) -> str:
    """Return a report folded, compressed and in base64."""
    text = folded(json.loads(report.to_json(indent=None)))
    return base64.b64encode(zlib.compress(text.encode(), zlib.Z_BEST_COMPRESSION)).decode()


def is_page(head: bytes) -> bool:
    """Whether a file that begins so is a web page."""
    return head.lstrip().lower().startswith(b"<!doctype html")


def taken_out(page: bytes) -> str:
    """Return the JSON that a page holds. Raises ``ValueError`` if it holds none."""
    held = _HELD.search(page)
    if held is None:
        raise ValueError("the page holds no report")
    try:
        packed = base64.b64decode(held[1], validate=True)
        return unfolded(zlib.decompressobj().decompress(packed, LONGEST))
    except (zlib.error, ValueError) as error:
        raise ValueError(f"the report in the page is damaged: {error}") from error
