from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Axis, Floats, Steps
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import noise
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.signs.total_rate import (
    ShortWay,
    began_good,
    came_far,
    short_way,
    total_rate,
)

N, EPOCHS = 400, 20
STEPS = np.arange(N)
ENDS = np.arange(N // EPOCHS - 1, N, N // EPOCHS)
"""Twenty steps an epoch, each of which ends with a validation."""
ADAM: dict[str, Value] = {"optimizer": "AdamW", "epochs": EPOCHS}
RATE = np.full(N, 5e-4)
COSINE = 1e-3 * (1 + np.cos(np.pi * STEPS / N)) / 2
KEYS = (*LrTooLow.requires, *LrTooLow.uses)


def _view(
    config: Mapping[str, Value] | None = None,
    *,
    rate: Floats | None = RATE,
    loss: Floats | None = None,
    accuracy: Floats | None = None,
    steps: Steps = STEPS,
    ends: Steps = ENDS,
    axis: Axis = Axis.STEP,
) -> RunView:
    values = np.linspace(2.0, 1.0, len(steps)) if loss is None else loss
    val = np.interp(ends, steps, values) + 0.01
    logged = {"train/loss": values, "val/loss": val, "lr": rate, "val/accuracy": accuracy}
    at = {"train/loss": steps, "val/loss": ends, "val/accuracy": ends}
    at |= {"lr": steps if rate is None else steps[: len(rate)]}
    series = {tag: values for tag, values in logged.items() if values is not None}
    run = make_run(series=series, steps=at, config=dict(config or {}), axis=axis)
    return RunView(Judged(run, understand(run)), KEYS)


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(_view(ADAM), id="logged"),
        pytest.param(_view(), id="logged, and nothing recorded"),
        pytest.param(_view(ADAM, rate=COSINE), id="logged, a cosine"),
        pytest.param(_view({**ADAM, "lr": 5e-4}, rate=None), id="recorded"),
        pytest.param(
            _view({**ADAM, "lr": 1e-3, "lr_scheduler": "cosine"}, rate=None), id="with a cosine"
        ),
        pytest.param(
            _view(
                ADAM,
                rate=np.full(EPOCHS, 5e-4),
                loss=np.linspace(2.0, 1.0, EPOCHS),
                steps=ENDS,
            ),
            id="a row for each epoch, at its last step",
        ),
    ],
)
def test_the_rates_of_all_steps_are_added_up(view: RunView) -> None:
    assert total_rate(view) == pytest.approx(0.2, rel=0.01)


def test_without_validation_the_recorded_epochs_tell_steps_from_epochs() -> None:
    totals = []
    for config in (ADAM, {**ADAM, "epochs": N}, {}):
        run = make_run(series={"train/loss": BENT, "lr": RATE}, config=dict(config))
        totals.append(total_rate(RunView(Judged(run, understand(run)), KEYS)))
    assert totals == [pytest.approx(0.2, rel=0.01), None, None]


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(_view(ADAM, rate=None), id="no rate is known"),
        pytest.param(_view({**ADAM, "optimizer": "RMSprop"}), id="RMSprop begins with long steps"),
        pytest.param(_view({**ADAM, "optimizer": "Prodigy"}), id="an unknown optimizer"),
        pytest.param(_view({**ADAM, "epochs": N}), id="the steps are the recorded epochs"),
        pytest.param(_view(ADAM, axis=Axis.EPOCH), id="rows of epochs"),
        pytest.param(_view(ends=np.arange(4, N, 5)), id="maybe epochs, with every fifth validated"),
        pytest.param(_view(ends=ENDS[:1]), id="one validation"),
    ],
)
def test_where_steps_or_their_length_are_not_known_nothing_is_added_up(view: RunView) -> None:
    assert total_rate(view) is None


def test_only_what_moves_by_its_rate_is_known_to_come_far() -> None:
    assert came_far(_view(ADAM), 0.1)
    assert not came_far(_view(ADAM), 0.3)
    assert not came_far(_view({**ADAM, "optimizer": "SGD"}), 0.1)
    assert came_far(_view({**ADAM, "hidden_size": 1024}), 0.3)


