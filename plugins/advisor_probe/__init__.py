"""Short diagnostic trainings of a user's own model: they settle what logs cannot.

The way of a probe: a ``ProbeTarget`` (``target``) is planned for (``plan``, ``catalogue``); each
probe is tried in a process of its own (``isolation``, ``workbench``), what it measures is put
together (``session``, ``collected``) and left in a run directory (``results``, ``rundir``), which
``reader`` reads and ``rules`` judge, like any other telemetry. ``verifying`` tries the changes that
a report proposes. Both have their jobs carried out by ``trials``, here or by an executor. Only
``workbench`` imports torch.
"""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.prober import TargetAdapter
from advisor.rule import Rule
from advisor.wording.catalogues import Translations
from advisor_probe.adapters import HuggingFaceAdapter, LightningAdapter
from advisor_probe.notebook import probe
from advisor_probe.prober import TorchProber
from advisor_probe.reader import ProbeReader
from advisor_probe.rules import RULES
from advisor_probe.target import ProbeTarget, TargetError

__all__ = ["ProbeTarget", "TargetError", "probe"]


@hookimpl
def register_probes() -> tuple[TorchProber, ...]:
    """Return the one prober of this plugin."""
    return (TorchProber(),)


@hookimpl
def register_targets() -> tuple[TargetAdapter, ...]:
    """Return what makes programs of other frameworks into targets."""
    return LightningAdapter(), HuggingFaceAdapter()


@hookimpl
def register_readers() -> tuple[ProbeReader, ...]:
    """Return the reader of what it leaves behind."""
    return (ProbeReader(),)


@hookimpl
def register_rules() -> tuple[type[Rule], ...]:
    """Return the rules that judge what was measured."""
    return RULES


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
