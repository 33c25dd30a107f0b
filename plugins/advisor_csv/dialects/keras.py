"""Keras' CSVLogger: ``epoch`` from 0, then the sorted names of the metrics.

A metric that was not computed is ``NA``. With ``append=True`` the epoch starts at 0 again
without a second header.
"""

from __future__ import annotations

from advisor_csv.dialect import Dialect, Look


def _fits(look: Look) -> bool:
    first, *metrics = look.table.header
    return first == "epoch" and "loss" in metrics and _sorted(metrics)


def _sorted(metrics: list[str]) -> bool:
    """Tell whether the names are in Keras' order.

    It sorts what it has after the first epoch. If that holds no validation it adds a
    ``val_`` column for each name, to be filled later.
    """
    half = metrics[: len(metrics) // 2]
    doubled = [*half, *(f"val_{name}" for name in half)]
    return metrics == sorted(metrics) or (metrics == doubled and half == sorted(half))


DIALECT = Dialect(
    source="Keras CSVLogger",
    proof="the column epoch, then loss among sorted names",
    certainty=70,
    fits=_fits,
)
