"""A report held against an earlier one: what is new, what is fixed, and what got better or worse.

Both sides are reports, so that one that was saved years ago serves as well as logs that are at
hand. What could not be judged on either side is neither new nor fixed, and a difference that
seeds alone could make is neither better nor worse: both are said to be so.
"""

from __future__ import annotations

from collections.abc import Sequence

from advisor.comparison.findings import Compared, compared
from advisor.comparison.matching import match
from advisor.comparison.scores import scores
from advisor.report import Report
from advisor.report.comparison import Comparison
from advisor.text import Message, message

__all__ = ["compare"]


def compare(report: Report, baseline: Report) -> Report:
    """Return the report with what the comparison with a baseline says.

    Both must name their runs alike, redacted or not.
    """
    matching = match(report, baseline)
    found = compared(report, baseline, matching)
    comparison = Comparison(
        baseline=baseline.title,
        message=_summary(found),
        matching=(*matching.told(), *_versions(report, baseline)),
        scores=scores(report, baseline, matching),
        new=found.new,
        gone=found.gone,
        unchanged=found.unchanged,
    )
    return report.model_copy(update={"comparison": comparison})


def _summary(found: Compared) -> Message:
    fixed = sum(gone.fixed for gone in found.gone)
    text = (
        "{new:count new finding|new findings}, {fixed:step} fixed, {unchanged:step} unchanged, "
        "{unjudged:step} not judged again."
    )
    return message(
        "baseline.summary",
        text,
        new=len(found.new),
        fixed=fixed,
        unchanged=len(found.unchanged),
        unjudged=len(found.gone) - fixed,
    )


def _versions(report: Report, baseline: Report) -> Sequence[Message]:
    if report.advisor == baseline.advisor:
        return ()
    text = (
        "The baseline was judged by advisor {before:text}, this by {now:text}: what differs may be "
        "the rules. Judge the earlier logs again with this version."
    )
    return (message("baseline.version", text, before=baseline.advisor, now=report.advisor),)
