"""nanoGPT, and the speedruns that grew from it.

nanoGPT prints ``iter 10: loss 2.5, time 30.1ms, mfu 9.1%`` for single batches, and
``step 250: train loss 1.9, val loss 2.0`` for means over many (github.com/karpathy/nanoGPT,
train.py); forks add more behind. modded-nanogpt writes ``step:10/6200 train_loss:6.7
train_time:214ms`` below a listing of its own source (github.com/KellerJordan/modded-nanogpt).
"""

from __future__ import annotations

import re

from advisor.language import term
from advisor_textlog.dialect import Dialect, Line, by_line, enough, whole
from advisor_textlog.pairs import listed, spelled

_LINE = re.compile(r"(?:iter (\d+): (loss .*)|step (\d+): (train loss .*))")
_MODDED = re.compile(r"step:(\d+)/(\d+) (.*)")
_SETTING = re.compile(r"Overriding: (\w+) = (.+)")


def _parse(text: str) -> Line | None:
    found = _LINE.fullmatch(text)
    if found is None:
        return None
    step = whole(found[1] or found[3])
    return None if step is None else Line(0, step, listed(found[2] or found[4], ","))


def _modded(text: str) -> Line | None:
    found = _MODDED.fullmatch(text)
    if found is None:
        return None
    step, last = whole(found[1]), whole(found[2])
    return None if step is None else Line(0, step, spelled(found[3]), last)


def _setting(text: str) -> tuple[str, str] | None:
    found = _SETTING.fullmatch(text)
    return (found[1], found[2]) if found else None


DIALECT = Dialect(
    source=term("nanoGPT text log"),
    proof="lines iter N: loss or step N: train loss",
    certainty=90,
    read=by_line(_parse),
    fits=enough,
    settings=_setting,
)

MODDED = Dialect(
    source=term("modded-nanoGPT text log"),
    proof="lines step:N/M with numbers",
    certainty=90,
    read=by_line(_modded),
    fits=enough,
)
