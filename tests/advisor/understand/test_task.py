"""What is being learned."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.model import Value
from advisor.roles import Task
from advisor.run import Axis
from advisor.testing.runs import make_run
from advisor.understand import understand


def task(tags: str, config: dict[str, Value] | None = None) -> Task:
    run = make_run(series={t: np.linspace(1, 0.5, 20) for t in tags.split()}, config=config)
    understanding = understand(run)
    assert bool(understanding.task_evidence) == (understanding.task is not Task.UNKNOWN)
    return understanding.task


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("rollout/ep_rew_mean train/loss", Task.REINFORCEMENT),
        ("AverageEpRet LossPi LossV", Task.REINFORCEMENT),
        ("charts/episodic_return losses/policy_loss losses/value_loss", Task.REINFORCEMENT),
        ("train/actor_loss train/critic_loss", Task.REINFORCEMENT),
        ("episode_reward_mean", Task.REINFORCEMENT),
        ("train/policy_loss train/value_loss train/entropy_loss", Task.REINFORCEMENT),
        ("D_loss G_loss", Task.GAN),
        ("loss_D loss_G val_accuracy", Task.GAN),
        ("errD errG", Task.GAN),
        ("D_A G_A cycle_A", Task.GAN),
        ("train/generator_loss train/critic_loss", Task.GAN),
        ("train_loss val_loss val_acc", Task.CLASSIFICATION),
        ("loss accuracy auc", Task.CLASSIFICATION),
        ("train/bce_loss val/bce_loss", Task.CLASSIFICATION),
        ("loss val_loss mae val_mae", Task.REGRESSION),
        ("train_loss val_loss val_r2", Task.REGRESSION),
        ("train_loss val_loss val_ppl", Task.LANGUAGE_MODEL),
        ("train/loss tokens_per_second", Task.LANGUAGE_MODEL),
        ("train/loss val/bpb", Task.LANGUAGE_MODEL),
        ("train_loss val_loss", Task.UNKNOWN),
        ("train/box_loss val/box_loss metrics/mAP50(B) metrics/precision(B)", Task.UNKNOWN),
        ("loss val_loss val_accuracy val_dice_coef", Task.UNKNOWN),
        ("train/d_model_loss train_loss", Task.UNKNOWN),
        ("rewards/chosen rewards/rejected train/loss", Task.UNKNOWN),
    ],
)
def test_names_of_series_show_the_task(tags: str, expected: Task) -> None:
    assert task(tags) is expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"model.architectures": ("LlamaForCausalLM",)}, Task.LANGUAGE_MODEL),
        ({"model_type": "gpt2"}, Task.LANGUAGE_MODEL),
        ({"block_size": 256, "vocab_size": 50304}, Task.LANGUAGE_MODEL),
        ({"architectures": ("GPT2ForSequenceClassification",)}, Task.UNKNOWN),
        ({"loss": "categorical_crossentropy"}, Task.CLASSIFICATION),
        ({"criterion": "CrossEntropyLoss"}, Task.CLASSIFICATION),
        ({"criterion": "torch.nn.MSELoss()"}, Task.REGRESSION),
        ({"problem_type": "single_label_classification"}, Task.CLASSIFICATION),
        ({"num_classes": 10}, Task.CLASSIFICATION),
        ({"task": "detect", "num_classes": 80}, Task.UNKNOWN),
        ({"algo": "PPO"}, Task.REINFORCEMENT),
        ({"model": "StyleGAN2"}, Task.GAN),
        ({"model": "organ_net", "lr": 0.1}, Task.UNKNOWN),
        ({"vocab_size": 100}, Task.UNKNOWN),
    ],
)
def test_the_config_shows_the_task_where_names_do_not(
    config: dict[str, Value], expected: Task
) -> None:
    assert task("train_loss val_loss", config) is expected


def test_a_run_that_counts_environment_steps_is_reinforcement_learning() -> None:
    run = make_run(train_loss=np.ones(9), axis=Axis.ENV_STEP)
    assert understand(run).task is Task.REINFORCEMENT
