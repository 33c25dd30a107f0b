"""Any other table with one row per step."""

from __future__ import annotations

from advisor_csv.dialect import Dialect

DIALECT = Dialect(
    source="CSV table",
    proof="a table with a row per step",
    certainty=50,
    fits=lambda _: True,
    configs=("config.yaml", "config.yml", "hparams.yaml", "params.yaml", "args.yaml"),
    own_folder=False,
)
