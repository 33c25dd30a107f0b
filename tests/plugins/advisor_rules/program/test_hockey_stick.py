from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.program.hockey_stick import HockeyStick
from tests.plugins.advisor_rules.conftest import Advise

N = 2000
X = np.linspace(0, 1, N)
TEN: dict[str, Value] = {"num_classes": 10, "criterion": "CrossEntropyLoss()"}
BODY = falling(N, seed=340, rate=4)
SHORT = falling(200, seed=343)


def handle(height: float, length: float = 0.002) -> Floats:
    return np.asarray(BODY + height * np.exp(-X / length))


def test_the_share_of_the_fall_in_the_first_steps_is_measured(advise: Advise) -> None:
    (finding,) = advise(HockeyStick(), make_run(train_loss=handle(3.0), config=TEN)).findings
    share, high = finding.evidence
    assert share.value == pytest.approx(0.62, abs=0.03)
    assert (share.first_step, share.last_step) == (0, 19)
    assert high.value > 2
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(handle(10.0), id="a long handle"),
        pytest.param(handle(3.0, 0.0005), id="gone after five steps"),
        pytest.param(handle(3.0)[::4], id="500 points"),
        pytest.param(
            3 * np.exp(-X / 0.002) + 2.3 - 0.6 * X + noise(N, 0.02, 343), id="straight after"
        ),
    ],
)
def test_a_handle_above_guessing_is_found(advise: Advise, loss: Floats) -> None:
    assert advise(HockeyStick(), make_run(train_loss=loss, config=TEN)).findings


@pytest.mark.parametrize(
    "loss",
    [
        pytest.param(BODY, id="begins at guessing"),
        pytest.param(falling(N, seed=344, rate=400), id="steep, but from guessing"),
        pytest.param(falling(N, seed=345, start=5.0), id="high, but a slow fall"),
        pytest.param(handle(0.8), id="a small handle"),
        pytest.param(handle(3.0, 0.05), id="a twentieth of the run long"),
        pytest.param(2.2 - 0.3 * X + noise(N, 0.01, 346), id="a straight line"),
    ],
)
def test_other_curves_pass(advise: Advise, loss: Floats) -> None:
    assert advise(HockeyStick(), make_run(train_loss=loss, config=TEN)).result == "passed"


@pytest.mark.parametrize(
    ("loss", "config", "axis"),
    [
        pytest.param(handle(3.0), {}, Axis.STEP, id="classes not recorded"),
        pytest.param(handle(3.0), TEN, Axis.EPOCH, id="by epoch"),
        pytest.param(handle(3.0)[:400], TEN, Axis.STEP, id="too few points"),
    ],
)
def test_what_cannot_be_read_is_not_judged(
    advise: Advise, loss: Floats, config: dict[str, Value], axis: Axis
) -> None:
    run = make_run(train_loss=loss, config=config, axis=axis)
    assert advise(HockeyStick(), run).result == "not-applicable"


@pytest.mark.parametrize("slope", [0.05, 0.3, 0.6, 1.2, 3.0])
@pytest.mark.parametrize("height", [0.0, 0.3, 1.0, 2.0, 5.0])
def test_no_curve_is_called_straight_and_a_hockey_stick(
    advise: Advise, height: float, slope: float
) -> None:
    loss = height * np.exp(-X / 0.002) + 3.5 - slope * X + noise(N, 0.005, 347)
    run = make_run(train_loss=loss, config=TEN | {"lr": 1e-5, "num_classes": 5})
    fired = [rule for rule in (HockeyStick(), LrTooLow()) if advise(rule, run).findings]
    assert len(fired) < 2


def norms(*layers: tuple[str, float], loss: Floats = SHORT, axis: Axis = Axis.STEP) -> Run:
    body = np.exp(-np.linspace(0, 1, len(loss)))
    series = {f"grad_norm/{name}": height * body for name, height in layers}
    return make_run(series={"train/loss": loss, **series}, axis=axis)


@pytest.mark.parametrize(
    ("layers", "output"),
    [
        pytest.param([("embed.weight", 90.0), ("body.weight", 8.0), ("head.weight", 1.0)], "head",
                     id="a head"),
        pytest.param([("0.weight", 8.0), ("11.weight", 1.0), ("3.weight", 2.0)], "11",
                     id="the highest number"),
        pytest.param([("conv1.weight", 0.0), ("layer1.0.conv1.weight", 8.0), ("fc.weight", 1.0)],
                     "fc", id="one without a gradient"),
        pytest.param([("conv1.weight", 8.0), ("fc1.weight", 3.0), ("fc2.weight", 1.0)], "fc2",
                     id="the last of two of another kind"),
        pytest.param([("fc1.weight", 3.0), ("fc2.weight", 8.0), ("fc3.weight", 1.0)], "fc3",
                     id="the last of three"),
    ],
)  # fmt: skip
def test_a_gradient_far_above_that_of_the_last_layer_is_found(
    advise: Advise, layers: list[tuple[str, float]], output: str
) -> None:
    (finding,) = advise(HockeyStick(), norms(*layers)).findings
    assert [e.series.split("/")[1].split(".")[0] for e in finding.evidence][1] == output
    assert finding.evidence[0].value == pytest.approx(8.0)
    assert finding.advice.do.id.endswith("do.gradient")


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(norms(("body.weight", 4.0), ("head.weight", 1.0)), id="four times"),
        pytest.param(norms(("body.weight", 8.0), ("ear.weight", 1.0)), id="no name says the last"),
        pytest.param(norms(("1.a.weight", 8.0), ("3.b.weight", 1.0), ("3.a.weight", 1.0)),
                     id="two last ones"),
        pytest.param(norms(("body.weight", 8.0), ("head.weight", 0.0)), id="a last one of 0"),
        pytest.param(norms(("head.weight", 1.0)), id="no other layer"),
        pytest.param(norms(("body.weight", 8.0), ("head.weight", 1.0), axis=Axis.EPOCH),
                     id="averages"),
        pytest.param(norms(("body.weight", 8.0), ("head.weight", 1.0), loss=1.0 + 0.1 * SHORT),
                     id="began near its end"),
    ],
)  # fmt: skip
def test_other_first_gradients_say_nothing(advise: Advise, run: Run) -> None:
    assert advise(HockeyStick(), run).findings == ()
