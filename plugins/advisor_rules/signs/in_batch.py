"""Losses that compare the samples of a batch with each other."""

from __future__ import annotations

import re

from advisor.curve import Curve
from advisor.view import RunView
from advisor_rules.signs.chance import loss_name

_COMPARES = re.compile(
    r"contrast|info.?nce|nt.?xent|simclr|siglip|multiple.?negatives|barlow|vicreg", re.IGNORECASE
)
"""What such losses are called: in papers, in PyTorch Metric Learning, Lightly, and
Sentence Transformers."""


def compares_within_batches(run: RunView, loss: Curve) -> bool:
    """Tell whether a loss is named as one that depends on which samples share a batch."""
    return any(_COMPARES.search(name) for name in (loss_name(run.settings), loss.tag))
