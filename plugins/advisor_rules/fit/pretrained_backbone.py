"""The rule ``pretrained-backbone``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import LOSS, Config, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.fit.underfitting import Underfitting
from advisor_rules.given.batches import samples_of
from advisor_rules.signs.good_start import began_trained

_IMAGES = re.compile(
    r"resnet|resnext|vgg|efficientnet|densenet|mobilenet|inception|convnext|alexnet|yolo|swin"
    r"|(^|[^a-z])(vit|deit)([^a-z]|$)",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"wav2vec|hubert|whisper|conformer|speech|audio", re.IGNORECASE)


class PretrainedBackbone(ConfiguredRule):
    """A network for images or speech is trained from scratch, or wholly on little data.

    ## What it checks
    Looks at runs whose config says that they are on images or speech: by the name of the
    architecture or the size of an image. The rule fires if the config says that the backbone is
    not pre-trained and the run over- or underfits; and if the backbone is pre-trained, recorded
    as not frozen, there are at most ``samples`` training samples, and the run overfits.

    ## Why it matters
    Images and speech want dozens of layers, more than a small data set can train. What the first
    of them learn is much the same for all images.

    ## What to do
    Take a network that was trained on a large data set (YOLO, VGG, ResNet, EfficientNet), keep
    most of it as it is, and train the last few layers.

    ## When to ignore it
    The data look like nothing such networks have seen, or training from scratch is the aim.
    """

    name = "pretrained-backbone"
    stage = Stage.FIT
    uses = roles_of(Overfitting, Underfitting)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.BACKBONE_UNUSED,)
    separated_by = ("a run from pre-trained weights, the last layers trained",)
    basis = "0.8 times that of the over- or underfitting."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            1, "Images and speech want dozens to hundreds of layers: reuse most of a pre-trained "
            "network (YOLO, ResNet, VGG) and train the few layers on top."
        ),
        sources.wandb(8, "EfficientNets scale a network well."),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Start from a pre-trained backbone",
        "title.frozen": "Freeze most of the pre-trained backbone",
        "observed": "Trained from scratch, and it does not fit well",
        "observed.frozen": "{samples:step} samples train the whole backbone",
        "evidence": "{path:name} is off for a network of {shown:name}, and {series:name} shows a "
        "poor fit from {axis:text} {step:step}.",
        "evidence.frozen": "{path:name} is off with {samples:step} samples, and {series:name} "
        "rose after {axis:text} {step:step}.",
        "do": "Load weights that were trained on a large data set, freeze all but the last few "
        "layers, and train with a tenth of the learning rate.",
        "do.frozen": "Freeze all but the last few layers; unfreeze more while validation gains.",
        "why": "The first layers learn much the same from all images; a small data set cannot "
        "teach it again.",
        "why.frozen": "A whole backbone has far more weights than a small data set can fix.",
        "check": "The best validation is better, and reached sooner.",
        "unless": "such networks have seen nothing like these data, or scratch is the aim.",
    }

    samples: int = option(
        5000,
        "The largest data set that is little for a whole backbone.",
        source="chosen by eye: fine-tuning sets of a few thousand images are usually called small",
        ge=100,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a network from scratch that overfits, and runs that do not, or reuse one."""
        train, turned = falling(100, seed=419, floor=0.1), turning(100, seed=420)
        over, good = {"val/loss": turned}, {"val/loss": train}
        scratch: Config = {"arch": "resnet50", "pretrained": False}
        return (
            shown("overfits from scratch", {"train/loss": train} | over, scratch, fires=True),
            shown(
                "overfits from pre-trained weights",
                {"train/loss": train} | over,
                {**scratch, "pretrained": True},
                fires=False,
            ),
            shown("from scratch, and good", {"train/loss": train} | good, scratch, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for a backbone that is not used, or not frozen, where the fit is poor."""
        settings = run.settings
        seen, trained = _modality(settings), settings.flag("pretrained")
        if seen is None or trained is None:
            raise NotApplicable(
                "the config does not say both that this is about images or speech and whether the "
                "weights are pre-trained; add `arch` and `pretrained`"
            )
        samples = samples_of(settings) or 0
        little = 0 < samples <= self.samples
        if not trained and not began_trained(run):
            poor = first_finding(run, Overfitting, Underfitting)
            if poor is not None:
                yield self._found(run, poor, "pretrained", seen, samples)
        elif trained and little and settings.flag("frozen") is False:
            over = first_finding(run, Overfitting)
            if over is not None:
                yield self._found(run, over, "frozen", seen, samples)

    def _found(
        self, run: RunView, because: Finding, parameter: str, seen: str, samples: int
    ) -> Finding:
        after = True if parameter == "pretrained" else "all but the last layers"
        return self.told(
            run,
            0.8 * because.confidence,
            change(run.settings, parameter, after, "set"),
            because=because,
            variant="frozen" if parameter == "frozen" else "",
            path=own_name(run.settings, parameter),
            shown=seen,
            axis=run[LOSS].axis.value,
            step=because.evidence[0].first_step,
            samples=samples,
        )


def _modality(settings: Hyperparameters) -> str | None:
    """Return what shows that a run is about images or speech; ``None`` if nothing does."""
    model, size = settings.get("architecture"), settings.get("image_size")
    name = str(model.value) if model else ""
    if _IMAGES.search(name) or _SPEECH.search(name):
        return name
    return size.path if size else None
