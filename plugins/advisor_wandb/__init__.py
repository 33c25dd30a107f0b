"""Reads what Weights & Biases leaves: run folders, and what its page and its API export.

``logfile`` takes a ``.wandb`` file apart into checksummed records, ``records`` says what is in
them, and ``taken`` holds what one file says until it has grown; ``intake`` brings rows into a
``history``, ``bulk`` many at once; the history makes series of them, and ``runfile`` a run of the
files of one run. ``chart`` reads the CSV of the page's charts, and
``export`` histories saved as CSV, JSON lines or Parquet.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from advisor.hookspecs import hookimpl
from advisor.wording.catalogues import Translations

if TYPE_CHECKING:
    from advisor.reader import Reader


@hookimpl
def register_readers() -> tuple[Reader, ...]:
    """Return the readers of run folders, of charts and of histories."""
    # Whoever reads run folders only needs nothing of tables.
    from advisor_wandb.chart import WandbChartReader
    from advisor_wandb.export import WandbHistoryReader
    from advisor_wandb.reader import WandbRunReader

    return (WandbRunReader(), WandbChartReader(), WandbHistoryReader())


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
