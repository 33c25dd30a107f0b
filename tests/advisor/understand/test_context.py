"""What the series of a run are taken for: one table of how loggers name things, and promises."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.roles import Kind, Role, Split, Understanding
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.vocabulary.role_names import RoleName


def logged(tags: str | Mapping[str, int], **points: int) -> Run:
    """Make a run with 20 points a tag, or as many as given."""
    counts = tags if isinstance(tags, Mapping) else dict.fromkeys(tags.split(), 20)
    return make_run(series={t: np.linspace(1, 0.5, n) for t, n in {**counts, **points}.items()})


def role(understanding: Understanding, tag: str) -> Role:
    return next(r for r in understanding.roles if r.series == tag)


def primaries(understanding: Understanding) -> dict[str, str]:
    return {r.key: r.series for r in understanding.roles if r.primary}


LOGGERS = {
    "Lightning": (
        "epoch train_loss valid_loss valid_acc lr-Adam",
        {"train/loss": "train_loss", "val/loss": "valid_loss", "val/metric": "valid_acc",
         "lr": "lr-Adam", "epoch": "epoch"},
    ),
    "Keras": (
        "loss accuracy val_loss val_accuracy",
        {"train/loss": "loss", "train/metric": "accuracy", "val/loss": "val_loss",
         "val/metric": "val_accuracy"},
    ),
    "Keras, with the error as the loss": (
        "mse mae val_mse val_mae",
        {"train/loss": "mse", "val/loss": "val_mse", "train/metric": "mae",
         "val/metric": "val_mae"},
    ),
    "fastai": (
        "epoch train_loss valid_loss accuracy time",
        {"train/loss": "train_loss", "val/loss": "valid_loss", "val/metric": "accuracy",
         "epoch": "epoch"},
    ),
    "Ultralytics": (
        "train/box_loss train/cls_loss val/box_loss val/cls_loss metrics/precision(B) "
        "metrics/mAP50(B) metrics/mAP50-95(B)",
        {"train/loss": "train/box_loss", "val/loss": "val/box_loss",
         "val/metric": "metrics/mAP50-95(B)"},
    ),
    "YOLOv5": (
        "train/box_loss train/obj_loss val/box_loss val/obj_loss metrics/recall "
        "metrics/mAP_0.5 metrics/mAP_0.5:0.95 x/lr0",
        {"train/loss": "train/box_loss", "val/loss": "val/box_loss",
         "val/metric": "metrics/mAP_0.5:0.95", "lr": "x/lr0"},
    ),
    "MAE": (
        "train_lr train_loss test_loss test_acc1 test_acc5 n_parameters",
        {"lr": "train_lr", "train/loss": "train_loss", "val/loss": "test_loss",
         "val/metric": "test_acc1"},
    ),
    "Detectron2": (
        "total_loss loss_cls loss_rpn_loc fast_rcnn/cls_accuracy bbox/AP bbox/AP50 bbox/APs lr "
        "validation_loss data_time",
        {"train/loss": "total_loss", "val/loss": "validation_loss", "val/metric": "bbox/AP",
         "train/metric": "fast_rcnn/cls_accuracy", "lr": "lr"},
    ),
    "OpenMMLab": (
        "loss loss_bbox acc lr grad_norm memory coco/bbox_mAP coco/bbox_mAP_50",
        {"train/loss": "loss", "train/metric": "acc", "lr": "lr", "grad_norm": "grad_norm",
         "val/metric": "coco/bbox_mAP"},
    ),
    "nanoGPT": (
        "iter train/loss val/loss lr mfu",
        {"train/loss": "train/loss", "val/loss": "val/loss", "lr": "lr"},
    ),
    "llm.c": (
        "trl tel lr norm",
        {"train/loss": "trl", "val/loss": "tel", "lr": "lr", "grad_norm": "norm"},
    ),
    "Stable-Baselines3": (
        "rollout/ep_rew_mean rollout/ep_len_mean time/fps train/loss train/value_loss "
        "train/learning_rate",
        {"return": "rollout/ep_rew_mean", "train/loss": "train/loss", "lr": "train/learning_rate"},
    ),
    "Spinning Up": (
        "AverageEpRet StdEpRet MaxEpRet EpLen LossPi LossV DeltaLossV",
        {"return": "AverageEpRet", "train/loss": "LossV"},
    ),
    "add_scalars": (
        "Loss/train Loss/val Accuracy/train Accuracy/val",
        {"train/loss": "Loss/train", "val/loss": "Loss/val", "train/metric": "Accuracy/train",
         "val/metric": "Accuracy/val"},
    ),
    "Keras in TensorBoard": (
        "train/epoch_loss validation/epoch_loss validation/evaluation_loss_vs_iterations",
        {"train/loss": "train/epoch_loss", "val/loss": "validation/epoch_loss"},
    ),
    "fairseq": (
        "train/loss train/nll_loss train/gnorm train/wps valid/loss valid/nll_loss valid/ppl",
        {"train/loss": "train/loss", "grad_norm": "train/gnorm", "val/loss": "valid/loss",
         "val/metric": "valid/ppl"},
    ),
    "a variational autoencoder": (
        "train/loss train/recon_loss train/kl val/loss val/recon_loss val/kl",
        {"train/loss": "train/loss", "val/loss": "val/loss"},
    ),
    "segmentation in Keras": (
        "loss val_loss val_accuracy val_mean_io_u_5 val_dice_coef",
        {"train/loss": "loss", "val/loss": "val_loss", "val/metric": "val_dice_coef"},
    ),
    "glued words": (
        "trainloss valloss trainAcc ValAcc",
        {"train/loss": "trainloss", "val/loss": "valloss", "train/metric": "trainAcc",
         "val/metric": "ValAcc"},
    ),
    "a recommender": (
        "hinge_train hinge_heldout pair_acc_heldout recall_at_20",
        {"train/loss": "hinge_train", "val/loss": "hinge_heldout",
         "val/metric": "pair_acc_heldout"},
    ),
    "pairs in Lightning": (
        "train_triplet_step train_triplet_epoch val_triplet",
        {"train/loss": "train_triplet_epoch", "val/loss": "val_triplet"},
    ),
    "ranks alone": ("loss ndcg@10", {"train/loss": "loss", "val/metric": "ndcg@10"}),
    "only metrics that name training data": (
        "acc_train acc_val f1",
        {"train/metric": "acc_train", "val/metric": "f1"},
    ),
    "Chinese": ("训练损失 验证损失", {"train/loss": "训练损失", "val/loss": "验证损失"}),
    "validation only": ("val_loss", {"val/loss": "val_loss"}),
    "the only loss": ("loss", {"train/loss": "loss"}),
    "nothing known": ("foo bar/baz step", {}),
}  # fmt: skip


@pytest.mark.parametrize(("tags", "expected"), LOGGERS.values(), ids=LOGGERS.keys())
def test_the_series_of_a_logger_stand_for_their_roles(tags: str, expected: dict[str, str]) -> None:
    assert primaries(understand(logged(tags))) == expected


@pytest.mark.parametrize(
    "tag",
    [
        "hp_metric", "best_val_acc", "val_loss_std", "eval_runtime", "eval_samples_per_second",
        "train_steps_per_second", "loss_scale", "loss_weight", "feature_map_size", "batch_norm",
        "system/gpu.0.memory", "total_flos", "train/n_updates", "time/fps", "rewards/chosen",
        "val/epoch_time", "val_step", "DeltaLossV", "MinEpRet", "approx_kl", "", "///", "0",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_loss_or_a_metric_has_no_role(tag: str) -> None:
    assert role(understand(logged({tag: 20})), tag).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("val/f1_macro", "max"), ("val_auc", "max"), ("val/mIoU", "max"), ("val_R2Score", "max"),
        ("eval_rougeL", "max"), ("val/top5_error", "min"), ("val_RMSE", "min"), ("val/wer", "min"),
        ("val/LPIPS", "min"), ("val/perplexity", "min"), ("val/PSNR", "max"), ("val_ece", "min"),
        ("val/mean_absolute_error", "min"), ("val_true_positive_rate", "max"), ("val/foo", None),
        ("val_cindex", "max"), ("val_SI-SDR", "max"), ("valid_PER", "min"), ("val/CRPS", "min"),
        ("val/UAS", "max"), ("val_MPJPE", "min"), ("val/minADE", "min"), ("val/der", "min"),
        ("val/score", None), ("eval/rel_l2", "min"), ("val/relative_L2_error", "min"),
    ],
)  # fmt: skip
def test_the_better_direction_of_a_metric_is_known_or_left_open(
    tag: str, direction: str | None
) -> None:
    found = role(understand(logged(f"train_loss val_loss {tag}")), tag)
    assert (found.kind, found.split, found.direction) == (Kind.METRIC, Split.VALIDATION, direction)


@pytest.mark.parametrize("tag", ["val_triplet_acc", "val_contrastive_accuracy", "val_hinge_acc"])
def test_an_accuracy_of_a_kind_of_loss_is_no_loss(tag: str) -> None:
    assert role(understand(logged({tag: 20})), tag).direction == "max"


def test_preference_training_is_judged_by_how_often_the_chosen_answer_wins() -> None:
    tags = "loss eval_loss rewards/accuracies rewards/margins eval_rewards/accuracies"
    understanding = understand(logged(tags))
    seen = role(understanding, "eval_rewards/accuracies")
    assert (seen.kind, seen.split, seen.direction) == (Kind.METRIC, Split.VALIDATION, "max")
    assert role(understanding, "rewards/accuracies").split is Split.TRAIN
    assert role(understanding, "rewards/margins").kind is Kind.OTHER


def test_the_margin_between_rewards_is_no_loss() -> None:
    assert role(understand(logged({"rewards/margin": 20})), "rewards/margin").kind is Kind.OTHER


def test_a_loss_named_after_a_metric_is_a_loss() -> None:
    understanding = understand(logged("train/loss train/loss_iou train/dice_loss"))
    assert {r.kind for r in understanding.roles} == {Kind.LOSS}
    assert [r.part for r in understanding.roles] == [False, True, True]


@pytest.mark.parametrize(("epochs", "chosen"), [(9, "train_loss_step"), (10, "train_loss_epoch")])
def test_the_epoch_form_of_a_training_loss_leads_from_ten_points_on(
    epochs: int, chosen: str
) -> None:
    run = logged({"train_loss_step": 500, "train_loss_epoch": epochs, "val_loss": epochs})
    understanding = understand(run)
    assert primaries(understanding)["train/loss"] == chosen
    assert role(understanding, "train_loss_step").twin == "step"
    assert role(understanding, "train_loss_epoch").twin == "epoch"
    assert role(understanding, "val_loss").twin == ""


def test_the_epoch_form_of_a_validation_loss_always_leads() -> None:
    run = logged({"train_loss": 500, "val_loss_step": 90, "val_loss_epoch": 3})
    assert primaries(understand(run))["val/loss"] == "val_loss_epoch"


@pytest.mark.parametrize(
    ("curve", "summary"), [("loss", "train_loss"), ("train/loss", "train/train_loss")]
)
def test_a_summary_at_the_last_step_does_not_stand_for_the_curve(curve: str, summary: str) -> None:
    understanding = understand(logged({summary: 1, curve: 50, "eval_loss": 5}))
    assert primaries(understanding)["train/loss"] == curve
    assert role(understanding, summary).key == "train/loss"


def test_a_series_without_points_stands_for_nothing() -> None:
    understanding = understand(logged({"train_loss": 20, "val_loss": 0}))
    assert primaries(understanding) == {"train/loss": "train_loss"}
    assert len(understanding.roles) == 2


def test_parts_stand_for_a_total_that_is_not_logged_and_it_is_said() -> None:
    understanding = understand(logged("train/cls_loss train/box_loss"))
    assert all(r.part for r in understanding.roles)
    assert "`train/box_loss`" in understanding.ambiguous[0]


def test_test_data_that_stand_in_for_validation_keep_their_name() -> None:
    understanding = understand(logged("train_loss test_loss"))
    found = role(understanding, "test_loss")
    assert (found.split, found.named_split) == (Split.VALIDATION, Split.TEST)
    assert "`test_loss`" in understanding.ambiguous[0]


@pytest.mark.parametrize(
    "counts",
    [{"train_loss": 20, "val_loss": 20, "test_loss": 20}, {"train_loss": 20, "test_loss": 1}],
    ids=["beside validation", "one number at the end"],
)
def test_test_data_stay_test_data(counts: dict[str, int]) -> None:
    understanding = understand(logged(counts))
    assert role(understanding, "test_loss").split is Split.TEST
    assert understanding.ambiguous == ()


def test_of_several_validation_sets_the_one_named_like_the_training_loss_leads() -> None:
    understanding = understand(logged({"train/loss": 50, "val/ood/loss": 20, "val/loss": 10}))
    assert primaries(understanding)["val/loss"] == "val/loss"
    assert not role(understanding, "val/ood/loss").part


def test_of_several_named_validation_sets_the_choice_is_said() -> None:
    understanding = understand(logged({"train/loss": 50, "val/wiki/loss": 5, "val/code/loss": 9}))
    assert primaries(understanding)["val/loss"] == "val/code/loss"
    assert "`val/code/loss`" in understanding.ambiguous[0]


def test_the_score_of_one_class_does_not_stand_before_a_score_of_all() -> None:
    tags = "train_loss val_loss val_iou_car val_iou_road val_accuracy"
    assert primaries(understand(logged(tags)))["val/metric"] == "val_accuracy"


def test_where_only_scores_of_classes_are_logged_the_choice_is_said() -> None:
    understanding = understand(logged("train_loss val_loss val_iou_road val_iou_car"))
    assert primaries(understanding)["val/metric"] == "val_iou_car"
    assert "`val_iou_car`" in understanding.ambiguous[0]


def test_gradient_norms_by_layer_keep_the_layer_and_leave_the_total_to_lead() -> None:
    tags = "loss grad_2.0_norm/layer1.weight grad_2.0_norm_total gradients/fc.bias"
    understanding = understand(logged(tags))
    assert primaries(understanding)["grad_norm"] == "grad_2.0_norm_total"
    layers = {r.layer for r in understanding.roles if r.kind is Kind.GRADIENT_NORM}
    assert layers == {"", "layer1.weight", "fc.bias"}


def test_gradient_norms_that_differ_in_their_prefix_belong_to_parts_of_the_model() -> None:
    understanding = understand(logged("loss encoder/grad_norm decoder/grad_norm"))
    assert "grad_norm" not in primaries(understanding)
    assert role(understanding, "encoder/grad_norm").layer == "encoder"


def test_the_square_of_a_gradient_norm_is_not_given_to_rules() -> None:
    understanding = understand(logged("loss grad_norm_square"))
    assert "grad_norm" not in primaries(understanding)
    assert "`grad_norm_square`" in understanding.ambiguous[0]


def test_of_several_learning_rates_the_one_that_most_groups_share_leads() -> None:
    shared = np.linspace(0, 1e-3, 20)
    rates = {"lr/pg0": np.linspace(0.1, 1e-3, 20), "lr/pg1": shared, "lr/pg2": shared}
    understanding = understand(make_run(train_loss=np.ones(20), series=rates))
    assert primaries(understanding)["lr"] == "lr/pg1"


def test_settings_beat_every_name_and_the_first_pattern_leads() -> None:
    run = logged("train_loss val_loss my_nll other_nll")
    understanding = understand(run, aliases={"val/loss": ["other_*", "my_nll"]})
    assert primaries(understanding)["val/loss"] == "other_nll"
    assert role(understanding, "my_nll").how == "settings"


def test_a_tag_with_glob_characters_can_be_named_exactly() -> None:
    understanding = understand(logged("loss x[0]"), aliases={"val/loss": ["x[0]"]})
    assert primaries(understanding)["val/loss"] == "x[0]"


def test_settings_for_a_role_that_does_not_exist_are_named() -> None:
    understanding = understand(logged("loss"), aliases={"val/lose": ["loss"]})
    assert primaries(understanding) == {"train/loss": "loss"}
    assert "`val/lose`" in understanding.ambiguous[0]


def test_a_plugin_brings_names_and_may_change_built_in_ones() -> None:
    names = (
        RoleName(quantity="tm_score", kind=Kind.METRIC, direction="max", names=("tm score",)),
        RoleName(quantity="accuracy", kind=Kind.METRIC, direction="min", names=("acc",)),
    )
    understanding = understand(logged("train_loss val/tm-score val_acc"), names=names)
    assert role(understanding, "val/tm-score").direction == "max"
    assert role(understanding, "val_acc").direction == "min"


WORDS = ("train", "val", "test", "loss", "acc", "mAP", "box", "kl", "grad", "norm", "lr", "epoch",
         "step", "reward", "1", "best", "d", "mse")  # fmt: skip
TAGS = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(WORDS),
        max_size=5,
    ).map("_".join),
)
RUNS = st.dictionaries(TAGS, st.integers(0, 12), max_size=8)


@settings(max_examples=200, deadline=None)
@given(counts=RUNS, objective=st.none() | st.text(max_size=20), data=st.data())
def test_any_tags_are_understood_the_same_way_in_any_order_under_any_name(
    counts: dict[str, int], objective: str | None, data: st.DataObject
) -> None:
    run = logged(counts)
    understanding = understand(run, objective=objective)
    order = data.draw(st.permutations(list(run.series)))
    renamed = Run(name="other", series={tag: run.series[tag] for tag in order})
    again = understand(renamed, objective=objective)
    assert [r.series for r in again.roles] == order
    assert sorted(again.roles, key=repr) == sorted(understanding.roles, key=repr)
    assert again.model_copy(update={"roles": ()}) == understanding.model_copy(update={"roles": ()})


@settings(max_examples=200, deadline=None)
@given(counts=RUNS)
def test_a_role_has_at_most_one_primary_series_and_it_has_points(counts: dict[str, int]) -> None:
    understanding = understand(logged(counts))
    chosen = [r for r in understanding.roles if r.primary]
    assert len({r.key for r in chosen}) == len(chosen)
    assert all(counts[r.series] for r in chosen)
    assert {r.key for r in understanding.roles if r.kind is Kind.LOSS and counts[r.series]} <= {
        r.key for r in chosen
    }
