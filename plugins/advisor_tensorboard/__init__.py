"""Reads TensorBoard event files, whoever wrote them, with numpy only.

``records`` says what a checksummed record is. ``framing`` finds those of a block, ``heads``,
``identity`` and ``tails`` turn them into columns of numbers, and ``events`` reads the others one
by one; ``decode`` leads through a file and ``collect`` holds what was found. ``merge`` joins the
files of one directory, ``fold`` the directories of one run, and ``config`` finds the
hyperparameters. ``progress`` keeps what was read of a file until it has grown.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from advisor.hookspecs import hookimpl
from advisor.wording.catalogues import Translations

if TYPE_CHECKING:
    from advisor_tensorboard.reader import TensorBoardReader


@hookimpl
def register_readers() -> tuple[TensorBoardReader, ...]:
    """Return the reader of TensorBoard event files."""
    # Whoever only decodes a file needs numpy, and not what a reader needs beside it.
    from advisor_tensorboard.reader import TensorBoardReader

    return (TensorBoardReader(),)


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
