"""Reports whose changes name lines, also where the names try to be something else."""

from __future__ import annotations

from advisor.finding import Place
from advisor.lines.places import with_places
from advisor.lines.values import Line
from advisor.report import Report
from tests.sample_report import HOSTILE, hostile_report, sample_report

FILE = "conf/train.yaml"


def placed_report(file: str = FILE) -> Report:
    """Return the sample report: one rate to lower stands on line 14, one to raise on line 20."""
    high = Line("optimizer.lr", 1e-3, Place(file=file, line=14))
    low = Line("warmup.lr", 1e-6, Place(file=file, line=20))
    return with_places(sample_report(), (high, low))


def hostile_placed_report(*, surrogates: bool = True) -> Report:
    """Return the hostile report with each change on a line of a file with a hostile name."""
    report = hostile_report(surrogates=surrogates)
    diagnoses = []
    for index, diagnosis in enumerate(report.diagnoses):
        place = Place(file=HOSTILE[index % len(HOSTILE)], line=index + 1)
        changes = tuple(c.model_copy(update={"place": place}) for c in diagnosis.next.changes)
        step = diagnosis.next.model_copy(update={"changes": changes})
        diagnoses.append(diagnosis.model_copy(update={"next": step}))
    return report.model_copy(update={"diagnoses": tuple(diagnoses)})
