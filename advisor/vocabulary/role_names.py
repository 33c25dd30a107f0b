"""Names under which loggers write known quantities: one catalogue, extended by plugins."""

from __future__ import annotations

from advisor.model import UserInput
from advisor.roles import Direction, Kind


class RoleName(UserInput):
    """A quantity and the names it goes by.

    Names are compared after splitting a tag into words (at ``/ _ - . :``, spaces, camel case
    and between letters and digits), lower case, with the words for the split (``train``,
    ``val``, ``eval`` …) and for the twin (``step``, ``epoch``) taken away. A name counts
    wherever its words stand side by side in the tag. Where two entries share a name, a
    plugin's stands before the built-in one.
    """

    quantity: str
    """Canonical: ``accuracy``."""
    kind: Kind
    direction: Direction | None = None
    names: tuple[str, ...]
    """Without split words, words separated by spaces: ``top1 acc``."""
    whole: bool = False
    """True where the names mean this only if nothing else stands in the tag: ``norm``."""
