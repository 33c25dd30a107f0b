"""llm.c's ``main.log``: ``s:12 trl:3.2 lr:0.0006 norm:0.4``, then ``s:250 tel:3.3``.

``trl`` is the training loss, ``tel`` the loss on validation data, ``eval`` the accuracy on
HellaSwag (github.com/karpathy/llm.c, llmc/logger.h).
"""

from __future__ import annotations

import re

from advisor_textlog.dialect import Dialect, Line, by_line, enough, whole
from advisor_textlog.pairs import spelled

_LINE = re.compile(r"s:(\d+) ((?:trl|tel|eval):.*)")


def _parse(text: str) -> Line | None:
    found = _LINE.fullmatch(text)
    step = whole(found[1]) if found else None
    return Line(0, step, spelled(found[2])) if found and step is not None else None


DIALECT = Dialect(
    source="llm.c main.log",
    proof="lines s:N with trl, tel or eval",
    certainty=90,
    read=by_line(_parse),
    fits=enough,
    own_folder="main.log",
)
