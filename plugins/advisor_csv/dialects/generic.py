"""Any other table with one row per step."""

from __future__ import annotations

from advisor.language import term
from advisor_csv.dialect import Dialect

DIALECT = Dialect(
    source=term("CSV table"),
    proof="a table with a row per step",
    certainty=50,
    fits=lambda _: True,
    own_folder=False,
)
