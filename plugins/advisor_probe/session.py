"""A session: the planned probes one after the other, and what is made of how each ends."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from advisor.errors import UsageError
from advisor.finding import Finding, Severity
from advisor.judging.judge import judge
from advisor.language import tell, term, word
from advisor.prober import PlannedProbe, ProbeRequest, Say
from advisor.rule import Rule, Stage
from advisor.text import told
from advisor.understand import understand
from advisor.view import Judged
from advisor_probe import rundir
from advisor_probe.collected import Collected
from advisor_probe.interrupt import Interrupts
from advisor_probe.isolation import Ending, How, Job
from advisor_probe.results import STOPPED, to_run
from advisor_probe.rules import RULES
from advisor_probe.trials import Carry, Stopped, Trial
from advisor_probe.workflow import STEPS, WORKFLOW, standing

SMALLEST = 64
"""A batch is cut to this fraction (1/64) at most before memory is given up on."""


_ENDINGS = {
    How.DONE: term("done"),
    How.SKIPPED: term("skipped"),
    How.TARGET: term("target"),
    How.ERROR: term("error"),
    How.MEMORY: term("memory"),
    How.TIME: term("time"),
    How.EXIT: term("exit"),
    How.CRASH: term("crash"),
}
"""How a probe ended, in a word."""


class Session:
    """The probes of one request: ``carry`` has them run, ``here`` what this machine must do."""

    def __init__(self, request: ProbeRequest, say: Say, carry: Carry, here: Carry) -> None:
        self._request, self._say = request, say
        self._carry, self._here = carry, here
        self._began = time.monotonic()
        self._found = Collected(request)
        self._labels: dict[str, str] = {}
        self._shrink = 1
        self._stop = ""

    def run(self, plan: Sequence[PlannedProbe]) -> bool:
        """Run the probes, and tell whether Ctrl-C ended them; what there is by then is kept."""
        rundir.prepare(self._request.folder)
        interrupted = False
        self._labels = {p.name: f"{place}/{len(plan)} {p.name}" for place, p in enumerate(plan, 1)}
        waiting = list(plan)
        try:
            with Interrupts() as interrupts:
                while waiting:
                    waiting = self._carried(waiting, interrupts)
        except KeyboardInterrupt:
            interrupted = True
            said = word("stopped; what was measured until now is judged")
            self._say(f"advisor: {said}")
        self._keep(interrupted=interrupted)
        return interrupted

    @property
    def judging(self) -> tuple[str, ...]:
        """The rules on probes that ran; what was left out needs no word from its rules."""
        out = ("left-out", How.SKIPPED.value, STOPPED)
        ran = {probe.name for probe in self._found.results().probes if probe.outcome not in out}
        ran.add(WORKFLOW)
        return tuple(
            rule.name for rule in RULES if {key.split("/")[1] for key in rule.requires} <= ran
        )

    def _carried(self, waiting: list[PlannedProbe], interrupts: Interrupts) -> list[PlannedProbe]:
        """Run probes until memory does not suffice for one; return it with those that follow.

        An executor may be ahead: what it measured beyond a reason to stop is left out.
        """
        jobs = [self._job(probe.name) for probe in waiting if not probe.left_out]
        with closing(self._carry(jobs)) as trials:
            for place, probe in enumerate(waiting):
                interrupts.check()
                why = probe.left_out or self._stop or self._out_of_time()
                if why:
                    self._leave_out(probe.name, why)
                elif not self._taken(probe.name, self._awaited(probe.name, trials)):
                    return waiting[place:]
        return []

    def _awaited(self, probe: str, trials: Iterator[Trial]) -> Trial:
        """Wait for what comes of a probe; one that is stopped leaves what it measured."""
        try:
            return next(trials)
        except Stopped as stopped:
            for message in stopped.heard:
                self._hear(message)
            self._found.ended(probe, STOPPED, term("what it measured is partial, and not judged"))
            raise

    def _leave_out(self, probe: str, why: str) -> None:
        self._found.ended(probe, "left-out", why)
        self._say(f"{self._labels[probe]}: {tell('left out: {why:sentence}', why=word(why))}")

    def _taken(self, probe: str, trial: Trial) -> bool:
        """Take what came of a probe; ``False`` if it is to run again on smaller batches."""
        if trial.ending.how is How.MEMORY and self._shrink < SMALLEST:
            self._shrink *= 2
            self._found.fact("batch.shrunk", self._shrink)
            text = "{what:given}; again with 1/{shrink:step} of each batch"
            again = tell(text, what=trial.ending.text, shrink=self._shrink)
            self._say(f"{self._labels[probe]}: {again}")
            return False
        for message in trial.heard:
            self._hear(message)
        self._found.ended(probe, trial.ending.how.value, trial.ending.text)
        self._tell(self._labels[probe], trial.ending)
        self._stop = self._reason_to_stop(trial.ending)
        return True

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
            self._say(f"  {word(message['text'])}")
        else:
            self._found.hear(message)

    def _tell(self, label: str, ending: Ending) -> None:
        """Say how a probe ended; of a failure the user's own traceback, or what was printed."""
        said = (word(_ENDINGS[ending.how]), *([word(ending.text)] if ending.text else []))
        self._say(f"{label}: {word(': ').join(said)}")
        if ending.how not in (How.DONE, How.SKIPPED):
            for line in (ending.trace or ending.output[-2000:]).strip().splitlines():
                self._say(f"    {line}")

    def _reason_to_stop(self, ending: Ending) -> str:
        if not self._found.loaded:
            return term("the target could not be loaded")
        if ending.how is How.TARGET and not self._found.results().series:
            return term("the target is not what it must be")
        fault = next((f for f in self._found_in_program() if f.severity is Severity.ERROR), None)
        text = "first mend what was found: {title:sentence}"
        return told(text, title=fault.advice.title) if fault else ""

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
        text = "next is step {place:step} of {steps:step}: {title:text}"
        said = tell(text, place=place, steps=len(STEPS), title=STEPS[place - 1].title)
        self._say(f"advisor: {said}")

    def _out_of_time(self) -> str:
        seconds = self._request.seconds
        if seconds is None or time.monotonic() - self._began < seconds:
            return ""
        return told("the budget of {seconds:number} s is spent", seconds=seconds)

    def _keep(self, *, interrupted: bool) -> None:
        """Write the run directory. Raises ``UsageError`` if nothing was measured."""
        if self._found.results().series:
            self._say_where_it_stands()
        results = self._found.results(interrupted=interrupted)
        if not results.series:
            raise UsageError("nothing could be measured; what went wrong is said above")
        folder = self._request.folder
        rundir.save(folder, results)
        text = "the measurements are in {folder:given}"
        self._say(f"advisor: {tell(text, folder=f'{folder}/')}")
        for _, ending in self._here([Job(events=str(folder.resolve()))]):
            if ending.how is not How.DONE:
                text = "no event file was written: {why:given}"
                self._say(f"advisor: {tell(text, why=ending.text)}")
