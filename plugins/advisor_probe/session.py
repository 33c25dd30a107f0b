"""A session: the planned probes one after the other, and what is made of how each ends."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from advisor.errors import UsageError
from advisor.finding import Finding, Severity
from advisor.judge import judge
from advisor.prober import PlannedProbe, Probed, ProbeRequest, Say, VerifyRequest
from advisor.report import Report
from advisor.rule import Rule, Stage
from advisor.understand import understand
from advisor.verification import Verification
from advisor.view import Judged
from advisor_probe import rundir
from advisor_probe.attempts import Attempt, isolated
from advisor_probe.collected import Collected
from advisor_probe.interrupt import Interrupts
from advisor_probe.isolation import Ending, How, Job
from advisor_probe.plan import can_isolate, planned
from advisor_probe.results import to_run
from advisor_probe.rules import RULES
from advisor_probe.verifying import Verifying
from advisor_probe.workflow import STEPS, WORKFLOW, standing

SMALLEST = 64
"""A batch is cut to this fraction (1/64) at most before memory is given up on."""


class TorchProber:
    """Probes models in torch."""

    name = "torch"
    summary = "models in torch, given as a ProbeTarget"

    def plan(self, request: ProbeRequest) -> Sequence[PlannedProbe]:
        """Say which probes would run, and what each costs. Raises ``UsageError``."""
        return planned(request)

    def run(self, request: ProbeRequest, plan: Sequence[PlannedProbe], say: Say) -> Probed:
        """Run the planned probes and leave their measurements in the request's folder."""
        with isolated(request.probe_seconds, request.megabytes) as attempt:
            session = Session(request, say, attempt)
            interrupted = session.run(plan)
        return Probed(session.judging, interrupted)

    def verify(self, request: VerifyRequest, report: Report, say: Say) -> Sequence[Verification]:
        """Train the target with and without each change that the report's findings propose."""
        can_isolate(request.target)
        with isolated(request.training_seconds, request.megabytes) as attempt:
            return Verifying(request, say, attempt).verified(report)


class Session:
    """The probes of one request."""

    def __init__(self, request: ProbeRequest, say: Say, attempt: Attempt) -> None:
        self._request, self._say, self._attempt = request, say, attempt
        self._began = time.monotonic()
        self._found = Collected(request)
        self._shrink = 1
        self._stop = ""

    def run(self, plan: Sequence[PlannedProbe]) -> bool:
        """Run the probes, and tell whether Ctrl-C ended them; what there is by then is kept."""
        rundir.prepare(self._request.folder)
        interrupted = False
        try:
            with Interrupts() as interrupts:
                for place, probe in enumerate(plan, 1):
                    interrupts.check()
                    self._one(probe, f"{place}/{len(plan)} {probe.name}")
        except KeyboardInterrupt:
            interrupted = True
            self._say("advisor: stopped; what was measured until now is judged")
        self._keep(interrupted=interrupted)
        return interrupted

    @property
    def judging(self) -> tuple[str, ...]:
        """The rules on probes that ran; what was left out needs no word from its rules."""
        out = ("left-out", How.SKIPPED.value)
        ran = {probe.name for probe in self._found.results().probes if probe.outcome not in out}
        ran.add(WORKFLOW)
        return tuple(
            rule.name for rule in RULES if {key.split("/")[1] for key in rule.requires} <= ran
        )

    def _one(self, probe: PlannedProbe, label: str) -> None:
        why = probe.left_out or self._stop or self._out_of_time()
        if why:
            self._found.ended(probe.name, "left-out", why)
            self._say(f"{label}: left out: {why}")
            return
        ending = self._tried(probe.name, label)
        self._found.ended(probe.name, ending.how.value, ending.text)
        self._tell(label, ending)
        self._stop = self._reason_to_stop(ending)

    def _tried(self, probe: str, label: str) -> Ending:
        """Run a probe, on smaller batches where memory does not suffice."""
        while True:
            ending = self._attempt(self._job(probe), self._hear)
            if ending.how is not How.MEMORY or self._shrink >= SMALLEST:
                return ending
            self._shrink *= 2
            self._found.forget(probe)
            self._found.fact("batch.shrunk", self._shrink)
            self._say(f"{label}: {ending.text}; again with 1/{self._shrink} of each batch")

    def _job(self, probe: str) -> Job:
        request = self._request
        return Job(
            target=request.target,
            probe=probe,
            device=request.device,
            seed=request.seed,
            shrink=self._shrink,
        )

    def _hear(self, message: dict[str, Any]) -> None:
        if message["kind"] == "remark":
            self._say(f"  {message['text']}")
        else:
            self._found.hear(message)

    def _tell(self, label: str, ending: Ending) -> None:
        """Say how a probe ended; of a failure the user's own traceback, or what was printed."""
        self._say(f"{label}: {ending.how.value}{': ' if ending.text else ''}{ending.text}")
        if ending.how not in (How.DONE, How.SKIPPED):
            for line in (ending.trace or ending.output[-2000:]).strip().splitlines():
                self._say(f"    {line}")

    def _reason_to_stop(self, ending: Ending) -> str:
        if not self._found.loaded:
            return "the target could not be loaded"
        if ending.how is How.TARGET and not self._found.results().series:
            return "the target is not what it must be"
        fault = next((f for f in self._found_in_program() if f.severity is Severity.ERROR), None)
        return f"first mend what was found: {fault.advice.title.text}" if fault else ""

    def _found_in_program(self) -> Sequence[Finding]:
        """Return what is wrong with the program itself: other probes would stumble over it too."""
        return self._judged([r for r in RULES if r.stage in (Stage.NON_FINITE, Stage.PROGRAM)])

    def _judged(self, rules: Sequence[type[Rule]]) -> Sequence[Finding]:
        run = to_run(self._found.results(), "probe")
        outcomes = judge(
            Judged(run, understand(run)),
            [rule() for rule in rules],
            seconds=10.0,
            started=lambda _: None,
            failed={},
        )
        return [finding for outcome in outcomes for finding in outcome.findings]

    def _say_where_it_stands(self) -> None:
        """Say which step of the usual workflow is next."""
        done = {ran.name for ran in self._found.results().probes if ran.outcome == How.DONE.value}
        grave = [f for f in self._judged(RULES) if f.severity is not Severity.NOTE]
        faulty = {e.series.split("/")[1] for finding in grave for e in finding.evidence}
        place = standing(done, faulty)
        self._found.point(f"{WORKFLOW}/step", place)
        self._say(f"advisor: next is step {place} of {len(STEPS)}: {STEPS[place - 1].title}")

    def _out_of_time(self) -> str:
        seconds = self._request.seconds
        if seconds is None or time.monotonic() - self._began < seconds:
            return ""
        return f"the budget of {seconds:g} s is spent"

    def _keep(self, *, interrupted: bool) -> None:
        """Write the run directory. Raises ``UsageError`` if nothing was measured."""
        if self._found.results().series:
            self._say_where_it_stands()
        results = self._found.results(interrupted=interrupted)
        if not results.series:
            raise UsageError("nothing could be measured; what went wrong is said above")
        folder = self._request.folder
        rundir.save(folder, results)
        self._say(f"advisor: the measurements are in {folder}/")
        ending = self._attempt(Job(events=str(folder.resolve())), lambda _: None)
        if ending.how is not How.DONE:
            self._say(f"advisor: no event file was written: {ending.text}")
