"""How sure a finding is, in words."""

from __future__ import annotations

from advisor.language import tell, term, word
from advisor.presentation.entries import Entry
from advisor.rule import Nature
from advisor.text import percent

_LOG = term("allowing for what the log lacks")
_CHANCE = term("allowing for chance")


def confidence_phrase(confidence: float) -> str:
    """Say a confidence in words and as a percentage: ``Very likely, 92%``."""
    if confidence >= 0.85:
        return tell("Very likely, {sure:percent}", sure=confidence)
    if confidence >= 0.65:
        return tell("Likely, {sure:percent}", sure=confidence)
    return tell("Possible, {sure:percent}", sure=confidence)


def sure_phrase(entry: Entry) -> str:
    """Say how sure a finding is, and why not as often as such findings were right.

    ``Very likely, 95%, allowing for chance``: where 97% of 31 were right, fewer may be the next
    time. The reason is left out where both percentages are the same. Of an option it is said that
    this is about its condition: how often taking it helps was not measured.
    """
    finding, said = entry.finding, confidence_phrase(entry.finding.confidence)
    record = finding.record
    if record is not None and percent(record.share) != percent(finding.confidence):
        reason = word(_LOG if finding.caveats else _CHANCE)
        said = tell("{sure:sentence}, {reason:text}", sure=said, reason=reason)
    if entry.rule.nature == Nature.OPTION.value:
        return tell("An option to try; that it applies is {sure:text}", sure=said.lower())
    return said
