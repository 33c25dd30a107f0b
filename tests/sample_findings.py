"""What the sample report finds: advice and rules made by hand."""

from __future__ import annotations

from advisor.finding import Advice, Change, Citation, Cost, Evidence, Finding, Severity
from advisor.report import RuleInfo
from advisor.text import Message

PLAYBOOK = Citation(
    source="Godbole et al. (2023), Deep Learning Tuning Playbook",
    supports="Lower the learning rate, or warm it up, when the loss becomes unstable.",
    url="https://github.com/google-research/tuning_playbook",
    key="B2",
)
PRECHELT = Citation(
    source="Prechelt (1998), Early Stopping: But When?",
    supports="Stop when the validation error has risen for several strips of epochs.",
)
NOTES = Citation(source="Study notes on tuning", supports="A straight loss curve means a low rate.")


def say(text: str) -> Message:
    """Return a message of this text."""
    return Message(id="sample", text=text)


def rule(name: str, stage: str, severity: Severity, *citations: Citation) -> RuleInfo:
    """Describe a rule of the sample."""
    return RuleInfo(
        name=name,
        summary=f"Tells whether a run shows {name.replace('-', ' ')}.",
        stage=stage,
        nature="option" if severity is Severity.NOTE else "fault",
        severity=severity,
        plugin="advisor_rules",
        citations=citations,
    )


RULES = (
    rule("best-checkpoint-not-kept", "epochs", Severity.NOTE, PRECHELT),
    rule("broken-on-purpose", "program", Severity.ERROR),
    rule("diverged", "learning-rate", Severity.ERROR, PLAYBOOK),
    rule("dropout-range", "fit", Severity.NOTE),
    rule("exploding-gradients", "gradients", Severity.WARNING, PLAYBOOK),
    rule("loss-not-finite", "non-finite", Severity.ERROR),
    rule("lr-too-low", "learning-rate", Severity.WARNING, NOTES),
    rule("lr-warmup", "learning-rate", Severity.WARNING, PLAYBOOK),
    rule("overfitting", "fit", Severity.ERROR, PRECHELT, NOTES),
    rule("past-best", "epochs", Severity.WARNING, PRECHELT).model_copy(
        update={"options": {"patience": "8"}}
    ),
    rule("unstable-tail", "decay", Severity.WARNING, NOTES),
    rule("vanishing-gradients", "gradients", Severity.WARNING),
)


def _lower_rate(path: str | None, before: float, after: float) -> Change:
    return Change(
        parameter="learning_rate",
        path=path,
        before=before,
        after=after,
        direction="down" if after < before else "up",
    )


DIVERGED = Finding(
    rule="diverged",
    severity=Severity.ERROR,
    confidence=0.96,
    basis=say("the jump is 40 times the run's own noise and lasts to the end"),
    advice=Advice(
        title=say("Lower the peak learning rate to 3e-4"),
        observed=say("Loss diverged at step 8,400"),
        evidence=say(
            "`train/loss` jumped from 3.4 to 7.4 at step 8,400 and stayed there "
            "for the 3,600 steps that followed."
        ),
        do=say("Restart from a checkpoint before step 8,400 with `optimizer.lr` at 3e-4."),
        why=say("A jump that does not decay means the weights left the stable region."),
        check=say("Train 1,000 steps past 8,400: `train/loss` stays below 4."),
        unless=say("the data changed at step 8,400: then look at those batches first."),
    ),
    evidence=(
        Evidence(
            series="train/loss",
            first_step=8_400,
            last_step=12_000,
            measured="rise of the training loss above its minimum",
            value=4.0,
            threshold=0.5,
        ),
    ),
    changes=(_lower_rate("optimizer.lr", 1e-3, 3e-4),),
    cost=Cost(
        share=0.3,
        of="compute",
        first_step=8_400,
        last_step=12_000,
        message=say("30% of the steps (3,600 of 12,000) ran after the loss diverged."),
    ),
).located("lr-0.001")

WARMUP = Finding(
    rule="lr-warmup",
    severity=Severity.WARNING,
    confidence=0.5,
    basis=say("no ramp is logged; the burst comes late, which speaks against it"),
    advice=Advice(
        title=say("Warm the learning rate up over 600 steps"),
        observed=say("No warm-up is logged"),
        evidence=say("`train/loss` starts at 7.6 with the full rate of 1e-3 from step 0."),
        do=say("Ramp `optimizer.lr` linearly from 0 over the first 600 steps."),
        why=say("Early steps see large gradients; a full rate there can damage the weights."),
        check=say("`grad_norm` stays below 10 in the first 600 steps."),
        unless=say("a schedule outside the log already warms the rate up."),
    ),
    evidence=(
        Evidence(
            series="train/loss", first_step=0, last_step=600, measured="loss at step 0", value=7.6
        ),
    ),
    changes=(Change(parameter="warmup_steps", after=600, direction="up"),),
).located("lr-0.001")

