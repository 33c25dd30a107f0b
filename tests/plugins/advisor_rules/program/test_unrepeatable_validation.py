from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise
from advisor_rules.program.unrepeatable_validation import UnrepeatableValidation
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 40)
COSINE = (1 + np.cos(np.pi * X)) / 2
FALLS = falling(40, seed=495, size=0.0)
SCATTER = noise(40, 0.08, 496)


def test_scatter_that_outlives_the_rate_is_a_note(advise: Advise) -> None:
    run = make_run(series={"val/loss": FALLS + SCATTER, "lr": 0.01 * COSINE})
    (finding,) = advise(UnrepeatableValidation(), run).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].first_step == pytest.approx(32, abs=2)


@pytest.mark.parametrize("name", ["cosine", "CosineAnnealingLR"])
def test_a_recorded_schedule_is_as_good_as_a_logged_one(advise: Advise, name: str) -> None:
    run = make_run(series={"val/loss": FALLS + SCATTER}, config={"scheduler": name, "epochs": 40})
    assert advise(UnrepeatableValidation(), run).findings


@pytest.mark.parametrize(
    ("loss", "rate"),
    [
        pytest.param(FALLS + SCATTER * COSINE, COSINE, id="scatter that dies with the rate"),
        pytest.param(FALLS + 0.05 * SCATTER, COSINE, id="scatter that nobody sees"),
        pytest.param(FALLS + SCATTER * (X < 0.94), COSINE, id="scatter that dies at the very end"),
        pytest.param(FALLS, COSINE, id="no scatter"),
        pytest.param(FALLS + SCATTER * (X < 0.8) + 0.1 * X * (X > 0.8), COSINE, id="a trend"),
    ],
)
def test_a_validation_that_comes_to_rest_passes(advise: Advise, loss: Floats, rate: Floats) -> None:
    run = make_run(series={"val/loss": loss, "lr": 0.01 * rate})
    assert advise(UnrepeatableValidation(), run).result == "passed"


@pytest.mark.parametrize(
    ("rate", "config"),
    [
        pytest.param(np.ones(40), {}, id="constant"),
        pytest.param(np.where(X < 0.95, 1.0, 0.01), {}, id="lowered for two validations"),
        pytest.param(np.where(X < 0.1, 1.0, 0.01), {}, id="lowered at once"),
        pytest.param(np.zeros(40), {}, id="zero"),
        pytest.param(None, {}, id="not known"),
        pytest.param(None, {"scheduler": "cosine", "epochs": 60}, id="stopped early"),
        pytest.param(None, {"scheduler": "cosine"}, id="perhaps stopped early"),
        pytest.param(None, {"scheduler": "cosine_with_restarts", "epochs": 40}, id="restarts"),
        pytest.param(None, {"scheduler": "step", "epochs": 40}, id="steps"),
    ],
)
def test_a_rate_that_does_not_vanish_or_is_not_known_is_not_judged(
    advise: Advise, rate: Floats | None, config: dict[str, Value]
) -> None:
    series = {"val/loss": FALLS + SCATTER} | ({} if rate is None else {"lr": 0.01 * rate})
    run = make_run(series=series, config=config)
    assert advise(UnrepeatableValidation(), run).result == "not-applicable"


CALMER = FALLS + SCATTER * np.where(X > 0.6, 0.4, 1.0)
TRAINED = FALLS + noise(40, 0.03, 497)


def _with_dropout(train: Floats, val: Floats, dropout: float) -> Run:
    series = {"train/loss": train, "val/loss": val, "lr": 0.01 * COSINE}
    return make_run(series=series, axis=Axis.EPOCH, config={"dropout": dropout})


@pytest.mark.parametrize("dropout", [0.1, 0.4, 0.6])
def test_where_validation_is_like_training_with_dropout_less_scatter_is_enough(
    advise: Advise, dropout: float
) -> None:
    (finding,) = advise(UnrepeatableValidation(), _with_dropout(TRAINED, CALMER, dropout)).findings
    assert finding.evidence[0].threshold == 1.5
    assert 1.5 < finding.evidence[0].value < 3.0


RATE = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.06, 0.04, 0.02])
LEVEL, HARDER = np.full(10, 1.5), np.where(np.arange(10) < 4, 2.5, 1.5)


