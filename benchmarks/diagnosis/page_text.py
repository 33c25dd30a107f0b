"""What the accuracy page says in words; figures are filled in by ``page``."""

from __future__ import annotations

METHOD = """\
{trainings:,} small networks were trained, with and without planted faults, three seeds each but \
in sweeps: perceptrons, convolutional and recurrent networks and transformers, on tables, \
pictures, sequences and text. Of each data set it is a part of all that could be trained, drawn \
once, so that an hour or two are enough; faults of the learning rate more often than others, as \
sweeps take them. Those that are not only checks, longer or faster, were written as loggers write \
them, as TensorBoard events or as CSV, by step and by epoch, under names that turn, with and \
without settings, learning rate and metric: {logs:,} logs. advisor judged each log alone and knew \
nothing else. This page shows the {split} split: the thresholds of the rules were chosen while \
looking at it. The held-out split, on data sets and architectures of its own, is in \
`benchmarks/diagnosis/heldout.csv`."""

HELD_OUT = """\
The held-out split is data and models that no threshold had been chosen on when they were asked \
about: look {number} at draw {draw}, {date}, at commit {commit}. {since}A draw is looked at five \
times at most. The first was opened after four looks, the second to the eighth after one each, the \
ninth after two, to study what was missed; they are development data since. Draw {draw} shares no \
data set and no architecture with those before it."""

SINCE = """\
What changed since is not in it: the next look takes another draw, {drawn}, at which nobody has \
looked yet. """

STUDIED_SINCE = """\
What it missed was studied then, and what changed since is not in it: the next look takes another \
draw. """

FOUND = """\
A fault that no finding names is in no diagnosis either: so 95 % in the first diagnosis, and 85 % \
first of it, are asked of the faults that are named, and the shares of all faults stand here. \
Inputs out of scale are left out but for the second row: what tells them is a probe \
(`feature-scale`, see [probe-accuracy.md](probe-accuracy.md)), and most networks leave no trace of \
them in a log."""

TRUTH = """\
Whether something was the matter is settled by trainings, not by curves:

- A training is **healthy** where it ends no worse than its checks: the same model on the same \
data trained plainly, twice as long, and at a third and three times the rate; and where no \
earlier epoch was better. "Worse" means beyond what the seeds vary, and by at least 2 % of what \
was learned beyond the best constant prediction.
- A fault counts as **planted** where its training ends worse than its twin (the same training \
without the fault, the same seed and data), or takes half as many steps again to come as far. Each \
training is held against the twin of its own seed: it is *blatant* where more than half of what \
the twin learned is lost, *clear* above a tenth, and *subtle* below.
- A fault that did no harm is **harmless**: a warning on it is a false alarm, even one that names \
what was planted.
- What is neither is **unclear**, and counts for nothing, nor does any finding on it.

Two bugs train on another loss than their twin does, so that only the accuracy compares them: a \
softmax before a loss that has its own, and a logarithm of 0 (which counts only where it was \
taken). Steps count alike, whatever a step costs: most batches of two are too small only by the \
cheap steps that they take more."""

RIGHT = """\
A finding is right where its rule names the planted fault, or is true of runs with that fault \
(`answers.py` lists both), or where what it says was measured over the seeds (`facts.py`): that \
an earlier epoch was better, that three times the rate ends better, or comes as far in two thirds \
of the steps and ends no worse, or that twice the length ends better. Of the faults, {faster} were \
also trained at three times their rate and {longer} twice as long{held_out}: of each data set and \
fault one strength in one of these ways, whichever, and those that come to the same as another \
training. Of the others it is not known what that would bring, and a finding that asks for it \
counts for nothing.

An **option** is nobody's mistake. It is right where its condition held (`conditions.py`), as far \
as the setup settles it: that the rate was never lowered, that there was no warm-up. Whether the \
curve looks as its page says is not checked a second time, so options are nearly always right. \
They are left out of the recall of rules; where one names a fault, such as a hidden layer of one \
unit, that counts among the faults named, and recall without it stands beside that.

All logs of one training count as one. In brackets: Wilson's 95 % interval; fewer than 20 \
trainings are given as counts.

A fault counts as named where a finding explains it or asks for what would undo it. A finding \
that is only true of such runs ("the loss still falls", where the learning rate is too low) \
counts as a symptom. The table \
counts each training by its first log: judged by its loss in one log and by its accuracy in \
another, it may be healthy in one of them alone, and counts as such above."""

LIMITS = """\
- The networks are small and train for seconds. What holds for them need not hold for yours.
- Faults were planted one at a time; real runs have several.
- Some faults cannot be told from a log: a rate a third of the best one leaves a smooth curve \
that ends a little higher. They are counted as missed all the same.
- A log without settings or learning rate cannot show most causes: recall on those that record \
both stands beside that on all.
- Reinforcement learning and adversarial training are not among the trainings.
- A rule that judged few trainings, or never fired, is as good as unmeasured: see its row."""

ALSO_HELD_OUT = """\
 (on the held-out split, {faster} and {longer})"""

SWEEPS = """\
{sweeps:,} sweeps were composed of these trainings, as somebody leaves them who tunes: {kinds}. \
{held_out}What holds of each follows from how it was composed and from how its trainings ended \
(`sweeps.py`); of a rule that spoke where neither settles it, "right" says nothing. Each sweep \
counts as one."""