EXPLODING = Finding(
    rule="exploding-gradients",
    severity=Severity.WARNING,
    confidence=0.88,
    basis=say("one burst of 23 times the median, in a norm that is logged at every step"),
    advice=Advice(
        title=say("Clip the gradient norm at 5"),
        observed=say("Gradient norm reached 60"),
        evidence=say("`grad_norm` rose from 2.6 to 60 at step 8,420."),
        do=say("Clip the global norm at 5, twice the usual norm."),
        why=say("One huge gradient undoes thousands of small steps."),
        check=say("The share of clipped steps stays below 5%."),
        unless=say("gradients are clipped after they are logged."),
    ),
    evidence=(
        Evidence(
            series="grad_norm",
            first_step=8_200,
            last_step=8_640,
            measured="largest norm",
            value=60.6,
            threshold=13.0,
        ),
    ),
    changes=(Change(parameter="clip_norm", after=5.0, direction="set"),),
).located("lr-0.001")

OVERFITTING = Finding(
    rule="overfitting",
    severity=Severity.ERROR,
    confidence=0.94,
    basis=say("59 epochs of steady rise, six times the epoch-to-epoch noise"),
    advice=Advice(
        title=say("Add weight decay of 5e-4 and stop at epoch 31"),
        observed=say("Validation loss rises from epoch 31"),
        evidence=say("`val/loss` rose from 1.27 at epoch 31 to 1.83, while `train/loss` fell."),
        do=say("Set `weight_decay` to 5e-4; keep the checkpoint of epoch 31 until then."),
        why=say("From epoch 31 the model fits the training set at the expense of unseen data."),
        check=say("The next run's lowest `val/loss` is at or below 1.22."),
        unless=say("the validation set comes from another distribution on purpose."),
    ),
    evidence=(
        Evidence(
            series="val/loss",
            first_step=31,
            last_step=90,
            measured="rise of the validation loss above its minimum",
            value=0.56,
            threshold=0.06,
        ),
        Evidence(
            series="train/loss",
            first_step=31,
            last_step=90,
            measured="fall of the training loss",
            value=0.23,
        ),
    ),
    changes=(
        Change(
            parameter="weight_decay",
            path="model/weight_decay",
            before=0.0,
            after=5e-4,
            direction="up",
            horizon="full",
        ),
    ),
    cost=Cost(
        share=0.66,
        of="compute",
        first_step=31,
        last_step=90,
        message=say("66% of the compute (59 of 90 epochs) was spent after the best epoch."),
    ),
).located("resnet/no-augmentation")


def consequence(name: str, observed: str, evidence: str, do: str) -> Finding:
    """Return what follows from the overfitting."""
    advice = OVERFITTING.advice.model_copy(
        update={"title": say(do), "observed": say(observed), "evidence": say(evidence)}
    )
    return OVERFITTING.model_copy(
        update={"rule": name, "severity": Severity.WARNING, "advice": advice, "changes": ()}
    ).located("resnet/no-augmentation")


PAST_BEST = consequence(
    "past-best",
    "Best epoch was 31 of 90",
    "`val/loss` was 1.27 at epoch 31 and not lower in the 59 epochs that followed.",
    "Stop after 8 epochs without a gain",
)
NOT_KEPT = consequence(
    "best-checkpoint-not-kept",
    "Last model is 44% worse than the best",
    "`val/loss` ended at 1.83; its lowest value was 1.27.",
    "Keep the best checkpoint",
)


def too_low(run: str, total: float, confidence: float) -> Finding:
    """Return the finding that a run's learning rate is too low."""
    return Finding(
        rule="lr-too-low",
        severity=Severity.WARNING,
        confidence=confidence,
        basis=say("a straight line fits as well as a curve; the rest is noise"),
        advice=Advice(
            title=say("Raise the learning rate to 1e-3"),
            observed=say(f"Loss fell by {total:g} in a line"),
            evidence=say(f"`train/loss` fell by {total:g} from 3.91 over 12,000 steps, in a line."),
            do=say("Start again with `lr` at 1e-3."),
            why=say("A step that small follows the slope without ever reaching the bend."),
            check=say("`train/loss` falls by more than 0.5 in the first 1,000 steps."),
            unless=say("the run continues from a model that is already trained."),
        ),
        evidence=(
            Evidence(
                series="train/loss",
                first_step=0,
                last_step=12_000,
                measured="fall of the training loss",
                value=total,
                threshold=0.4,
            ),
        ),
        changes=(_lower_rate("lr", 1e-6, 1e-3),),
    ).located(run)


TOO_LOW = (
    too_low("sweep/batch-128", 0.29, 0.81),
    too_low("sweep/batch-32", 0.28, 0.74),
    too_low("sweep/batch-64", 0.3, 0.78),
)

NOTE = Finding(
    rule="unstable-tail",
    severity=Severity.NOTE,
    confidence=0.7,
    basis=say("noise over the last tenth of the run"),
    advice=Advice(
        title=say("Decay the learning rate over the last 20%"),
        observed=say("Loss is level at the end"),
        evidence=say("`train/loss` moved by 0.02 over the last 1,200 steps."),
        do=say("Bring the rate down to 0 over the last 2,400 steps."),
        why=say("A small rate at the end settles into the valley."),
        check=say("The last `train/loss` is below 1.08."),
        unless=say("a schedule is still to be chosen."),
    ),
    evidence=(
        Evidence(
            series="train/loss",
            first_step=10_800,
            last_step=12_000,
            measured="movement of the loss",
            value=0.02,
        ),
    ),
).located("baseline")

FINDINGS = (DIVERGED, WARMUP, EXPLODING, OVERFITTING, PAST_BEST, NOT_KEPT, *TOO_LOW, NOTE)
