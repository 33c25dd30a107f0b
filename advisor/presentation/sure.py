"""How sure a finding is, in words."""

from __future__ import annotations

from advisor.language import tell, term, word
from advisor.presentation.entries import Entry
from advisor.text import percent

VERY_LIKELY, LIKELY = 0.85, 0.65
"""The confidences from which a finding is called so."""
_OPTION = term("An option to try")
_LOG = term("allowing for what the log lacks")
_CHANCE = term("allowing for chance")
_OTHERS = term("weighed with other findings")


def confidence_phrase(confidence: float) -> str:
    """Say a confidence in words and as a percentage: ``Very likely, 92%``."""
    if confidence >= VERY_LIKELY:
        return tell("Very likely, {sure:percent}", sure=confidence)
    if confidence >= LIKELY:
        return tell("Likely, {sure:percent}", sure=confidence)
    return tell("Possible, {sure:percent}", sure=confidence)


def heading_phrase(entry: Entry) -> str:
    """Say how sure a finding is where there is room for little; of an option, that it is one.

    That its condition holds is nearly certain, and no measure of how often taking it helps.
    """
    return word(_OPTION) if entry.offered else confidence_phrase(entry.finding.confidence)


def sure_phrase(entry: Entry) -> str:
    """Say how sure a finding is, and why not as often as such findings were right.

    ``Very likely, 95%, allowing for chance``: where 97% of 31 were right, fewer may be the next
    time. Where it is more, or the share is that of a group, other findings of the rule count too.
    The reason is left out where both percentages are the same. Of an option it is said whether it
    applies, without a percentage: how often taking it helps was not measured.
    """
    finding = entry.finding
    if entry.offered:
        return _offer(finding.confidence)
    said, record = confidence_phrase(finding.confidence), finding.record
    if record is not None and percent(record.share) != percent(finding.confidence):
        others = record.group or record.share < finding.confidence
        reason = _LOG if finding.caveats else _OTHERS if others else _CHANCE
        said = tell("{sure:sentence}, {reason:text}", sure=said, reason=word(reason))
    return said


def _offer(confidence: float) -> str:
    if confidence >= VERY_LIKELY:
        return tell("An option to try that very likely applies; how often it helps is not measured")
    if confidence >= LIKELY:
        return tell("An option to try that likely applies; how often it helps is not measured")
    return tell("An option to try that may apply; how often it helps is not measured")
