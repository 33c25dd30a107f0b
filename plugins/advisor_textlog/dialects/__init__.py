"""Whose lines they are: one module for each trainer, the surest first."""

from __future__ import annotations

from advisor_textlog.dialect import Dialect
from advisor_textlog.dialects import generic, llmc, nanogpt, torchtune
from advisor_textlog.visible import Numbered

DIALECTS: tuple[Dialect, ...] = (
    llmc.DIALECT,
    nanogpt.MODDED,
    nanogpt.DIALECT,
    torchtune.DIALECT,
)
"""The known trainers."""

LEAST = 20
"""Lines of one form that show a log of an unknown trainer."""
LEAST_NAMED = 2
"""The same, where a person named the file as LOGS."""


def recognize(lines: Numbered, least: int = LEAST) -> Dialect | None:
    """Return the dialect of numbered lines; ``None`` if they are no log."""
    everyone = (*DIALECTS, generic.DIALECT)
    return next((each for each in everyone if each.fits(each.read(lines), least)), None)
