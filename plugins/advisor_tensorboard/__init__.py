"""Reads TensorBoard event files, whoever wrote them, with numpy only.

``records`` takes a file apart into checksummed records, ``events`` and ``decode`` turn records
into columns of numbers, ``merge`` joins the files of one directory, ``fold`` the directories of
one run, and ``config`` finds the hyperparameters.
"""

from __future__ import annotations

from advisor.hookspecs import hookimpl
from advisor_tensorboard.reader import TensorBoardReader


@hookimpl
def register_readers() -> tuple[TensorBoardReader, ...]:
    """Return the reader of TensorBoard event files."""
    return (TensorBoardReader(),)
