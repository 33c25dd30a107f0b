"""All runs of an analysis together: what rules across runs look at.

A study holds summaries, never arrays: it fits in memory however long the runs were. A rule
that needs a whole series asks for it by name, and it is read again.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from advisor.model import Document
from advisor.summary import RunSummary

if TYPE_CHECKING:
    from advisor.sweep import Search


class Study(Document):
    """The runs of one analysis, in the order of their names."""

    runs: tuple[RunSummary, ...]

    @cached_property
    def searches(self) -> tuple[Search, ...]:
        """The groups of runs that can be compared, the largest first; often none."""
        from advisor.sweep import searches_of

        return searches_of(self.runs)
