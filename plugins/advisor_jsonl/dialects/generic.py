"""Any other lines with a step or an epoch in them."""

from __future__ import annotations

from advisor_jsonl.dialect import Dialect

DIALECT = Dialect(
    source="JSON lines",
    proof="an object a line, with a counter of steps",
    certainty=60,
    fits=lambda _: True,
    configs=(
        "config.yaml",
        "config.yml",
        "config.json",
        "hparams.yaml",
        "params.json",
        "args.json",
    ),
    own_folder=False,
)
