"""An event file with the measurements of a probe, for whoever looks at them in TensorBoard."""

from __future__ import annotations

from pathlib import Path

from advisor.roles import PROBE
from advisor_probe.results import FILE, Results
from advisor_probe.rundir import SUFFIX


def write_events(folder: Path) -> None:
    """Write what ``probe.json`` in ``folder`` holds with torch's ``SummaryWriter``."""
    from torch.utils.tensorboard import SummaryWriter  # needs the package tensorboard

    results = Results.model_validate_json((folder / FILE).read_bytes())
    with SummaryWriter(str(folder), filename_suffix=SUFFIX) as writer:
        for tag, points in results.series.items():
            for step, value in zip(points.steps, points.values, strict=True):
                writer.add_scalar(f"{PROBE}{tag}", value, step)
