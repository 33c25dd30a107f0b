from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, with_values
from advisor_rules.gradients.clip_by_norm import ClipByNorm
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(400, seed=1)
NORM = np.exp(noise(400, 0.3, 2))
BURSTS = with_values(NORM, 60.0, 120, 200, 290)


@pytest.mark.parametrize(
    "config",
    [
        {"optimizer.clipvalue": 0.5},
        {"clip_grad_value": "1.0"},
        {"gradient_clip_algorithm": "value", "gradient_clip_val": 1.0},
        {"clip-mode": "value", "clip-grad": 1.0},
    ],
)
def test_clipping_by_value_is_found_under_the_names_of_several_frameworks(
    advise: Advise, config: dict[str, Value]
) -> None:
    finding = advise(ClipByNorm(), make_run(train_loss=LOSS, config=config)).findings[0]
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].series == "train/loss"


@pytest.mark.parametrize("clip", [0.3, 0.6])
def test_a_threshold_below_nearly_all_norms_is_raised(advise: Advise, clip: float) -> None:
    run = make_run(train_loss=LOSS, grad_norm=NORM, config={"max_grad_norm": clip})
    finding = advise(ClipByNorm(), run).findings[0]
    change = finding.changes[0]
    assert finding.evidence[0].value > 0.9
    assert (change.path, change.before, change.direction) == ("max_grad_norm", clip, "up")
    assert change.after == pytest.approx(1.5, rel=0.1)


def test_under_adam_the_norms_must_be_far_above_the_threshold(advise: Advise) -> None:
    config: dict[str, Value] = {"optimizer": "adamw", "grad_clip": 0.05}
    run = make_run(train_loss=LOSS, grad_norm=NORM, config=config)
    assert advise(ClipByNorm(), run).findings


def test_norms_logged_after_clipping_are_pinned_at_the_threshold(advise: Advise) -> None:
    run = make_run(train_loss=LOSS, grad_norm=np.minimum(NORM, 0.5), config={"grad_clip": 0.5})
    finding = advise(ClipByNorm(), run).findings[0]
    assert finding.changes[0].after == 1.0


@pytest.mark.parametrize("clip", [0.0, 1000.0])
def test_bursts_that_no_threshold_reaches_are_found(advise: Advise, clip: float) -> None:
    run = make_run(train_loss=LOSS, grad_norm=BURSTS, config={"grad_clip": clip})
    finding = advise(ClipByNorm(), run).findings[0]
    assert (finding.first_step, finding.last_step) == (120, 290)
    assert finding.changes[0].after == pytest.approx(1.5, rel=0.1)


@pytest.mark.parametrize(
    ("norm", "config"),
    [
        pytest.param(NORM, {"grad_clip": 1.0}, id="half of the norms are clipped"),
        pytest.param(BURSTS, {"grad_clip": 2.0}, id="the bursts are clipped"),
        pytest.param(NORM, {"grad_clip": 100.0}, id="never clipped, and no need to"),
        pytest.param(NORM, {"grad_clip": 0.0}, id="off, and no need for it"),
        pytest.param(
            NORM, {"grad_clip": 0.3, "optim": "adamw_torch"}, id="an optimizer that does not mind"
        ),
        pytest.param(
            np.minimum(NORM, 0.3), {"grad_clip": 0.3, "optimizer": "Adam"}, id="Adam, all pinned"
        ),
        pytest.param(np.minimum(NORM, 1.0), {"grad_clip": 1.0}, id="some pinned"),
        pytest.param(
            NORM + 100 * np.exp(-np.arange(400) / 8), {"grad_clip": 10.0}, id="only the start"
        ),
        pytest.param(NORM, {"gradient_clip_algorithm": "norm", "grad_clip": 1.0}, id="by norm"),
        pytest.param(NORM, {"clipvalue": 0.0, "grad_clip": 1.0}, id="by value, switched off"),
        pytest.param(np.zeros(400), {"grad_clip": 1.0}, id="no gradient"),
    ],
)
def test_clipping_that_fits_passes(advise: Advise, norm: Floats, config: dict[str, Value]) -> None:
    run = make_run(train_loss=LOSS, grad_norm=norm, config=config)
    assert advise(ClipByNorm(), run).findings == ()


@pytest.mark.parametrize(
    ("norm", "config"),
    [
        pytest.param(BURSTS, {"lr": 0.1}, id="settings silent about clipping"),
        pytest.param(BURSTS, {"grad_clip": None}, id="a null"),
        pytest.param(BURSTS[:12], {"grad_clip": 0.1}, id="twelve norms"),
    ],
)
def test_without_threshold_or_norms_nothing_is_guessed(
    advise: Advise, norm: Floats, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=LOSS, grad_norm=norm, config=config)
    assert advise(ClipByNorm(), run).result == "not-applicable"
