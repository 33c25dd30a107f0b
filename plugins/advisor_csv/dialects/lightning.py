"""Lightning's CSVLogger: ``version_N/metrics.csv`` beside ``hparams.yaml``.

Training and validation rows are separate, with most cells empty; a column for each of
``x``, ``x_step`` and ``x_epoch``.
"""

from __future__ import annotations

import re

from advisor_csv.dialect import Dialect, Look

_CONFIG = "hparams.yaml"


def _fits(look: Look) -> bool:
    if look.name != "metrics.csv" or "step" not in look.table.header:
        return False
    # Fabric writes no epoch column.
    placed = _CONFIG in look.beside or re.fullmatch(r"version_\d+", look.folder) is not None
    return placed or "epoch" in look.table.header


DIALECT = Dialect(
    source="Lightning CSVLogger",
    proof="metrics.csv with the column step, and epoch or hparams.yaml beside it",
    certainty=90,
    fits=_fits,
)
