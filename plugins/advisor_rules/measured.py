"""What the benchmark in ``benchmarks/diagnosis`` measured of these rules."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from advisor.accuracy import Measurement
from advisor.model import Document

FILE = Path(__file__).with_name("accuracy.json")
"""Written by ``python -m benchmarks.diagnosis.publish``."""


class Accuracy(Document):
    """The content of the file."""

    split: str
    """The part of the benchmark: never the one that is held out."""
    trainings: int
    """All that were made, those among them that only served as twins and checks."""
    rules: tuple[Measurement, ...]


def measurements(names: Iterable[str]) -> tuple[Measurement, ...]:
    """Return what was measured of each rule; where the benchmark knows nothing, that is nothing."""
    found = Accuracy.model_validate_json(FILE.read_bytes())
    known = {measurement.name: measurement for measurement in found.rules}
    return tuple(known.get(name, Measurement(name=name)) for name in names)
