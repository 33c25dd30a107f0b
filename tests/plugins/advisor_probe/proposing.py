"""Reports that propose changes, and a target to try them on."""

from __future__ import annotations

from typing import Any

from advisor.finding import Change
from advisor.report import Report
from advisor.testing.reports import small_report

BODY = """
def made():
    return target(
        model=lambda s: nn.Sequential(
            nn.Linear(8, 16), nn.ReLU(), nn.Dropout(s["dropout"]), nn.Linear(16, 4)
        ),
        optimizer=lambda m, s: torch.optim.Adam(m.parameters(), s["lr"]),
        settings={"lr": 1e-3, "dropout": 0.1, "momentum": 0.9},
        steps=HORIZON,
    )
"""


def proposing(*changes: dict[str, Any]) -> Report:
    """Return a report whose first finding proposes changes."""
    report = small_report()
    made = tuple(Change.model_validate({"direction": "set", **change}) for change in changes)
    silent = [finding.model_copy(update={"changes": ()}) for finding in report.findings[1:]]
    first = report.findings[0].model_copy(update={"changes": made})
    return report.model_copy(update={"findings": (first, *silent), "verifications": ()})


def apart(*changes: dict[str, Any]) -> Report:
    """Return a report with a finding for each change."""
    report = proposing()
    base = report.findings[0]
    made = (Change.model_validate({"direction": "set", **change}) for change in changes)
    findings = tuple(
        base.model_copy(update={"changes": (one,), "id": f"f-{place}"})
        for place, one in enumerate(made)
    )
    return report.model_copy(update={"findings": findings})