AT = STEPS / N
BENT = 2.0 + np.exp(-AT / 0.4)
"""A loss of which the last third makes a tenth of the fall."""
LEVEL = 2.0 + np.exp(-AT / 0.1)
SHAKEN = 0.02 * np.cos(np.pi * (STEPS // (N // EPOCHS)))
"""Goes up and down from one validation to the next."""
TREMBLING = BENT + SHAKEN
LANGUAGE: dict[str, Value] = {**ADAM, "task": "causal_lm"}
POOR, FAIR, GOOD = (np.linspace(0.1, end, EPOCHS) for end in (0.3, 0.7, 0.9))


def _short(
    loss: Floats = BENT,
    *,
    total: float = 0.2,
    accuracy: Floats | None = None,
    config: Mapping[str, Value] = ADAM,
    row: int = 1,
) -> ShortWay | None:
    """Ask of a log with a row each so many steps."""
    rate, at, ends = np.full(N, total / N / row), row * STEPS, row * ENDS
    view = _view(config, rate=rate, loss=loss, accuracy=accuracy, steps=at, ends=ends)
    return short_way(view, (view["val/loss"], view["train/loss"]), 0.2, 0.6, 0.5)


@pytest.mark.parametrize(
    ("short", "most"),
    [
        pytest.param(partial(_short, TREMBLING), 0.55, id="a loss that still falls"),
        pytest.param(partial(_short, TREMBLING, total=0.4), 0.55, id="after twice the rate"),
        pytest.param(
            partial(_short, TREMBLING, total=0.05, config={**ADAM, "hidden_size": 768}),
            0.16,
            id="wide layers",
        ),
        pytest.param(
            partial(_short, TREMBLING, total=0.05, config=LANGUAGE), 0.19, id="a language model"
        ),
        pytest.param(partial(_short, total=0.9, accuracy=FAIR), 1.0, id="a fair accuracy"),
        pytest.param(partial(_short, total=3.0, accuracy=POOR), 3.5, id="a poor accuracy"),
        pytest.param(partial(_short, total=0.9), 1.0, id="calm, and no accuracy"),
        pytest.param(partial(_short, 2.0 - 0.01 * AT, total=0.02), 0.2, id="hardly a fall"),
        pytest.param(
            partial(_short, 3.0 - np.maximum(AT - 0.7, 0), total=0.1), 1.0, id="a late fall"
        ),
        pytest.param(
            partial(_short, 2.0 + noise(N, 1e-3, 1), total=0.02), 0.2, id="nothing was learned"
        ),
    ],
)
def test_a_loss_that_still_falls_after_so_little_has_a_short_way(
    short: Callable[[], ShortWay | None], most: float
) -> None:
    found = short()
    assert found is not None
    assert found.total <= found.most == pytest.approx(most, rel=0.2)


@pytest.mark.parametrize(
    "short",
    [
        pytest.param(partial(_short, TREMBLING, total=0.9), id="much has been spent, and shaken"),
        pytest.param(partial(_short, total=1.1), id="too much, however calm"),
        pytest.param(
            partial(_short, total=3.0, row=10, accuracy=POOR), id="a poor model after thousands"
        ),
        pytest.param(
            partial(_short, total=0.9, config=LANGUAGE), id="too much for a language model"
        ),
        pytest.param(partial(_short, total=0.9, accuracy=GOOD), id="much, and a good accuracy"),
        pytest.param(partial(_short, total=1.2, accuracy=FAIR), id="too much for a fair accuracy"),
        pytest.param(partial(_short, TREMBLING, total=0.9, accuracy=FAIR), id="fair, and shaken"),
        pytest.param(partial(_short, total=3.6, accuracy=POOR), id="too much to say, however poor"),
        pytest.param(
            partial(_short, TREMBLING, config={**ADAM, "hidden_size": 768}), id="wide layers"
        ),
        pytest.param(partial(_short, LEVEL), id="it levelled off"),
        pytest.param(partial(_short, BENT + 2 * np.maximum(AT - 0.8, 0)), id="it rises at the end"),
        pytest.param(
            partial(_short, 3.0 - np.maximum(AT - 0.7, 0), total=0.4),
            id="it fell in the last third alone",
        ),
        pytest.param(partial(_short, np.append(BENT[:-1], np.nan)), id="it became NaN"),
        pytest.param(partial(_short, np.full(N, 2.0), total=0.4), id="nothing after enough"),
    ],
)
def test_other_losses_had_way_enough(short: Callable[[], ShortWay | None]) -> None:
    assert short() is None


@pytest.mark.parametrize(
    ("loss", "total", "good"),
    [
        pytest.param(0.08 - 0.008 * AT, 0.2, True, id="low, and hardly moved"),
        pytest.param(0.08 - 0.008 * AT, 0.05, False, id="by little rate"),
        pytest.param(0.8 - 0.08 * AT, 0.2, False, id="as high as guessing"),
        pytest.param(0.08 - 0.05 * AT, 0.2, False, id="low, and moved far"),
    ],
)
def test_a_low_loss_that_rates_hardly_move_began_good(
    loss: Floats, total: float, *, good: bool
) -> None:
    view = _view(ADAM, rate=np.full(N, total / N), loss=loss)
    assert began_good(view, (view["train/loss"],)) is good


@pytest.mark.parametrize(("scale", "good"), [(1.0, True), (0.01, False)])
def test_a_regression_of_small_targets_did_not_begin_good(scale: float, *, good: bool) -> None:
    loss = scale * (0.08 - 0.008 * AT)
    view = _view({**ADAM, "task": "regression"}, loss=loss)
    assert began_good(view, (view["train/loss"],)) is good


def test_sgd_may_not_have_moved_a_low_loss() -> None:
    view = _view({**ADAM, "optimizer": "SGD"}, loss=0.08 - 0.008 * AT)
    assert not began_good(view, (view["train/loss"],))


def test_a_training_loss_that_single_batches_throw_about_learned_nothing() -> None:
    loss = 2.0 + noise(N, 0.2, 5)
    loss[:2], loss[ENDS] = 2.4, 2.0
    short = _short(loss, total=0.01)
    assert short is not None
    assert short.most == pytest.approx(0.2)
    assert _short(loss - 0.5 * AT, total=0.01) != short
