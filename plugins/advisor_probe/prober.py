"""The prober that this plugin declares: it plans, probes and verifies models in torch."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.executor import Executor
from advisor.prober import PlannedProbe, Probed, ProbeRequest, Say, VerifyRequest
from advisor.report import Report
from advisor.verification import Verification
from advisor_probe.isolation import Limits
from advisor_probe.plan import can_isolate, planned
from advisor_probe.session import Session
from advisor_probe.trials import carried_by, carried_here
from advisor_probe.verifying import Verifying


class TorchProber:
    """Probes models in torch."""

    name = "torch"
    summary = "models in torch, given as a ProbeTarget"

    def plan(self, request: ProbeRequest) -> Sequence[PlannedProbe]:
        """Say which probes would run, and what each costs. Raises ``UsageError``."""
        return planned(request)

    def run(
        self,
        request: ProbeRequest,
        plan: Sequence[PlannedProbe],
        say: Say,
        executor: Executor | None = None,
    ) -> Probed:
        """Run the planned probes and leave their measurements in the request's folder."""
        limits = Limits(seconds=request.probe_seconds, megabytes=request.megabytes)
        with carried_here(limits) as here:
            carry = here if executor is None else carried_by(executor, limits)
            session = Session(request, say, carry, here)
            interrupted = session.run(plan)
        return Probed(session.judging, interrupted)

    def verify(
        self,
        request: VerifyRequest,
        report: Report,
        say: Say,
        executor: Executor | None = None,
    ) -> Sequence[Verification]:
        """Train the target with and without each change that the report's findings propose."""
        can_isolate(request.target)
        limits = Limits(seconds=request.training_seconds, megabytes=request.megabytes)
        if executor is not None:
            return Verifying(request, say, carried_by(executor, limits)).verified(report)
        with carried_here(limits) as here:
            return Verifying(request, say, here).verified(report)
