"""Trying proposed changes: as many pairs of trainings as the next look needs, until all is told.

Both of a pair start from the same seed and train on as many samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from advisor.model import Value
from advisor.prober import Say, VerifyRequest
from advisor.report import Report
from advisor.verification import Verification
from advisor_probe.attempts import Attempt
from advisor_probe.interrupt import Interrupts
from advisor_probe.knobs import Knob, Unfit, knob_for, value_for
from advisor_probe.looks import LOOKS, Judged, Looks
from advisor_probe.rulings import Cost, Proposal, proposals, refused, ruled
from advisor_probe.trainings import AS_IT_IS, Failed, Spent, Trainings


class Trial(NamedTuple):
    """A change that can be tried, and what the looks at it came to until now."""

    proposal: Proposal
    knob: Knob
    value: Value
    judged: Judged = Judged("undecided", None)
    pairs: int = 0

    @property
    def open(self) -> bool:
        """Whether more pairs may settle it."""
        return self.judged.ruling == "undecided"


class Verifying:
    """The changes of one report, tried on one target."""

    def __init__(self, request: VerifyRequest, say: Say, attempt: Attempt) -> None:
        self._request, self._say = request, say
        self._attempt = attempt
        self._trials: dict[int, Trial] = {}
        self._refused: dict[int, Verification] = {}

    def verified(self, report: Report) -> tuple[Verification, ...]:
        """Return what came of each change that the report's findings propose, in its order.

        Raises ``UsageError`` if the target cannot be trained as it is.
        """
        proposed = proposals(report, self._request.only)
        if not proposed:
            return ()
        trainings = Trainings(self._request, self._say, self._attempt)
        for place, proposal in enumerate(proposed):
            self._fit(place, proposal, trainings)
        looks = Looks(len(self._trials), self._request.margin)
        for pairs in LOOKS:
            if not self._look(pairs, looks, trainings):
                break
        told = tuple(self._told(place, trainings) for place in range(len(proposed)))
        for one in told:
            self._say(f"advisor: {one.message.text}")
        return told

    def _fit(self, place: int, proposal: Proposal, trainings: Trainings) -> None:
        """Find what a change sets; of what cannot be tried, say why."""
        knob = None
        try:
            knob = knob_for(proposal.change, trainings.target)
            value = value_for(proposal.change, knob)
            self._check_length(proposal, trainings.target.steps)
        except Unfit as reason:
            self._refused[place] = refused(proposal, str(reason), knob)
        else:
            self._trials[place] = Trial(proposal, knob, value)

    def _check_length(self, proposal: Proposal, horizon: int | None) -> None:
        """Raise ``Unfit`` where a change needs a full training and ours are too short."""
        if proposal.change.horizon == "short":
            return
        if horizon is None:
            raise Unfit(
                "its effect shows late: say in `steps` of the ProbeTarget how many steps the real "
                "training takes, and train at least half of them (`--steps`)"
            )
        if 2 * self._request.training < horizon:
            raise Unfit(
                f"its effect shows late: it needs at least {-(-horizon // 2):,} steps, half of "
                f"the real training (`--steps`), not {self._request.training:,}"
            )

    def _look(self, pairs: int, looks: Looks, trainings: Trainings) -> bool:
        """Train so many pairs of each open change and judge; tell whether to go on."""
        waiting = [place for place, trial in self._trials.items() if trial.open]
        done = self._trained(waiting, pairs, trainings)
        ready = {
            place: found
            for place in waiting
            if place in self._trials and (found := trainings.pairs(str(place), pairs))
        }
        for place, judged in looks.look(ready).items():
            self._trials[place] = self._trials[place]._replace(judged=judged, pairs=pairs)
        return done

    def _trained(self, places: Sequence[int], pairs: int, trainings: Trainings) -> bool:
        """Train pairs of some changes; ``False`` where that had to end early."""
        try:
            with Interrupts() as interrupts:
                for place in places:
                    interrupts.check()
                    self._one(place, pairs, trainings)
        except (Spent, KeyboardInterrupt) as ended:
            what = "the budget is spent" if isinstance(ended, Spent) else "stopped"
            self._say(f"advisor: {what}; what was measured until now is judged")
            return False
        return True

    def _one(self, place: int, pairs: int, trainings: Trainings) -> None:
        """Train pairs of one change; one that fails, or does nothing, cannot be verified."""
        trial = self._trials[place]
        self._say(f"{trial.proposal.change.parameter}: {pairs} pairs of trainings")
        try:
            for seed in range(pairs):
                trainings.as_it_is(seed)
                trainings.changed(str(place), trial.knob, trial.value, seed)
        except Failed as error:
            self._refuse(place, f"training with it failed: {error}")
            return
        if trainings.alike(str(place), pairs):
            why = "with and without the change all losses are equal to the last digit"
            self._refuse(place, f"the target does not use `{trial.knob.path}`: {why}")

    def _refuse(self, place: int, why: str) -> None:
        trial = self._trials.pop(place)
        self._refused[place] = refused(trial.proposal, why, trial.knob)

    def _told(self, place: int, trainings: Trainings) -> Verification:
        if place in self._refused:
            return self._refused[place]
        trial = self._trials[place]
        cost = Cost(
            pairs=trial.pairs,
            steps=self._request.training,
            horizon=trainings.target.steps,
            diverged=(
                trainings.astray(AS_IT_IS, trial.pairs),
                trainings.astray(str(place), trial.pairs),
            ),
        )
        margin = self._request.margin
        return ruled(trial.proposal, trial.knob, trial.value, trial.judged, cost, margin)
