"""Trying proposed changes: as many pairs of trainings as the next look needs, until all is told.

Both of a pair start from the same seed and train on as many samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import NamedTuple

from advisor.errors import UsageError
from advisor.language import shown, tell, word
from advisor.prober import Say, VerifyRequest
from advisor.report import Report
from advisor.text import message
from advisor.verification import Verification
from advisor_probe.interrupt import Interrupts
from advisor_probe.isolation.job import Setting
from advisor_probe.trials import Carry
from advisor_probe.verifying.knobs import Turned, Unfit, turned
from advisor_probe.verifying.looks import LOOKS, Judged, Looks
from advisor_probe.verifying.proposals import Proposal, proposals
from advisor_probe.verifying.reached import Pairs
from advisor_probe.verifying.rulings import Cost, refused, ruled
from advisor_probe.verifying.trainings import AS_IT_IS, Done, Spent, Trainings, Wanted

LONGER = 10.0
"""How many times the steps of a verification a ruling has to hold for, where nothing says how long
the real training is."""


class Trial(NamedTuple):
    """A proposal that can be tried, and what the looks at it came to until now."""

    proposal: Proposal
    turned: tuple[Turned, ...]
    judged: Judged = Judged()

    @property
    def open(self) -> bool:
        """Whether more pairs may settle it."""
        return self.judged.ruling == "undecided"

    @property
    def settings(self) -> tuple[Setting, ...]:
        """What is set in its trainings."""
        return tuple(
            Setting(where=t.knob.where, path=t.knob.path, value=t.value) for t in self.turned
        )

    @property
    def paths(self) -> tuple[str, ...]:
        """The target's own names of what is set."""
        return tuple(t.knob.path for t in self.turned)


