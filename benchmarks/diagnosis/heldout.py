"""The held-out results over time: rows appended to ``heldout.csv``, never changed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from advisor.version import __version__

FILE = Path(__file__).with_name("heldout.csv")
FIELDS = ("advisor", "rule", "trainings", "right", "false_alarms", "fine_trainings")


def append(result: dict[str, Any]) -> None:
    """Append a row for all rules together, and one for each rule that said anything."""
    new = not FILE.exists()
    with FILE.open("a", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        if new:
            writer.writerow(FIELDS)
        everything = result["alarmed"]
        writer.writerow((__version__, "any", "", "", everything["part"], everything["of"]))
        for rule, figures in result["rules"].items():
            alarms = figures["alarms"]
            right = (figures["n"], figures["precision"]["part"])
            writer.writerow((__version__, rule, *right, alarms["part"], alarms["of"]))
