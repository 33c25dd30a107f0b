"""How much of the differences between runs each hyperparameter explains, and how surely.

The estimator is the one-way analysis of variance of the ranks of the scores (Kruskal & Wallis
1952), its share of variance corrected for chance (epsilon squared, Kelley 1935); the interval
is that of the jackknife over runs (Efron & Stein 1981), as a bootstrap, which repeats runs,
would find some share in anything. Each hyperparameter is looked at alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.run import Floats
from advisor.sweep.factor import Factor, Index, Scale
from advisor.sweep.search import Search

LEAST = 8
"""Fewer runs do not tell importance (chosen with the false alarms of made searches in view)."""
BINS = 5
"""Numbers that hardly repeat are cut into at most so many groups of equal size."""
EACH = 4
"""Runs that such a group holds at least, on average."""
SURE = 2.6
"""Standard errors on either side: 99%, as every hyperparameter of a search is asked."""


class Share(NamedTuple):
    """A share of the variance of the ranks of the scores."""

    share: float
    """0 to 1."""
    low: float
    high: float

    @property
    def told(self) -> bool:
        """Whether the share is more than chance."""
        return self.low > 0


def importance(search: Search, factor: Factor) -> Share | None:
    """Return a hyperparameter's share; ``None`` where the runs are too few to tell."""
    rows = np.flatnonzero(factor.index >= 0)
    groups = _groups(factor, rows)
    if groups is None or len(rows) < LEAST:
        return None
    costs = np.array([search.trials[row].cost for row in rows])
    ranks = _ranks(costs)
    share = _share(ranks, groups)
    if share is None:
        return None
    error = _jackknife(ranks, groups)
    low, high = share - SURE * error, share + SURE * error
    return Share(*(float(min(max(x, 0.0), 1.0)) for x in (share, low, high)))


def _groups(factor: Factor, rows: Index) -> Index | None:
    """Return the group of each run, from 0: its value, or a range of values.

    ``None`` where groups of two runs each cannot be formed.
    """
    index = factor.index[rows]
    levels = len(np.unique(index))
    if levels > 1 and len(rows) >= 2 * levels:
        return np.asarray(np.unique(index, return_inverse=True)[1].ravel(), dtype=np.int64)
    bins = min(BINS, len(rows) // EACH)
    if factor.scale is Scale.CATEGORY or bins < 2:
        return None
    # Runs of one value stay together: each goes where the first of them belongs.
    ordered = np.sort(index)
    cut = np.searchsorted(ordered, index, side="left") * bins // len(rows)
    return np.asarray(np.unique(cut, return_inverse=True)[1].ravel(), dtype=np.int64)


def _ranks(costs: Floats) -> Floats:
    """Return ``float64[n]``: ranks from 0, equal costs sharing the mean of theirs."""
    ordered = np.sort(costs)
    first = np.searchsorted(ordered, costs, side="left")
    after = np.searchsorted(ordered, costs, side="right")
    return (first + after - 1) / 2.0


def _share(ranks: Floats, groups: Index) -> float | None:
    """Return epsilon squared: at most 1, below 0 where chance explains more."""
    count = np.bincount(groups)
    centred = ranks - ranks.mean()
    total = float(centred @ centred)
    if total == 0 or len(count) < 2 or len(count) >= len(ranks):
        return None
    sums = np.bincount(groups, weights=centred)
    within = total - float((sums**2 / count).sum())
    return 1.0 - (within / (len(ranks) - len(count))) / (total / (len(ranks) - 1))


def _jackknife(ranks: Floats, groups: Index) -> float:
    """Return the standard error of the share, leaving out each run once."""
    n = len(ranks)
    count = np.bincount(groups).astype(float)
    sums = np.bincount(groups, weights=ranks)
    own, own_sum = count[groups], sums[groups]
    left = np.divide((own_sum - ranks) ** 2, own - 1, out=np.zeros(n), where=own > 1)
    between = (sums**2 / count).sum() - own_sum**2 / own + left
    squares, plain = float(ranks @ ranks) - ranks**2, float(ranks.sum()) - ranks
    total = squares - plain**2 / (n - 1)
    filled = len(count) - (own == 1)
    within = np.maximum(squares - between, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = 1.0 - (within / (n - 1 - filled)) / (total / (n - 2))
    shares = shares[np.isfinite(shares)]
    if len(shares) < 2:
        return 1.0
    return float(np.sqrt((n - 1) / n * ((shares - shares.mean()) ** 2).sum()))
