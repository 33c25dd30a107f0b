"""Runs compared with each other: groups, what varied, noise between seeds, and what it says.

Everything is computed once for a study (``Study.searches``) and looked at by the rules across
runs and by the report's table.
"""

from __future__ import annotations

from advisor.sweep.factor import Factor, Scale
from advisor.sweep.grouping import searches_of
from advisor.sweep.search import Design, Search
from advisor.sweep.seeds import SeedNoise
from advisor.sweep.trial import Trial

__all__ = ["Design", "Factor", "Scale", "Search", "SeedNoise", "Trial", "searches_of"]
