"""Stable-Baselines3's (and Gym's) Monitor: one row per episode.

``r`` is its reward, ``l`` its length in steps of the environment, ``t`` the seconds since
the start that the first line names: ``#{"t_start": …, "env_id": …}``.
"""

from __future__ import annotations

import numpy as np

from advisor.formats.tables.cells import integers
from advisor.formats.tables.table import Table
from advisor.language import term
from advisor.run import Axis
from advisor_csv.axis import Placing
from advisor_csv.axis import place as by_column
from advisor_csv.dialect import Dialect, Look


def _fits(look: Look) -> bool:
    preamble = look.table.preamble
    return look.table.header[:3] == ("r", "l", "t") and any("t_start" in line for line in preamble)


def _place(table: Table) -> Placing:
    lengths = integers(table.column("l"))
    if lengths is None or (lengths[0] < 0).any():
        return by_column(table)
    steps = np.cumsum(lengths[0])
    guess = "the sum of the lengths of the episodes"
    return Placing(Axis.ENV_STEP, steps, lengths[1], None, guess)


DIALECT = Dialect(
    source=term("Monitor of Stable-Baselines3"),
    proof="a first line with t_start, then the columns r, l and t",
    certainty=95,
    fits=_fits,
    own_folder=False,
    place=_place,
)
