"""torchtune's ``DiskLogger``: ``Step 10 | loss:1.5 lr:2e-05 tokens_per_second_per_gpu:900``."""

from __future__ import annotations

import re

from advisor.language import term
from advisor_textlog.dialect import Dialect, Line, by_line, enough, whole
from advisor_textlog.pairs import spelled

_LINE = re.compile(r"Step (\d+) \| (\S+:.*)")


def _parse(text: str) -> Line | None:
    found = _LINE.fullmatch(text)
    step = whole(found[1]) if found else None
    return Line(0, step, spelled(found[2])) if found and step is not None else None


DIALECT = Dialect(
    source=term("torchtune text log"),
    proof="lines Step N | with names and numbers",
    certainty=90,
    read=by_line(_parse),
    fits=enough,
)
