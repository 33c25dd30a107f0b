"""The rule ``batch-norm``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling, noise
from advisor_rules.given.batches import batch_of
from advisor_rules.gradients.exploding_gradients import ExplodingGradients
from advisor_rules.gradients.vanishing_gradients import VanishingGradients
from advisor_rules.learning_rate.diverged import Diverged
from advisor_rules.learning_rate.lr_too_high import LrTooHigh
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.program.never_learned import NeverLearned

_SHOW = (VanishingGradients, ExplodingGradients, NeverLearned, Diverged, LrTooHigh, LrTooLow)
"""What a deep net without normalization looks like from outside."""
_FROZEN = ("norm_eval", "freeze_bn", "frozen_bn", "sync_bn", "sync_batchnorm", "sync_batch_norm")


class BatchNorm(ConfiguredRule):
    """Batch norm sees too few samples, or a deep and unstable net has no normalization.

    ## What it checks
    Two things. Batch norm that is recorded as on, neither frozen nor synchronized, with a batch
    of at most ``tiny`` samples. And a network of at least ``deep`` layers whose normalization is
    recorded as off, while its loss or gradients are unstable, or hardly move. That a rate was
    not raised after batch norm came in, takes several runs to see.

    ## Why it matters
    Batch norm permits larger rates, reduces vanishing gradients and regularizes a little, because
    a sample sees the others of its batch. With very few of them it normalizes by noise.

    ## What to do
    With tiny batches use group or layer norm. In a deep net add normalization between the layers.

    ## When to ignore it
    The statistics are frozen, or shared between devices; the net is normalized in another way.
    """

    name = "batch-norm"
    stage = Stage.GRADIENTS
    uses = roles_of(*_SHOW)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.NORM_MISFIT,)
    separated_by = ("a run with group norm", "a run with normalization between the layers")
    do_separates = ("do",)
    basis = "0.6 for a tiny batch; 0.8 times that of the finding that shows the need otherwise."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(8, "A sample sees the others of its batch, which regularizes a little."),
        sources.wandb(4, "Batch norm permits larger rates and reduces vanishing gradients."),
        Citation(
            source="Wu & He (2018), Group normalization",
            supports="The error of batch norm grows fast below 8 samples; group norm's does not.",
            url="https://arxiv.org/abs/1803.08494",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Use group norm, or a larger batch",
        "title.none": "Add normalization between the layers",
        "observed": "Batch norm over {size:count sample|samples}",
        "observed.none": "A deep net without normalization",
        "evidence": "{path:name} is on with a batch of {size:step}, and {series:name} was trained "
        "so.",
        "evidence.none": "{path:name} is off in {layers:count layer|layers}, and {rule:name} fires "
        "from step {step:step} of {series:name} on.",
        "do": "Replace batch norm by group norm (`nn.GroupNorm`), or train with 16 samples or "
        "more for each device.",
        "do.none": "Add batch norm after each hidden layer, or layer norm where batches are small "
        "or sequences long, and change nothing else.",
        "why": "Batch norm takes mean and deviation from the batch; from a few samples both are "
        "noise, and differ from those used in evaluation.",
        "why.none": "Normalization keeps signals and gradients at one scale through many layers, "
        "and permits larger rates.",
        "check": "Validation is better and steadier.",
        "check.none": "The training loss falls further in as many steps.",
        "unless": "the statistics are frozen or shared between devices.",
        "unless.none": "the net is normalized in another way.",
    }

    tiny: int = option(
        4,
        "The largest batch that is tiny for batch norm.",
        source="Wu & He (2018): at 4 samples the error of batch norm is clearly higher",
        ge=1,
    )
    deep: int = option(
        5,
        "Layers from which a net is deep.",
        source="the Weights & Biases guide, section 1: most problems need 1 to 5",
        ge=2,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return batch norm with tiny batches, a deep net without, and others."""
        loss = {"train/loss": falling(60, seed=437)}
        flat = {"train/loss": 2.3026 + noise(200, 0.01, 438)}
        flat |= {"val/accuracy": 0.1 + noise(200, 0.003, 439)}
        plain = {"batch_norm": False, "num_layers": 12, "num_classes": 10}
        return (
            shown("two samples", loss, {"norm_layer": "BatchNorm2d", "bs": 2}, fires=True),
            shown("deep, and learns nothing", flat, plain, fires=True),
            shown("deep, and learns", loss, plain, fires=False),
            shown("32 samples", loss, {"norm_layer": "BatchNorm2d", "bs": 32}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the batch where batch norm is on, at the curves where nothing is."""
        normed, batch = _by_batch(run.settings), batch_of(run.settings)
        layers = run.settings.number("layers")
        if normed is None:
            raise NotApplicable("normalization is not recorded; add `norm_layer` to the config")
        seen = run.settings.number("batch_size")
        if normed and batch is not None and seen is not None and seen <= self.tiny:
            if not _is_kept(run.settings):
                moved = change(run.settings, "normalization", "group norm", "set")
                yield self.told(
                    run, 0.6, moved, path=_path(run.settings), size=int(seen), step=0, rule=""
                )
        elif not normed and layers is not None and layers >= self.deep and _is_off(run.settings):
            shows = first_finding(run, *_SHOW)
            if shows is not None:
                yield self._missing(run, shows, int(layers))

    def _missing(self, run: RunView, shows: Finding, layers: int) -> Finding:
        return self.told(
            run,
            0.8 * shows.confidence,
            change(run.settings, "normalization", "batch norm", "set"),
            because=shows,
            variant="none",
            path=_path(run.settings),
            layers=layers,
            rule=shows.rule,
            step=shows.evidence[0].first_step,
        )


def _by_batch(settings: Hyperparameters) -> bool | None:
    """Tell whether batch norm is on; ``None`` if the config does not say."""
    chosen = settings.choice("normalization")
    return chosen == "batch" if chosen is not None else settings.flag("batch_norm")


def _is_off(settings: Hyperparameters) -> bool:
    """Tell whether no normalization of any kind is recorded, where batch norm is off."""
    named = settings.get("normalization") is not None
    return settings.choice("normalization") == "none" if named else True


def _is_kept(settings: Hyperparameters) -> bool:
    """Tell whether the statistics are frozen, or shared between devices."""
    for path, value in settings.recorded.items():
        flat = path.lower().replace("-", "_")
        if any(flat.endswith(name) for name in _FROZEN) and str(value).lower() != "false":
            return True
        if "requires_grad" in flat and "norm" in flat and str(value).lower() == "false":
            return True
    return "sync" in str(getattr(settings.get("normalization"), "value", "")).lower()


def _path(settings: Hyperparameters) -> str:
    found = settings.path("normalization") or settings.path("batch_norm")
    return found or own_name(settings, "normalization")