class Verifying:
    """The changes of one report, tried on one target."""

    def __init__(self, request: VerifyRequest, say: Say, carry: Carry) -> None:
        self._request, self._say = request, say
        self._carry = carry
        self._trials: dict[int, Trial] = {}
        self._refused: dict[int, Verification] = {}

    def verified(self, report: Report) -> tuple[Verification, ...]:
        """Return what came of each change that the report's findings propose, in its order.

        Raises ``UsageError`` if the target cannot be trained as it is.
        """
        proposed = proposals(report, self._request.only)
        if not proposed:
            return ()
        trainings = Trainings(self._request, self._say, self._carry)
        for place, proposal in enumerate(proposed):
            self._fit(place, proposal, trainings)
        longer = self._lasting(trainings.target.steps) / self._request.training
        looks = Looks(len(self._trials), self._request.margin, longer)
        for pairs in LOOKS:
            if not self._look(pairs, looks, trainings):
                break
        told = tuple(self._told(place, trainings) for place in range(len(proposed)))
        for one in told:
            self._say(f"advisor: {shown(one.message)}")
        return told

    def _fit(self, place: int, proposal: Proposal, trainings: Trainings) -> None:
        """Find what a proposal sets; of what cannot be tried, say why."""
        found: tuple[Turned, ...] = ()
        try:
            found = turned(proposal.changes, trainings.target)
            self._check_length(proposal, trainings.target.steps)
        except Unfit as reason:
            self._refused[place] = refused(proposal, reason.why, found)
        else:
            self._trials[place] = Trial(proposal, found)

    def _check_length(self, proposal: Proposal, horizon: int | None) -> None:
        """Raise ``Unfit`` where a change needs a full training and ours are too short."""
        if not proposal.late:
            return
        if horizon is None:
            text = (
                "its effect shows late: say in `steps` of the ProbeTarget how many steps the real "
                "training takes, and train at least half of them (`--steps`)"
            )
            raise Unfit(message("not-verifiable", text))
        if 2 * self._request.training < horizon:
            text = (
                "its effect shows late: it needs at least {least:step} steps, half of the real "
                "training (`--steps`), not {steps:step}"
            )
            least = -(-horizon // 2)
            raise Unfit(message("not-verifiable", text, least=least, steps=self._request.training))

    def _lasting(self, horizon: int | None) -> int:
        """Return the steps that rulings have to hold for."""
        least = self._request.training
        return round(LONGER * least) if horizon is None else max(horizon, least)

    def _look(self, pairs: int, looks: Looks, trainings: Trainings) -> bool:
        """Train so many pairs of each open change and judge; tell whether to go on."""
        whole = self._trained(pairs, trainings)
        ready = self._paired(pairs, trainings)
        for place, judged in looks.look(ready).items():
            self._trials[place] = self._trials[place]._replace(judged=judged)
        return whole

    def _trained(self, pairs: int, trainings: Trainings) -> bool:
        """Train pairs of the open changes; ``False`` where that had to end early."""
        try:
            with Interrupts() as interrupts:
                while not self._through(pairs, trainings, interrupts):
                    pass  # once more, without the change whose training failed
        except (Spent, KeyboardInterrupt) as ended:
            spent = "the budget is spent; what was measured until now is judged"
            stopped = "stopped; what was measured until now is judged"
            self._say(f"advisor: {word(spent if isinstance(ended, Spent) else stopped)}")
            return False
        return True

    def _through(self, pairs: int, trainings: Trainings, interrupts: Interrupts) -> bool:
        """Train pairs of the open changes until all are trained, or one fails and is given up."""
        named = [trial.proposal.parameters for trial in self._trials.values() if trial.open]
        if named:
            text = "{n:count pair|pairs} of trainings: {names:given}"
            self._say(tell(text, n=pairs, names=", ".join(named)))
        with closing(trainings.carried_out(self._wanted(pairs))) as done:
            for one in done:
                interrupts.check()
                if one.failure:
                    self._fail(one)
                    return False
        return True

    def _wanted(self, pairs: int) -> Iterator[Wanted]:
        """Yield the trainings that so many pairs take, pair by pair."""
        for place, trial in self._trials.items():
            for seed in range(pairs if trial.open else 0):
                yield Wanted(AS_IT_IS, seed)
                yield Wanted(str(place), seed, trial.settings)

    def _fail(self, done: Done) -> None:
        """Give a change up whose training failed. Raises ``UsageError`` if nothing was changed."""
        if done.wanted.name == AS_IT_IS:
            text = "the target cannot be trained as it is: {why:given}"
            raise UsageError(text, why=done.failure)
        trial = self._trials.pop(place := int(done.wanted.name))
        why = message("not-verifiable", "training with it failed: {how:given}", how=done.failure)
        self._refused[place] = refused(trial.proposal, why, trial.turned)

    def _paired(self, pairs: int, trainings: Trainings) -> Mapping[int, Pairs]:
        """Return the losses of the open changes that have all of so many pairs.

        A change that makes no difference to any digit is given up.
        """
        ready = {}
        for place, trial in [(p, t) for p, t in self._trials.items() if t.open]:
            found = trainings.pairs(str(place), pairs)
            if found and trainings.alike(str(place), pairs):
                text = (
                    "the target does not use {paths:names}: with and without the change all "
                    "losses are equal to the last digit"
                )
                why = message("not-verifiable", text, paths=trial.paths)
                self._refused[place] = refused(trial.proposal, why, trial.turned)
                del self._trials[place]
            elif found:
                ready[place] = found
        return ready

    def _told(self, place: int, trainings: Trainings) -> Verification:
        if place in self._refused:
            return self._refused[place]
        trial = self._trials[place]
        judged = trial.judged
        count = 0 if judged.pairs is None else len(judged.pairs.before.best)
        cost = Cost(
            pairs=count,
            steps=self._request.training,
            horizon=trainings.target.steps,
            lasting=self._lasting(trainings.target.steps),
            diverged=(trainings.astray(AS_IT_IS, count), trainings.astray(str(place), count)),
        )
        return ruled(trial.proposal, trial.turned, judged, cost, self._request.margin)
