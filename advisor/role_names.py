"""Names under which loggers write known quantities: one catalogue, extended by plugins."""

from __future__ import annotations

from advisor.model import UserInput
from advisor.roles import Direction, Kind


class RoleName(UserInput):
    """A quantity and the names it goes by.

    Names are compared after splitting a tag into words (at ``/ _ - . :``, spaces and camel
    case), lower case, with the words for the split (``train``, ``val``, ``eval`` …) and for
    the twin (``step``, ``epoch``) taken away.
    """

    quantity: str
    """Canonical: ``accuracy``."""
    kind: Kind
    direction: Direction | None = None
    names: tuple[str, ...]
    """Without split words, words separated by spaces: ``top1 acc``."""
