"""``log.txt`` of MAE, DeiT, DETR and what was made of them: a line per epoch.

``n_parameters`` stands on every line. DETR logs the twelve figures of a COCO evaluation as a
list, in the order of ``pycocotools``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from advisor.language import term
from advisor_jsonl.dialect import Dialect, Row

_SIZE = "n_parameters"
_COCO = (
    "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl",
)  # fmt: skip
"""What ``COCOeval.summarize`` prints, from the first line to the last."""


def _fits(rows: Sequence[Row]) -> bool:
    return any("train_loss" in row and "train_lr" in row for row in rows)


def _unfold(row: Row) -> Row:
    if not any("coco_eval" in key for key in row):
        return row
    return {key: _named(key, value) for key, value in row.items()}


def _named(key: str, value: Any) -> Any:
    whole = "coco_eval" in key and isinstance(value, list) and len(value) == len(_COCO)
    return dict(zip(_COCO, value, strict=True)) if whole else value


DIALECT = Dialect(
    source=term("JSON lines of MAE, DeiT and DETR"),
    proof="lines with train_loss and train_lr",
    certainty=80,
    fits=_fits,
    unfold=_unfold,
    settings=frozenset({_SIZE}),
    own_folder=False,
)
