from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.gradients.vanishing_gradients import VanishingGradients
from tests.plugins.advisor_rules.conftest import Advise

FLAT = 2.3 + noise(200, 0.01, 1)
FALLS = falling(200, seed=2)
SHRINKING = (0.001, 0.01, 0.1, 1.0)


def net(*levels: float, loss: Floats = FLAT, name: str = "grad_norm/layers.{}.weight") -> Run:
    norms = {
        name.format(2 * i): level * np.exp(noise(len(loss), 0.2, 10 + i))
        for i, level in enumerate(levels)
    }
    return make_run(series={"train/loss": loss, **norms})


def test_the_first_layer_is_held_against_the_last(advise: Advise) -> None:
    finding = advise(VanishingGradients(), net(*SHRINKING)).findings[0]
    first, last = finding.evidence
    assert finding.severity is Severity.WARNING
    assert (first.series, last.series) == ("grad_norm/layers.0.weight", "grad_norm/layers.6.weight")
    assert first.value == pytest.approx(0.001, rel=0.2)
    assert finding.changes[0].parameter == "activation"


@pytest.mark.parametrize(
    "name",
    ["grad_2.0_norm/fc{}.weight", "grad_norm/blocks.{}.attn.qkv.weight", "gradients/h.{}.mlp.w"],
)
def test_the_names_of_several_loggers_tell_the_order(advise: Advise, name: str) -> None:
    assert advise(VanishingGradients(), net(*SHRINKING, name=name)).findings


def test_layers_are_ordered_by_number_not_by_letter(advise: Advise) -> None:
    levels = 0.5 ** np.arange(12)[::-1]
    finding = advise(VanishingGradients(), net(*levels)).findings[0]
    assert finding.evidence[1].series == "grad_norm/layers.22.weight"


def test_a_ratio_of_one_to_thirty_is_enough(advise: Advise) -> None:
    assert advise(VanishingGradients(), net(0.03, 0.1, 0.3, 1.0)).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(FALLS, id="the net learns all the same"),
        pytest.param(FLAT - 3, id="a loss that may be negative"),
    ],
)
def test_where_it_is_not_known_to_harm_it_is_a_note(advise: Advise, loss: Floats) -> None:
    (finding,) = advise(VanishingGradients(), net(*SHRINKING, loss=loss)).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].threshold == VanishingGradients().early


def test_layers_that_begin_still_and_wake_up_are_a_note(advise: Advise) -> None:
    run = net(*SHRINKING, loss=FALLS)
    waking = np.where(np.arange(len(FALLS)) < 40, 1.0, 300.0)
    series = {tag: one.values for tag, one in run.series.items()}
    series["grad_norm/layers.0.weight"] = series["grad_norm/layers.0.weight"] * waking
    (finding,) = advise(VanishingGradients(), make_run(series=series)).findings
    assert finding.severity is Severity.NOTE


def test_a_noisy_loss_that_stands_still_has_not_moved(advise: Advise) -> None:
    run = net(*SHRINKING, loss=2.3 + noise(200, 0.3, 3))
    assert advise(VanishingGradients(), run).findings[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(net(0.02, 0.1, 0.3, 1.0, loss=FALLS), id="a net that learns with uneven ones"),
        pytest.param(net(0.8, 0.9, 1.1, 1.0), id="even norms and a flat loss"),
        pytest.param(net(0.2, 0.4, 0.7, 1.0), id="norms within ten times"),
        pytest.param(net(1.0, 0.1, 0.01, 0.001), id="the last layers get less"),
        pytest.param(net(0.001, 2.0, 0.5, 0.3, 0.2), id="only the first layer differs"),
        pytest.param(net(0.0, 0.0, 0.1, 1.0), id="frozen first layers"),
    ],
)
def test_gradients_that_reach_the_first_layers_or_a_net_that_learns_pass(
    advise: Advise, run: Run
) -> None:
    assert advise(VanishingGradients(), run).findings == ()


def test_a_ratio_that_does_not_last_passes(advise: Advise) -> None:
    run = net(0.3, 0.5, 0.8, 1.0)
    first = run.series["grad_norm/layers.0.weight"].values.copy()
    first[100:160] *= 1e-3
    series = {tag: one.values for tag, one in run.series.items()}
    series["grad_norm/layers.0.weight"] = first
    assert advise(VanishingGradients(), make_run(series=series)).findings == ()


@pytest.mark.parametrize(
    "name", ["grad_norm/layer_{}_bias", "grad_norm/norm{}.weight", "grad_norm/{}_embed"]
)
def test_biases_norms_and_embeddings_are_not_compared(advise: Advise, name: str) -> None:
    outcome = advise(VanishingGradients(), net(*SHRINKING, name=name))
    assert outcome.result == "not-applicable"


def test_layers_whose_names_tell_no_order_are_not_judged(advise: Advise) -> None:
    norms = {f"grad_norm/{name}": FLAT * 0.1**i for i, name in enumerate(("stem", "body", "head"))}
    run = make_run(series={"train/loss": FLAT, **norms})
    assert advise(VanishingGradients(), run).result == "not-applicable"


def test_one_norm_for_the_whole_model_is_not_judged(advise: Advise) -> None:
    run = make_run(train_loss=FLAT, grad_norm=FLAT)
    assert advise(VanishingGradients(), run).result == "not-applicable"


@pytest.mark.parametrize("levels", [(0.0001, 0.001, 1.0), (0.01, 0.02, 0.03, 1.0)])
def test_a_gradient_that_one_layer_keeps_back_is_no_matter_of_depth(
    advise: Advise, levels: tuple[float, ...]
) -> None:
    assert advise(VanishingGradients(), net(*levels)).findings == ()
