"""Splitting tags into words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.roles import Split
from advisor.understand.words import LONGEST, natural, parse, words_of


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("train/box_loss", ["train", "box", "loss"]),
        ("val-loss.epoch:2", ["val", "loss", "epoch", "2"]),
        ("AverageEpRet", ["average", "ep", "ret"]),
        ("MSELoss", ["mse", "loss"]),
        ("LossV", ["loss", "v"]),
        ("metrics/mAP50-95(B)", ["metrics", "map", "50", "95", "b"]),
        ("bbox/APs", ["bbox", "ap", "s"]),
        ("valMeanIoU", ["val", "mean", "iou"]),
        ("acc@1", ["acc", "1"]),
        ("", []),
    ],
)
def test_a_tag_is_split_at_separators_case_and_digits(tag: str, words: list[str]) -> None:
    assert list(words_of(tag)) == words


@pytest.mark.parametrize(
    ("tag", "split"),
    [
        ("tr_loss", Split.TRAIN),
        ("training/loss", Split.TRAIN),
        ("dev-loss", Split.VALIDATION),
        ("vld_xent", Split.VALIDATION),
        ("held_out/loss", Split.VALIDATION),
        ("train/val_loss", Split.VALIDATION),
        ("testing_loss", Split.TEST),
        ("loss_std_dev", Split.NONE),
        ("value_loss", Split.NONE),
        ("latest", Split.NONE),
    ],
)
def test_the_split_is_the_last_word_for_one(tag: str, split: Split) -> None:
    assert parse(tag).split is split


def test_words_are_glued_to_a_split_only_where_the_rest_is_known() -> None:
    assert words_of("valacc", frozenset({"acc"})) == ("val", "acc")
    assert words_of("value", frozenset({"acc"})) == ("value",)


def test_a_loss_is_told_from_what_it_is_glued_to() -> None:
    assert words_of("train/discloss") == ("train", "disc", "loss")


@pytest.mark.parametrize(
    ("tag", "rest", "twin"),
    [
        ("train_loss_step", ("loss",), "step"),
        ("epoch_loss", ("loss",), "epoch"),
        ("batch_loss", ("loss",), "step"),
        ("evaluation_loss_vs_iterations", ("loss",), "step"),
        ("epoch", ("epoch",), ""),
    ],
)
def test_the_twin_is_told_from_the_quantity(tag: str, rest: tuple[str, ...], twin: str) -> None:
    words = parse(tag)
    assert (words.rest, words.twin) == (rest, twin)


def test_numbers_in_tags_sort_as_numbers() -> None:
    assert sorted(["lr/pg10", "lr/pg2"], key=natural) == ["lr/pg2", "lr/pg10"]


def test_a_tag_without_end_is_cut() -> None:
    assert len(words_of("a_" * 10 * LONGEST)) == LONGEST // 2


@given(st.text())
def test_any_text_is_parsed(tag: str) -> None:
    assert set(parse(tag).rest) <= set(parse(tag).every)