@pytest.mark.parametrize(
    ("train", "late", "dropout", "result"),
    [
        pytest.param(HARDER, [0.15, -0.15], None, "failed", id="up and down"),
        pytest.param(HARDER, [0.15, 0.15], None, "passed", id="one way"),
        pytest.param(HARDER, [0.15, 0.15], 0.4, "failed", id="one way, with dropout"),
        pytest.param(HARDER, [0.04, -0.04], 0.4, "failed", id="less, with dropout"),
        pytest.param(HARDER, [0.04, -0.04], None, "passed", id="less"),
        pytest.param(HARDER, [0.06, -0.06], None, "failed", id="twice what the rate leaves"),
        pytest.param(0.6 * HARDER, [0.06, -0.06], None, "passed", id="as much, far from training"),
        pytest.param(HARDER, [0.03, -0.03], 0.4, "passed", id="what the rate leaves"),
        pytest.param(LEVEL, [0.03, -0.03], 0.4, "failed", id="never below training"),
        pytest.param(LEVEL, [-0.03, -0.03], 0.4, "passed", id="never below it, but falling"),
        pytest.param(LEVEL, [0.03, -0.03], None, "passed", id="never below it, without dropout"),
        pytest.param(LEVEL, [0.005, -0.005], 0.4, "passed", id="hardly any change"),
    ],
)
def test_two_late_changes_are_enough(
    advise: Advise, train: Floats, late: list[float], dropout: float | None, result: str
) -> None:
    val = np.cumsum([2.0, -0.5, 0.2, -0.2, 0.1, -0.1, 0.1, -0.1, *late])
    series = {"train/loss": train, "val/loss": val, "lr": RATE}
    config: dict[str, Value] = {} if dropout is None else {"dropout": dropout}
    run = make_run(series=series, axis=Axis.EPOCH, config=config)
    assert advise(UnrepeatableValidation(), run).result == result


def test_one_late_change_is_not(advise: Advise) -> None:
    series = {"val/loss": FALLS + SCATTER, "lr": np.append(np.ones(38), [0.05, 0.01])}
    assert advise(UnrepeatableValidation(), make_run(series=series)).result == "not-applicable"


@pytest.mark.parametrize(
    ("train", "dropout"),
    [
        pytest.param(1.5 * TRAINED, 0.4, id="validation is far better than training"),
        pytest.param(0.6 * TRAINED, 0.4, id="validation is far worse than training"),
        pytest.param(TRAINED, 0.05, id="hardly any dropout"),
        pytest.param(TRAINED, 0.8, id="so much dropout that it hampers the model"),
    ],
)
def test_else_so_much_is_left_of_any_scatter(advise: Advise, train: Floats, dropout: float) -> None:
    assert advise(UnrepeatableValidation(), _with_dropout(train, CALMER, dropout)).findings == ()


def test_with_dropout_no_scatter_counts_where_validation_is_far_from_training(
    advise: Advise,
) -> None:
    scattering = FALLS + SCATTER
    apart = _with_dropout(0.6 * TRAINED, scattering, 0.4)
    assert advise(UnrepeatableValidation(), apart).findings == ()
    assert advise(UnrepeatableValidation(), _with_dropout(TRAINED, scattering, 0.4)).findings


@pytest.mark.parametrize("config", [{"dropout": 0.0}, dict.fromkeys("abcdef", 1)])
def test_without_dropout_it_does_not_judge(advise: Advise, config: dict[str, Value]) -> None:
    series = {"val/loss": FALLS + SCATTER, "lr": 0.01 * COSINE}
    config = config | {"lr": 0.01, "epochs": 40}
    assert advise(UnrepeatableValidation(), make_run(series=series)).findings
    without = make_run(series=series, config=config)
    assert advise(UnrepeatableValidation(), without).result == "not-applicable"


def test_a_momentum_near_one_moves_weights_without_a_rate(advise: Advise) -> None:
    series = {"val/loss": FALLS + SCATTER, "lr": 0.01 * COSINE}
    rolling = make_run(series=series, config={"momentum": 0.995})
    assert advise(UnrepeatableValidation(), rolling).result == "not-applicable"
    assert advise(
        UnrepeatableValidation(), make_run(series=series, config={"momentum": 0.9})
    ).findings


def test_a_validation_that_ends_above_its_start_is_another_trouble(advise: Advise) -> None:
    run = make_run(series={"val/loss": 3.0 - FALLS + SCATTER, "lr": 0.01 * COSINE})
    assert advise(UnrepeatableValidation(), run).findings == ()


def test_a_loss_that_compares_samples_differs_with_the_batches(advise: Advise) -> None:
    series = {"val/loss": FALLS + SCATTER, "lr": 0.01 * COSINE}
    assert advise(
        UnrepeatableValidation(), make_run(series=series, config={"loss": "mse"})
    ).findings
    for config in ({"loss": "info_nce"}, {"model": "vae"}):
        run = make_run(series=series, config=config)
        assert advise(UnrepeatableValidation(), run).result == "not-applicable"
