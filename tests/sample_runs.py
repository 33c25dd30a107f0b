"""The runs of the sample report."""

from __future__ import annotations

from advisor.drawing.drawn import Curve, EvidenceWindow
from advisor.finding import Severity
from advisor.report import RunEntry, Span
from advisor.roles import Kind, Objective, Role, Split, Task, Understanding
from advisor.run import ConfigValue
from tests import sample_curves as shapes
from tests import sample_findings as found
from tests.sample_findings import say

SWEEP = ("sweep/batch-128", "sweep/batch-32", "sweep/batch-64")


def run_entry(
    name: str, state: str, curves: tuple[Curve, ...], severity: Severity | None
) -> RunEntry:
    """Describe a run in which everything was understood from its names."""
    roles = tuple(_role(curve.series) for curve in curves)
    best = min(m for m in curves[0].mean if m is not None)
    primary = next((r for r in roles if r.key == "val/loss"), roles[0])
    return RunEntry(
        name=name,
        source="TensorBoard event file",
        files=(f"{name}/events.out.tfevents.1",),
        axis=curves[0].axis,
        first_step=0,
        last_step=curves[0].steps[-1],
        points=sum(len(curve.steps) for curve in curves),
        understanding=Understanding(
            roles=roles,
            task=Task.CLASSIFICATION,
            task_evidence="the tag `accuracy`",
            objective=Objective(series=primary.series, direction="min", how="its role"),
        ),
        objective_value=best,
        objective_step=curves[0].steps[curves[0].mean.index(best)],
        config={"optimizer.lr": ConfigValue(value=1e-3, origin="hparams.yaml: optimizer.lr")},
        notes=(),
        severity=severity,
        state=say(state),
        useful=1.0,
        lost=(),
        curves=curves,
    )


def _role(series: str) -> Role:
    split = Split.VALIDATION if series.startswith("val") else Split.TRAIN
    kind = Kind.GRADIENT_NORM if series == "grad_norm" else Kind.LOSS
    split = Split.NONE if kind is Kind.GRADIENT_NORM else split
    return Role(series=series, kind=kind, split=split, direction="min", primary=True, how="name")


def baseline() -> RunEntry:
    """Return a run that is level at its end."""
    curve = shapes.steps("train/loss", shapes.falling_loss, spread=0.03)
    finer = shapes.steps("train/loss", shapes.falling_loss, first=10_700, buckets=120, spread=0.02)
    run = run_entry("baseline", "Level at the end", (curve,), Severity.NOTE)
    return run.model_copy(update={"windows": (EvidenceWindow(finding=found.NOTE.id, curve=finer),)})


def healthy(name: str = "healthy") -> RunEntry:
    """Return a run that has nothing wrong with it."""
    curve = shapes.steps("train/loss", shapes.falling_loss, spread=0.05)
    return run_entry(name, "No problem found", (curve,), None)


def diverging() -> RunEntry:
    """Return a run that diverges, with an evidence window."""
    norm = shapes.steps("grad_norm", shapes.bursting_norm, spread=0.2)
    finer = shapes.steps(
        "grad_norm", shapes.bursting_norm, first=8_000, last=8_800, buckets=120, spread=0.1
    )
    curves = (shapes.steps("train/loss", shapes.diverging_loss, spread=0.04), norm)
    run = run_entry("lr-0.001", "Diverged at step 8,400", curves, Severity.ERROR)
    lost = Span(first_step=8_400, last_step=12_000, share=0.3, finding=found.DIVERGED.id)
    window = EvidenceWindow(finding=found.EXPLODING.id, curve=finer)
    return run.model_copy(update={"useful": 0.7, "lost": (lost,), "windows": (window,)})


def overfitting() -> RunEntry:
    """Return a run that overfits, logged by epoch."""
    curves = (
        shapes.epochs("val/loss", shapes.rising_loss),
        shapes.epochs("train/loss", shapes.fitted_loss),
    )
    run = run_entry("resnet/no-augmentation", "Overfits from epoch 31", curves, Severity.ERROR)
    lost = Span(first_step=31, last_step=90, share=0.66, finding=found.OVERFITTING.id)
    return run.model_copy(
        update={
            "source": "Lightning CSVLogger",
            "useful": 0.34,
            "lost": (lost,),
            "objective_value": 1.27,
            "objective_step": 31,
        }
    )


def sweep_run(name: str, gap: tuple[int, int] | None = None) -> RunEntry:
    """Return a run that learns too slowly, with a gap where nothing finite was logged."""
    curve = shapes.steps("train/loss", shapes.straight_loss, spread=0.01, buckets=60, gap=gap)
    return run_entry(name, "Learns too slowly", (curve,), Severity.WARNING)


def sweep() -> tuple[RunEntry, ...]:
    """Return three runs of a sweep, the last with a note and unknown useful compute."""
    gappy = sweep_run(SWEEP[2], gap=(5_000, 6_200)).model_copy(
        update={
            "notes": (say("6 values of `train/loss` are NaN, the first at step 5,000."),),
            "useful": None,
        }
    )
    return sweep_run(SWEEP[0]), sweep_run(SWEEP[1]), gappy
