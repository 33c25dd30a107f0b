"""The rules that judge what probes measured; none of them imports torch."""

from __future__ import annotations

from advisor.rule import Rule
from advisor_probe.rules.probe_idle_parameters import ProbeIdleParameters
from advisor_probe.rules.probe_initial_loss import ProbeInitialLoss
from advisor_probe.rules.probe_not_finite import ProbeNotFinite

RULES: tuple[type[Rule], ...] = (
    ProbeNotFinite,
    ProbeIdleParameters,
    ProbeInitialLoss,
)
"""Every rule of this plugin, in the order of the probes."""
