"""Choices that are compared without or with the user's settings: found where planted, else not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.plugins.advisor_probe.probing import found, parts, probed, target, value

pytestmark = pytest.mark.needs("torch")


def batches(**kinds: Any) -> Any:
    return parts()["batches"](**{"count": 512, **kinds})


def deep(activation: str, layers: int = 7) -> Any:
    nn = parts()["nn"]

    def model() -> Any:
        hidden = [part for _ in range(layers) for part in (nn.Linear(16, 16), act())]
        return nn.Sequential(nn.Linear(8, 16), act(), *hidden, nn.Linear(16, 4))

    act = getattr(nn, activation)
    return model


def optimized(name: str, rate: float, **more: Any) -> Any:
    optim = parts()["torch"].optim
    return lambda model: getattr(optim, name)(model.parameters(), rate, **more)


def scaled_now_and_then() -> Any:
    """Return batches of which every tenth has inputs a hundred times too large."""
    return [(x * (100 if n % 10 == 9 else 1), y) for n, (x, y) in enumerate(batches())]


def settings(**changes: Any) -> Any:
    nn = parts()["nn"]

    def model(s: Any) -> Any:
        width = s["width"]
        return nn.Sequential(
            nn.Linear(8, width), nn.ReLU(), nn.Dropout(s["dropout"]), nn.Linear(width, 4)
        )

    known = {"width": 32, "dropout": 0.0, **changes}
    return target(train=batches(), model=model, settings=known)


PLANTED: dict[str, tuple[str, Callable[[], Any]]] = {
    "weight-decay": (
        "probe-weight-decay-with-lr",
        lambda: target(train=batches(), optimizer=optimized("AdamW", 1e-2, weight_decay=10.0)),
    ),
    "normalization": (
        "probe-batch-norm",
        lambda: target(train=batches(), model=deep("Sigmoid", 4)),
    ),
    "swish": ("probe-swish-when-deep", lambda: target(train=batches(), model=deep("Sigmoid"))),
    "clipping": (
        "probe-clip-by-norm",
        lambda: target(train=scaled_now_and_then(), optimizer=optimized("SGD", 0.1, momentum=0.9)),
    ),
}


@pytest.mark.parametrize("probe", PLANTED)
def test_a_choice_that_is_better_is_named(probe: str) -> None:
    rule, made = PLANTED[probe]
    assert rule in found(probed(made(), probe))


IN_ORDER = ("weight-decay", "normalization", "swish", "dropout-added", "features", "batch-range")


@pytest.mark.parametrize("probe", IN_ORDER)
def test_a_program_in_order_is_not_told_to_change(probe: str) -> None:
    made = target(train=batches(), optimizer=optimized("Adam", 1e-2))
    run = probed(made, probe)
    assert run.series
    assert found(run) == set()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"width": 2}, "probe-hidden-size"),
        ({"dropout": 0.8}, "probe-regularization-not-tuned"),
    ],
)
def test_a_setting_that_is_better_at_another_value_is_named_with_that_value(
    changes: dict[str, Any], rule: str
) -> None:
    run = probed(settings(**changes), "settings")
    assert rule in found(run)
    ((name, before),) = changes.items()
    slot = "wider" if name == "width" else "weaker"
    assert run.config[f"settings.{slot}_path"].value == name
    assert run.config[f"settings.{slot}_before"].value == before


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        ({"taps": 8, "pretrained": False}, "probe-pretrained-backbone"),
        ({"taps": 4, "pretrained": True}, "probe-choice-untested"),
    ],
)
def test_pretrained_weights_and_settings_of_any_name_are_tried_too(
    known: dict[str, Any], rule: str
) -> None:
    torch, nn = parts()["torch"], parts()["nn"]
    truth = torch.randn(8, 4, generator=torch.Generator().manual_seed(9)).T

    class Reading(nn.Module):  # type: ignore[misc,name-defined]  # torch loads in the test only
        def __init__(self, taps: int, *, pretrained: bool) -> None:
            super().__init__()
            self.taps, self.last = taps, nn.Linear(taps, 4)
            if pretrained:
                self.last.weight.data[:, :8] = 5.0 * truth[:, :taps]

        def forward(self, inputs: Any) -> Any:
            return self.last(inputs[:, : self.taps])

    made = target(
        model=lambda s: Reading(s["taps"], pretrained=s["pretrained"]),
        optimizer=optimized("Adam", 1e-3),
        train=batches(),
        settings=known,
    )
    assert found(probed(made, "settings")) == {rule}


def test_a_setting_that_changes_what_the_loss_measures_is_not_varied() -> None:
    loss = parts()["loss"]
    made = target(
        loss=lambda model, batch, s: loss(model, batch) / s["temperature"],
        train=batches(),
        settings={"temperature": 2.0},
    )
    run = probed(made, "settings")
    assert set(run.series) == {"advisor-probe/settings/user"}
    assert found(run) == set()


def test_a_value_that_the_program_refuses_costs_only_itself() -> None:
    nn = parts()["nn"]

    def model(s: Any) -> Any:
        assert s["heads"] == 4, "the width is no multiple of the heads"
        return nn.Linear(8, s["heads"])

    run = probed(target(model=model, train=batches(), settings={"heads": 4}), "settings")
    assert set(run.series) == {"advisor-probe/settings/user"}


@pytest.mark.parametrize(
    "made",
    [lambda: target(settings={"width": 3}), lambda: settings(width="wide", dropout="some")],
)
def test_without_a_setting_to_vary_nothing_is_compared(made: Any) -> None:
    assert not probed(made(), "settings").series


def leaking() -> Any:
    """Return a target whose last column gives the class away in training, and nothing beyond."""
    torch, nn = parts()["torch"], parts()["nn"]

    def with_column(loader: Any, *, leak: bool) -> Any:
        made = torch.Generator().manual_seed(5)
        for x, y in loader:
            other = torch.randint(4, y.shape, generator=made)
            yield torch.cat([x, 3.0 * (y if leak else other)[:, None].float()], 1), y

    return target(
        model=lambda: nn.Sequential(nn.Linear(9, 16), nn.ReLU(), nn.Linear(16, 4)),
        train=list(with_column(batches(), leak=True)),
        val=list(with_column(batches(seed=1, count=256), leak=False)),
    )


def test_a_column_that_holds_in_training_only_is_named() -> None:
    run = probed(leaking(), "features")
    assert value(run, "features/columns") == 9
    assert found(run) == {"features-that-do-not-generalize"}


def test_images_have_no_columns_to_look_at() -> None:
    torch, nn = parts()["torch"], parts()["nn"]
    images = [(torch.randn(16, 1, 4, 4), torch.arange(16) % 4) for _ in range(8)]
    model = lambda: nn.Sequential(nn.Flatten(), nn.Linear(16, 4))  # noqa: E731  # as users write it
    assert not probed(target(model=model, train=images, val=images), "features").series
