from __future__ import annotations

import pytest

from advisor.formats.tables import names
from advisor.run import Axis


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("TotalEnvInteracts", "total_env_interacts"),
        ("trainer/global_step", "trainer_global_step"),
        ("Epoch #", "epoch"),
        ("  Train Loss (avg)", "train_loss_avg"),
        ("损失", ""),
    ],
)
def test_names_are_split_into_words(name: str, expected: str) -> None:
    assert names.words(name) == expected


@pytest.mark.parametrize(
    "name", ["max_iters", "eval_interval", "best_epoch", "loss_step", "num_epochs", "timestamp", ""]
)
def test_a_setting_or_a_metric_counts_nothing(name: str) -> None:
    assert names.counted(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [("ep", Axis.EPOCH), ("Ep.", Axis.EPOCH), ("epoch_num", Axis.EPOCH), ("it", Axis.STEP),
     ("iter", Axis.STEP), ("iteration", Axis.STEP), ("n_iter", Axis.STEP), ("batch", Axis.STEP),
     ("step_num", Axis.STEP), ("Step No.", Axis.STEP), ("updates", Axis.STEP), ("eps", None)],
)  # fmt: skip
def test_people_shorten_the_names_of_what_they_count(name: str, expected: Axis | None) -> None:
    assert names.counted(name) is expected


def test_what_a_column_counts_is_known_by_its_name() -> None:
    assert [names.counted(name) for name in ("Epoch", "train/step", "timesteps_total")] == [
        Axis.EPOCH,
        Axis.STEP,
        Axis.ENV_STEP,
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (("loss", "val_loss"), True),
        (("train_acc", "valid_acc"), True),
        (("loss", "accuracy"), False),
        (("age", "val_age"), False),
    ],
)
def test_a_training_log_has_a_quantity_twice(header: tuple[str, ...], expected: bool) -> None:
    assert names.pair(header) is expected
