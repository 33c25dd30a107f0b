"""What a comparison by short trainings says of a change that the advice proposes."""

from __future__ import annotations

from typing import Literal

from pydantic import AliasChoices, Field

from advisor.model import Document, Value
from advisor.text import Message

Ruling = Literal["better", "worse", "no-difference", "undecided", "not-verifiable"]
"""What came out. ``no-difference`` is shown, not assumed: the interval lies within the margin."""


class Altered(Document):
    """A parameter, and what it is set to instead of what the target says."""

    parameter: str
    """Canonical name of what it changes."""
    setting: str | None = None
    """The target's own name for it; ``None`` if it has none."""
    before: Value = Field(
        default=None, validation_alias=AliasChoices("from", "before"), serialization_alias="from"
    )
    """The value in the target, which need not be the one in the log."""
    after: Value = Field(validation_alias=AliasChoices("to", "after"), serialization_alias="to")


class Verification(Altered):
    """A change, trained beside the settings as they are: at equal cost, seed by seed."""

    findings: tuple[str, ...]
    """Ids of the findings that propose it."""
    together: tuple[Altered, ...] = ()
    """What is changed with it, where a finding changes several settings at once."""
    ruling: Ruling
    message: Message
    """The ruling in a sentence, with its interval and horizon, or why there is none."""
    gain: float | None = None
    """By how much the lowest held-out loss is lower with the change, as a share of what it was."""
    low: float | None = None
    high: float | None = None
    """The 95% interval of ``gain`` by these pairs for themselves. A ruling takes more: it is
    corrected for the looks and for the changes beside it, and has to last."""
    detectable: float | None = None
    """The smallest gain or loss that would have been told from none, so corrected."""
    pairs: int = 0
    """Pairs of trainings, one seed each."""
    steps: int = 0
    """Steps of each training with the settings as they are; the change gets as many samples."""
    horizon: int | None = None
    """Steps of the real training, where the target says so."""
    margin: float | None = None
    """A gain or loss up to this share counts as none."""
