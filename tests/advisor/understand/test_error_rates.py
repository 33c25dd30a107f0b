"""Telling the share of wrong answers from other errors."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.model import Value
from advisor.roles import Task
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand

X = np.linspace(0, 1, 40)
ERROR = 0.1 + 0.8 * np.exp(-4 * X)
"""Of a model that guesses among ten classes, and gets nine of ten right."""
LOSS = 0.35 + 1.95 * np.exp(-4 * X)
"""Its cross-entropy."""
TEN: dict[str, Value] = {"num_classes": 10}


def quantity(
    tag: str,
    values: Floats = ERROR,
    config: dict[str, Value] | None = None,
    **others: Floats,
) -> str:
    series = {"train/loss": LOSS, "val/loss": LOSS, tag: values} | others
    roles = understand(make_run(series=series, config=config)).roles
    return next(role.quantity for role in roles if role.series == tag)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("val/error_rate", "error_rate"),
        ("val_classification_error", "error_rate"),
        ("valid-merror", "error_rate"),
        ("val/1-acc", "error_rate"),
        ("val_1 - accuracy", "error_rate"),
        ("val/top1_err", "top1_error"),
        ("val_top1_error_rate", "top1_error"),
        ("val/top5_error", "top5_error"),
        ("val/wer", "wer"),
        ("val/word_error_rate", "wer"),
        ("val/character_error_rate", "cer"),
        ("val/bit_error_rate", "error_rate_bit"),
        ("val/mean_squared_error", "mse"),
        ("val/false_positive_rate", "false_rate"),
        ("val/top-1-acc", "top1_accuracy"),
        ("val/fold_1-acc", "accuracy_fold_1"),
    ],
)
def test_a_name_that_says_so_is_a_share_of_wrong_answers(tag: str, expected: str) -> None:
    assert quantity(tag) == expected


@pytest.mark.parametrize("tag", ["val/error", "val_err", "valid/errors"])
def test_an_error_and_no_more_is_one_where_classes_are_told_apart(tag: str) -> None:
    assert quantity(tag, config=TEN) == "error_rate"
    assert quantity(tag) == "error"
    assert quantity(tag, config={"loss": "mse"}) == "error"
    assert quantity(tag, config={"task": "regression"}) == "error"


def test_one_output_tells_no_classifier() -> None:
    assert quantity("val/error", config={"num_classes": 1}) == "error"
    assert quantity("val/error", config={"num_classes": 1, "loss": "bce"}) == "error_rate"
    assert quantity("val/error", config={"num_classes": 2}) == "error_rate"


def test_an_error_without_a_loss_beside_it_may_be_the_loss() -> None:
    series = {"train/loss": LOSS, "val/error": ERROR}
    roles = understand(make_run(series=series, config=TEN)).roles
    assert [role.quantity for role in roles] == ["loss", "error"]


def roles_of(config: dict[str, Value] | None = None, **series: Floats) -> dict[str, str]:
    run = make_run(series={"train_loss": LOSS} | series, config=config)
    return {role.series: role.quantity for role in understand(run).roles}


def test_a_loss_beside_one_error_of_a_name_tells_them_all() -> None:
    roles = roles_of(TEN, train_err=ERROR, val_err=ERROR, test_err=ERROR[-1:])
    assert {roles[tag] for tag in ("train_err", "val_err", "test_err")} == {"error_rate"}
    assert roles_of(TEN, val_cross_entropy=LOSS, val_err=ERROR)["val_err"] == "error_rate"


@pytest.mark.parametrize("loss", ["train_kl", "train_reconstruction_loss", "val_elbo_loss"])
def test_an_error_beside_a_loss_of_what_is_rebuilt_is_none(loss: str) -> None:
    beside: dict[str, Floats] = {loss: LOSS}
    roles = roles_of(TEN, val_loss=LOSS, val_error=ERROR, **beside)
    assert roles["val_error"] == "error"


@pytest.mark.parametrize("tag", ["val/mean_error", "val_avg_err", "val/error_mean", "total_error"])
def test_what_is_averaged_is_measured_not_counted(tag: str) -> None:
    assert quantity(tag, config=TEN) == "error"
    assert quantity(f"{tag}_rate", config=TEN) == "error_rate"


def test_numbers_of_mistakes_are_no_per_cent() -> None:
    mistakes = np.round(54 * ERROR)
    assert quantity("val/errors", mistakes, TEN) == "error"
    assert quantity("val/error_rate", mistakes, TEN) == "error_rate"
    assert quantity("val/errors", np.full(40, 90.0), TEN) == "error_rate"
    assert quantity("val/errors", 54.5 * ERROR, TEN) == "error_rate"


@pytest.mark.parametrize("whole", [1.0, 100.0])
@pytest.mark.parametrize("tag", ["val/error", "val/error_rate", "val/top1_err"])
def test_an_accuracy_on_the_same_data_leaves_the_rest_of_all(tag: str, whole: float) -> None:
    expected = "top1_error" if "top1" in tag else "error_rate"
    for right in (1 - ERROR, 100 * (1 - ERROR), np.round(1 - ERROR, 2)):
        assert quantity(tag, whole * ERROR, None, **{"val/accuracy": right}) == expected
        assert quantity(tag, whole * ERROR / 2, None, **{"val/accuracy": right}) == "error"
        assert quantity(tag, whole * ERROR, None, **{"train/accuracy": right / 2}) == expected


def test_rounding_beyond_all_and_none_is_no_denial() -> None:
    values = np.clip(2 * ERROR - 0.4, 0, 1)
    edges = np.where(values == 0, -1e-7, np.where(values == 1, 1 + 1e-7, values))
    assert edges.min() < 0 < 1 < edges.max()
    assert quantity("val/error", edges, TEN) == "error_rate"


def test_the_error_of_one_head_stays_apart() -> None:
    assert quantity("val/reconstruction_error", config=TEN) == "error_reconstruction"
    assert quantity("val/head_2_error", config=TEN) == "error_head_2"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (100 * ERROR, "error_rate"),
        (0 * ERROR, "error_rate"),
        (np.append(ERROR, np.nan), "error_rate"),
        (1.5 * ERROR, "error"),
        (200 * ERROR, "error"),
        (ERROR - 0.5, "error"),
        (np.full(40, np.nan), "error"),
    ],
)
def test_values_that_are_no_share_deny_it(values: Floats, expected: str) -> None:
    assert quantity("val/error_rate", values, TEN) == expected


def test_per_cent_below_one_is_no_share_of_one() -> None:
    """Who errs in 0.6 of 100 answers pays far less than one who errs in 60 of 100."""
    low: dict[str, Floats] = {"val/loss": 0.05 * LOSS}
    assert quantity("val/error_rate", 0.6 + 0.3 * ERROR, TEN, **low) == "error"
    assert quantity("val/error_rate", ERROR / 50, TEN, **low) == "error_rate"


def test_all_of_one_name_are_in_one_unit() -> None:
    assert quantity("val/error_rate", ERROR, TEN, **{"train/error_rate": 100 * ERROR}) == "error"
    assert quantity("val/error_rate", ERROR, TEN, **{"train/error_rate": ERROR}) == "error_rate"


@pytest.mark.parametrize(
    ("others", "config", "task"),
    [
        ([], {}, Task.CLASSIFICATION),
        ([], {"loss": "mse"}, Task.REGRESSION),
        ([], {"loss": "mse", "num_classes": 10}, Task.CLASSIFICATION),
        ([], {"loss": "CTCLoss"}, Task.UNKNOWN),
        (["val/wer"], {}, Task.UNKNOWN),
        (["train/ctc_loss"], {}, Task.UNKNOWN),
        (["val/mae"], {}, Task.REGRESSION),
        (["val/miou"], {}, Task.UNKNOWN),
        (["val/ndcg"], {}, Task.UNKNOWN),
        (["val/exact_match"], {}, Task.UNKNOWN),
        ([], {"dataset": "ocr-lines"}, Task.UNKNOWN),
        (["val/ece"], {}, Task.CLASSIFICATION),
        (["val/temperature"], {}, Task.CLASSIFICATION),
    ],
)
def test_a_rate_of_errors_alone_tells_a_classifier(
    others: list[str], config: dict[str, Value], task: Task
) -> None:
    tags = ["train/loss", "val/loss", "val/error_rate", *others]
    found = understand(make_run(series=dict.fromkeys(tags, ERROR), config=config))
    assert found.task is task
    rate = next(role.quantity for role in found.roles if role.series == "val/error_rate")
    assert (rate == "error_rate") == (task is Task.CLASSIFICATION)


@pytest.mark.parametrize(
    ("other", "config"),
    [
        ("val/wer", {}),
        ("val/cer", {}),
        ("val/mse", {"loss": "mse"}),
        ("val/perplexity", {}),
        ("val/ndcg", {}),
    ],
)
def test_no_error_that_is_none_of_answers_is_what_a_run_is_judged_by(
    other: str, config: dict[str, Value]
) -> None:
    series = {"train/loss": LOSS, "val/loss": LOSS, "val/error_rate": ERROR, other: ERROR}
    found = understand(make_run(series=series, config=config)).objective
    assert found is not None
    assert found.series == other


def test_an_error_rate_comes_before_that_of_five_choices() -> None:
    series = {"train/loss": LOSS, "val/loss": LOSS, "val/err": ERROR, "val/aa_top5_err": ERROR}
    found = understand(make_run(series=series, config=TEN)).objective
    assert found is not None
    assert found.series == "val/err"


def test_an_objective_is_found_by_the_name_it_is_given() -> None:
    series = {"train/loss": LOSS, "val/loss": LOSS, "valid/err": ERROR}
    found = understand(make_run(series=series, config=TEN), objective="val/error").objective
    assert found is not None
    assert (found.series, found.direction) == ("valid/err", "min")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("val/err_pct", "error_rate"),
        ("val_error_pct", "error_rate"),
        ("valErrorPercent", "error_rate"),
        ("err_percentage/val", "error_rate"),
        ("val_err_perc_epoch", "error_rate"),
        ("val/error_rate_pct", "error_rate"),
        ("val/top1_err_pct", "top1_error"),
        ("val/top5_err_pct", "top5_error_pct"),
        ("val/percentage_error", "error_percentage"),
        ("val/pct_err", "error_pct"),
        ("val/mean_absolute_percentage_error", "mape"),
        ("val/mean_err_pct", "error_pct"),
        ("val/head_2_err_pct", "error_head_2_pct"),
    ],
)
def test_an_error_in_per_cent_shows_a_classifier_beside_its_loss(tag: str, expected: str) -> None:
    assert quantity(tag, 100 * ERROR) == expected


@pytest.mark.parametrize(
    ("values", "others", "config"),
    [
        pytest.param(ERROR, {}, {}, id="shares of 1, or below 1 %"),
        pytest.param(200 * ERROR, {}, {}, id="above 100"),
        pytest.param(100 * ERROR - 20, {}, {}, id="below 0"),
        pytest.param(100 * ERROR, {"val/loss": ERROR**2}, {}, id="squares of relative errors"),
        pytest.param(100 * ERROR, {"val/loss": 0 * X - 1}, {"task": "regression"}, id="told"),
        pytest.param(100 * ERROR, {"val/mae": ERROR}, {}, id="a distance beside it"),
        pytest.param(100 * ERROR, {}, {"loss": "l1loss"}, id="a distance recorded"),
        pytest.param(100 * ERROR, {"val/accuracy": ERROR}, {}, id="other answers are right"),
        pytest.param(100 * ERROR, {"val/reconstruction_loss": LOSS}, {}, id="of what is rebuilt"),
    ],
)
def test_what_is_in_per_cent_and_no_share_of_answers_stays_as_it_is_called(
    values: Floats, others: dict[str, Floats], config: dict[str, Value]
) -> None:
    assert quantity("val/err_pct", values, config, **others) == "error_pct"


def test_an_error_in_per_cent_alone_may_be_any() -> None:
    series = {"train/loss": LOSS, "val/err_pct": 100 * ERROR}
    found = understand(make_run(series=series))
    assert found.task is Task.UNKNOWN
    assert [role.quantity for role in found.roles] == ["loss", "error_pct"]


def test_each_error_is_in_the_unit_of_its_name() -> None:
    both: dict[str, Floats] = {"val/err": ERROR}
    assert quantity("val/err_pct", 100 * ERROR, TEN, **both) == "error_rate"
    assert quantity("val/err", ERROR, TEN, **{"val/err_pct": 100 * ERROR}) == "error_rate"
