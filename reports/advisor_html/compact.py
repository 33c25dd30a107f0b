"""Makes a page smaller and leaves it the same for readers: what its languages may do without."""

from __future__ import annotations

import re

_OPTIONAL = re.compile(r"</(?:td|th|tr|thead|tbody|li|dt|dd|option)>")
"""End tags that the next tag implies (HTML, section 13.1.2.4); no text can hold one unescaped."""
_COMMENT = re.compile(r"^\s*/\*.*?\*/\n", re.MULTILINE | re.DOTALL)
"""A comment with lines of its own."""
_INDENT = re.compile(r"^ +", re.MULTILINE)


def compact_page(source: str) -> str:
    """Leave out the end tags that a browser does not need."""
    return _OPTIONAL.sub("", source)


def compact_code(source: str) -> str:
    """Leave out the comments and the indentation of a script or style."""
    return _INDENT.sub("", _COMMENT.sub("", source))
