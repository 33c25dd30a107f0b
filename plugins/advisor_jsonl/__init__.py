"""Reads JSON: a row a line (OpenMMLab, Detectron2, MAE and DETR, your own), and whole files.

``rows`` makes a table of lines, a dialect says whose lines they are, and ``place`` what their
steps count. ``history`` reads a History saved as JSON, ``downloads`` what TensorBoard's page
exports as JSON or CSV.
"""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.reader import Reader
from advisor.wording.catalogues import Translations
from advisor_jsonl.reader import DownloadReader, HistoryReader, JsonLinesReader


@hookimpl
def register_readers() -> tuple[Reader, ...]:
    """Return the readers of lines, of a Keras History and of TensorBoard's downloads."""
    return (JsonLinesReader(), HistoryReader(), DownloadReader())


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
