"""The rule ``hidden-size``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from advisor.finding import Citation, Finding
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import ConfiguredRule, Direction, change, own_name, shown
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.fit.underfitting import Underfitting
from advisor_rules.signs.measure import END, ratio, relative
from advisor_rules.signs.one_pass import one_pass

_WIDTH = 100
_UNITS = 10
"""Fewer than this under a name that may mean layers are not taken for units."""


class _Size(NamedTuple):
    """What a config says of the hidden layers."""

    widths: tuple[float, ...]
    """One for each layer, or one for all; empty if not recorded."""
    depth: int | None


class _Move(NamedTuple):
    """A size to try, and why."""

    parameter: str
    before: float
    after: int
    direction: Direction
    variant: str


class HiddenSize(ConfiguredRule):
    """The hidden layers are tiny, or missing and the run underfits, or large and it overfits.

    ## What it checks
    Looks for recorded layers narrower than ``tiny`` wherever validation is not far worse than
    training, whatever else the curves do: so few units are a bottleneck for most tasks, and a run
    that has it may look slow, or level. Not if the run passed over its data once, where training is
    on unseen data too. Where ``underfitting`` fires, looks for a recorded depth of 0; where
    ``overfitting`` fires, for layers wider than ``wide``. Layers of 5 to 50 units are not reported
    where a run underfits: of 22 such trainings of this project's benchmark, the size was what was
    wrong in none. Sizes that are not recorded are not guessed.

    ## Why it matters
    Too small a network cannot hold the pattern; one far too large learns its data by heart.

    ## What to do
    Grow until the run overfits, then regularize. The guides disagree on the way: 1 to 2 hidden
    layers or 1 to 5; 50 to 200 units or 1 to 100 to start; deeper rather than wider, or depth and
    width together. Use one width throughout, or, for some data, a large first layer.

    ## When to ignore it
    The sizes were compared before.
    """

    name = "hidden-size"
    stage = Stage.FIT
    uses = roles_of(Overfitting, Underfitting)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.SIZE_UNUSUAL, symptoms.TOO_SLOW, symptoms.LEARNS_NOTHING)
    silences = ("batch-too-small-noise",)
    precedes = ("underfitting", "never-learned", "lr-too-low", "lr-range")
    separated_by = ("runs at half and at twice the width",)
    basis = "0.8 times that of the over- or underfitting; 0.55 where layers are only tiny."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.overview("1 or 2 hidden layers are usual; 50 to 200 neurons each."),
        sources.wandb(
            1, "1 to 5 layers and 1 to 100 neurons to start; grow until it overfits; layers help "
            "more than neurons; too few cannot learn the pattern."
        ),
        sources.wandb(8, "EfficientNets scale depth and width together."),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Widen the hidden layers to {after:step}",
        "title.deeper": "Try {after:count hidden layer|hidden layers}",
        "title.narrower": "Narrow the hidden layers to {after:step}",
        "observed": "Underfitting with {before:step} hidden units",
        "observed.deeper": "Underfitting without a hidden layer",
        "observed.tiny": "Layers of {before:count unit|units}, and no large gap",
        "observed.narrower": "Overfitting with {before:step} hidden units",
        "evidence": "Training and validation stay far from good, and {path:name} is {before:step}.",
        "evidence.tiny": "{path:name} is {before:step}, and at the end validation is not far "
        "worse than training: nothing speaks for so small a model.",
        "evidence.narrower": "{series:name} rose after {step:step}, and {path:name} is "
        "{before:step}.",
        "do": "Train once with {after:step}, everything else the same, and go on while validation "
        "gains. (Guides differ: 50 to 200 units, or 1 to 100 to start.)",
        "do.deeper": "Add a layer of the same width and go on while validation gains. (Guides "
        "differ: deeper rather than wider, or both together.)",
        "do.narrower": "Train once with {after:step}, or keep the size and regularize.",
        "why": "Too few units or layers cannot hold the patterns in the data.",
        "why.narrower": "A network far larger than its task needs can learn its data by heart.",
        "check": "The training loss ends lower, and validation follows.",
        "check.narrower": "{series:name} rises later or not at all, and its best is no worse.",
        "unless": "the sizes were compared before.",
    }

    tiny: int = option(
        5,
        "The width below which layers are a bottleneck.",
        source="chosen by eye: in this project's benchmark four units and fewer cost a tenth and "
        "more of what could be learned, on 10 of 18 tasks and widths",
        ge=1,
    )
    gap: float = option(
        0.4,
        "Largest distance of the validation loss above the training loss at the end, as a share "
        "of its level, or of all that the training loss had gained if that is more.",
        source="measured on small trainings of 73 data sets and models: of all with tiny layers "
        "none was large enough; four of them lie between 0.2 and 0.3, none from there to 5",
        gt=0,
    )
    wide: int = option(
        2000,
        "The width above which layers are wide.",
        source="ten times the 200 of the overview article",
        ge=100,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return layers that are too small or too large, and layers that may be right."""
        low = falling(60, seed=414, floor=1.7, rate=12)
        score = 0.4 - 0.3 * (1 - falling(60, seed=415, start=0, floor=1, rate=12))
        under = {"train/loss": low, "val/loss": low + noise(60, 0.01, 416), "val/accuracy": score}
        train, turned = falling(100, seed=417, floor=0.1), turning(100, seed=418)
        over = {"train/loss": train, "val/loss": turned}
        return (
            shown("underfits with 4 units", under, {"hidden_size": 4}, fires=True),
            shown("a loss that falls, with 2 units",
                  {"train/loss": low, "val/loss": low + noise(60, 0.01, 419)},
                  {"hidden_size": 2}, fires=True),
            shown("overfits with 4096 units", over, {"hidden_size": 4096}, fires=True),
            shown("underfits with 8 units", under, {"hidden_size": 8}, fires=False),
            shown("overfits with 128 units", over, {"hidden_size": 128}, fires=False),
        )  # fmt: skip

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the recorded sizes against the fit."""
        size = _size(run.settings)
        if not size.widths and size.depth is None:
            raise NotApplicable(
                "neither width nor depth is recorded; add `hidden_size` and `num_layers`"
            )
        wide, larger = max(size.widths, default=0.0), self._larger(size)
        under = first_finding(run, Underfitting) if larger else None
        over = first_finding(run, Overfitting) if larger or wide > self.wide else None
        if under is not None and larger is not None:
            yield self._found(run, larger, under)
        elif over is not None and wide > self.wide:
            half = _Move("hidden_size", wide, round(wide / 2), "down", "narrower")
            yield self._found(run, half, over)
        elif over is None and larger is not None and self._is_bottleneck(run, larger):
            yield self._found(run, larger._replace(variant="tiny"), None)

    def _larger(self, size: _Size) -> _Move | None:
        """Return what to grow: layers that are tiny, or their number if there are none."""
        narrowest = min(size.widths, default=float(self.tiny))
        if narrowest < self.tiny:
            return _Move("hidden_size", narrowest, _WIDTH, "up", "")
        return _Move("layers", 0, 1, "up", "deeper") if size.depth == 0 else None

    def _is_bottleneck(self, run: RunView, move: _Move) -> bool:
        """Tell whether it is the width that is too small, and validation not far worse."""
        train, val = run.get("train/loss"), run.get("val/loss")
        if train is None or val is None or min(len(train), len(val)) < Underfitting.points:
            return False
        if move.parameter != "hidden_size" or one_pass(run):
            return False
        low, end = train.trend.tail(END).value, val.trend.tail(END)
        by_gain = ratio(end.value - low, train.trend.start - low)
        return min(relative(val, end.value - low, end), by_gain) <= self.gap

    def _found(self, run: RunView, move: _Move, because: Finding | None) -> Finding:
        return self.told(
            run,
            0.8 * because.confidence if because else 0.55,
            change(run.settings, move.parameter, move.after, move.direction),
            because=because,
            variant=move.variant,
            path=own_name(run.settings, move.parameter),
            step=because.evidence[0].first_step if because else 0,
            before=int(move.before),
            after=move.after,
        )


def _size(settings: Hyperparameters) -> _Size:
    """Return the recorded widths and depth; a list under a name of depth is one of widths.

    A few ``hidden`` may be units or layers: units where the number of layers is recorded too.
    """
    listed = settings.numbers("layers")
    widths = settings.numbers("hidden_size") or (listed if len(listed) > 1 else ())
    path = (settings.path("hidden_size") or "").split(".")[-1]
    unclear = path == "hidden" and not listed and len(widths) == 1 and widths[0] < _UNITS
    usable = widths if all(width >= 1 for width in widths) and not unclear else ()
    if len(listed) == 1 and 0 <= listed[0] == int(listed[0]):
        return _Size(usable, int(listed[0]))
    return _Size(usable, len(usable) if len(usable) > 1 else None)
