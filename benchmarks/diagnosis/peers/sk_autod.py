"""sk-autod: takes the losses of at least five epochs as lists, and reads no log."""

from __future__ import annotations

from pathlib import Path

from sk_autod import diagnose

from benchmarks.diagnosis.peers.curves import Curves, Said, finite

FEWEST = 5
"""Epochs below which it refuses."""


def read(_: Path) -> list[Said] | None:
    """Return nothing: there is no log that it reads."""
    return None


def judge(curves: Curves) -> list[Said] | None:
    """Return what it finds in the epochs; nothing where it refuses them."""
    training, validation = curves.by_epoch
    if len(training) < FEWEST or not finite([*training, *validation]):
        return None
    report = diagnose(training, validation)
    return [Said(found.detector_name, found.severity.value) for found in report.findings]
