"""Short trainings: what a few samples, shuffled pairs and other rates show."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.plugins.advisor_probe.probing import found, parts, probed, target, value

pytestmark = pytest.mark.needs("torch")

RATES = ("loop", "rates", "rate-choice")
USER = "advisor-probe/rate-choice/user"


def optimized(name: str, rate: float, **more: Any) -> Any:
    torch = parts()["torch"]
    return target(
        optimizer=lambda m: getattr(torch.optim, name)(m.parameters(), rate, **more),
        train=parts()["batches"](count=512),
    )


def test_a_program_in_order_gives_no_finding() -> None:
    made = optimized("Adam", 3e-2)
    assert found(probed(made, "overfit", "generalization", *RATES)) == set()


def test_a_model_that_cannot_fit_a_few_samples_is_an_error() -> None:
    functional = parts()["F"]
    squashed = target(loss=lambda m, b: functional.cross_entropy(m(b[0]).softmax(1), b[1]))
    assert "overfit-tiny-batch" in found(probed(squashed, "overfit"))


def test_of_samples_with_many_predictions_each_two_are_to_be_learned() -> None:
    torch, functional = parts()["torch"], parts()["F"]
    tokens = torch.randint(0, 12, (64, 9), generator=torch.Generator().manual_seed(0))
    language = target(
        model=lambda: torch.nn.Sequential(torch.nn.Embedding(12, 16), torch.nn.Linear(16, 12)),
        loss=lambda m, b: functional.cross_entropy(m(b[0]).flatten(0, 1), b[1].flatten()),
        train=[(tokens[:, :-1], tokens[:, 1:])],
    )
    assert value(probed(language, "overfit"), "overfit/samples") == 2


def test_targets_that_were_shuffled_are_seen() -> None:
    torch = parts()["torch"]
    mixed = [
        (x, y[torch.randperm(len(y), generator=torch.Generator().manual_seed(n))])
        for n, (x, y) in enumerate(parts()["batches"](count=512))
    ]
    made = optimized("Adam", 1e-2)
    clear = probed(made, "generalization")
    assert "probe-never-learned" not in found(clear)
    assert value(clear, "generalization/steps") == 120
    assert "probe-never-learned" in found(probed(target(train=mixed), "generalization"))


def test_where_nothing_is_learned_yet_a_longer_training_tells() -> None:
    torch = parts()["torch"]
    signs = torch.randint(0, 2, (512, 8), generator=torch.Generator().manual_seed(0)) * 2.0 - 1
    parity = (signs[:, :3].prod(1) > 0).long()
    made = target(
        train=list(zip(signs.split(16), parity.split(16), strict=True)),
        optimizer=lambda m: torch.optim.Adam(m.parameters(), 5e-3),
    )
    late = probed(made, "generalization")
    assert value(late, "generalization/steps") == 480
    assert "probe-never-learned" not in found(late)


@pytest.mark.parametrize(("name", "rate"), [("SGD", 300.0), ("Adam", 3.0)])
def test_a_rate_far_too_high_is_called_so_and_a_lower_one_was_verified(
    name: str, rate: float
) -> None:
    run = probed(optimized(name, rate), *RATES)
    assert value(run, "rates/middle") <= -0.6
    assert "probe-lr-range" in found(run)


@pytest.mark.parametrize(("name", "rate"), [("SGD", 1e-4), ("Adam", 1e-5)])
def test_a_rate_far_too_low_is_called_so(name: str, rate: float) -> None:
    run = probed(optimized(name, rate), *RATES)
    assert value(run, "rates/middle") >= 1
    assert "probe-lr-range" in found(run)


def test_a_rate_ten_times_too_low_is_verified_over_longer_trainings_with_rates_between() -> None:
    run = probed(optimized("Adam", 1e-3), "rates", "rate-choice")
    compared = {tag.rpartition("/")[2] for tag in run.series if "/rate-choice/" in tag}
    assert {"user", "lower", "higher"} < compared
    assert (run.config["rate-choice.steps"].value, len(run.series[USER].values)) == (300, 5)
    assert "probe-lr-range" in found(run)


def test_where_no_candidate_is_better_at_first_no_long_training_follows() -> None:
    run = probed(optimized("Adam", 3e-2), "rates", "rate-choice")
    first = run.series["advisor-probe/rate-choice/first_loss"].values
    assert int(first.argmin()) == 0
    assert USER not in run.series


def test_no_rate_is_tried_for_longer_than_the_real_training() -> None:
    short = target(optimizer=lambda m: parts()["torch"].optim.SGD(m.parameters(), 1e-4), steps=20)
    assert probed(short, "rate-choice").config["rate-choice.steps"].value == 20


def test_the_range_test_ends_where_the_loss_diverges() -> None:
    run = probed(optimized("SGD", 0.1, momentum=0.9), "rates")
    rates = run.series["advisor-probe/rates/range_rate"].values
    assert 20 < len(rates) <= 100
    assert rates[0] == pytest.approx(1e-6)
    assert value(run, "rates/limit") == pytest.approx(rates[-1], rel=0.01)
    assert 1e-5 < value(run, "rates/valley") < value(run, "rates/limit")


def test_a_model_that_cannot_be_stacked_is_swept_one_by_one() -> None:
    def strange(model: Any, batch: Any) -> Any:
        loss = parts()["loss"](model, batch)
        return loss if loss.item() > -1 else 2 * loss

    run = probed(target(loss=strange), "rates")
    assert run.config["rates.way"].value == "separate"
    assert np.isfinite(run.series["advisor-probe/rates/end"].values).all()
