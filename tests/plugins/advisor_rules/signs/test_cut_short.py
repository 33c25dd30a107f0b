from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.notes import NoteKind, note
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.epochs.still_improving import StillImproving
from tests.plugins.advisor_rules.conftest import Advise

FLAT = np.array([0.50, 0.31, 0.30, 0.304, 0.301, 0.299])
"""A validation loss that nothing but its last value says is still getting better."""
COSINE: Mapping[str, Value] = {"lr_scheduler": "cosine"}


def cosine(share: float, n: int = 60) -> Floats:
    """Return the first part of a cosine that ends at 0."""
    return 1e-3 * (1 + np.cos(np.pi * share * np.linspace(0, 1, n))) / 2


def line(share: float, n: int = 60) -> Floats:
    """Return the first part of a line that ends at 0."""
    return 1e-3 * (1 - share * np.linspace(0, 1, n))


def ended(
    rate: Floats | None = None,
    val: Floats = FLAT,
    config: Mapping[str, Value] | None = None,
    series: Mapping[str, Floats] | None = None,
) -> Run:
    """Make a run of 60 steps, or of as many as there are rates, with six validations."""
    train = np.full(60, 0.3)
    every = {"train/loss": train, "val/loss": val, **(series or {})}
    if rate is not None:
        every["lr"] = rate
    at = np.linspace(9, 59, len(val)).astype(int)
    steps = {"val/loss": at, "val/accuracy": at}
    if rate is not None:
        steps["lr"] = np.linspace(0, 59, len(rate)).astype(int)
    return make_run(
        series=every, steps={k: v for k, v in steps.items() if k in every}, config=config
    )


@pytest.mark.parametrize("share", [0.05, 0.12, 0.19, 0.29, 0.34])
def test_a_run_that_ended_early_in_its_cosine_is_a_note(advise: Advise, share: float) -> None:
    (finding,) = advise(StillImproving(), ended(cosine(share))).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].series == "lr"
    assert finding.evidence[0].value == pytest.approx(share, abs=0.001)


def test_one_validation_is_enough(advise: Advise) -> None:
    (finding,) = advise(StillImproving(), ended(cosine(0.12), FLAT[[5]])).findings
    assert finding.evidence[0].value == pytest.approx(0.12, abs=0.001)


@pytest.mark.parametrize(
    ("rate", "config"),
    [
        pytest.param(cosine(0.12, 2), COSINE, id="two rates of a recorded cosine"),
        pytest.param(1 - 0.1 * np.linspace(0, 1, 60), {"lr_schedule": "linear"}, id="linear"),
        pytest.param(np.append(np.linspace(0, 9e-4, 20), cosine(0.1)), {}, id="after a warm-up"),
    ],
)
def test_other_schedules_show_it_too(
    advise: Advise, rate: Floats, config: Mapping[str, Value]
) -> None:
    (finding,) = advise(StillImproving(), ended(rate, config=config)).findings
    assert 0.05 < finding.evidence[0].value <= 0.2


@pytest.mark.parametrize(
    ("rate", "done"),
    [
        pytest.param(line(0.05), 0.05, id="a twentieth of it"),
        pytest.param(line(0.33), 0.33, id="a third"),
        pytest.param(line(0.25, 4), 0.25, id="four rates"),
        pytest.param(
            np.append(np.linspace(5e-4, 9e-4, 4), line(0.25, 56)), 0.25, id="of a warm-up"
        ),
        pytest.param(np.append([4e-4, 9.8e-4], line(0.25)[1:]), 0.25, id="its peak not logged"),
        pytest.param(line(0.3) ** 0.9, 0.28, id="nearly a line"),
    ],
)
def test_a_line_would_have_ended_at_no_rate(advise: Advise, rate: Floats, done: float) -> None:
    (finding,) = advise(StillImproving(), ended(rate)).findings
    assert finding.evidence[0].series == "lr"
    assert finding.evidence[0].value == pytest.approx(done, abs=0.01)


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(ended(cosine(0.4)), id="two fifths of it"),
        pytest.param(ended(cosine(1.0)), id="all of it"),
        pytest.param(ended(np.full(60, 1e-3)), id="a constant rate"),
        pytest.param(ended(1e-3 * 0.999 ** np.arange(60.0)), id="an exponential"),
        pytest.param(ended(line(0.25) ** 2), id="a polynomial of power two"),
        pytest.param(ended(1e-3 / np.sqrt(1 + np.linspace(0, 1, 60))), id="an inverse square root"),
        pytest.param(ended(1e-3 / (1 + 0.2 * np.linspace(0, 1, 60))), id="an inverse of time"),
        pytest.param(ended(1e-3 * 0.9 ** np.arange(4.0)), id="four rates of an exponential"),
        pytest.param(ended(line(0.25, 3)), id="a peak and two rates"),
        pytest.param(ended(line(0.25).round(4)), id="rounded to a few levels"),
        pytest.param(ended(np.append(np.ones(57), [0.9, 0.8, 0.7])), id="lowered at the end"),
        pytest.param(ended(line(0.4)), id="two fifths of a line"),
        pytest.param(ended(line(1.0)), id="all of a line"),
        pytest.param(ended(np.append(1e-3, np.zeros(59))), id="no rate after the first"),
        pytest.param(ended(cosine(0.12, 2)), id="two rates of no known schedule"),
        pytest.param(ended(np.append(cosine(1.0), cosine(0.1))), id="restarted"),
        pytest.param(ended(cosine(0.12), FLAT[[0, 1, 5, 3, 4]]), id="stopped after its best"),
        pytest.param(
            ended(cosine(0.12), FLAT[[0, 1, 5, 3]], {"patience": 2}), id="as a patience waits"
        ),
        pytest.param(
            ended(cosine(0.12), FLAT[[0, 1, 2, 5, 3, 4]], series={"val/accuracy": 1 - FLAT}),
            id="stopped by the loss",
        ),
    ],
)
def test_other_ends_pass(advise: Advise, run: Run) -> None:
    assert advise(StillImproving(), run).findings == ()


def test_a_schedule_shows_it_where_nothing_was_validated_yet(advise: Advise) -> None:
    train = np.full(60, 0.3)
    (finding,) = advise(StillImproving(), make_run(train_loss=train, lr=cosine(0.12))).findings
    assert finding.evidence[0].value == pytest.approx(0.12, abs=0.001)
    assert "`train/loss` at 0.3" in finding.advice.evidence.text
    for rate, config in ((cosine(0.4), {}), (cosine(1.0), {}), (cosine(0.12), {"patience": 3})):
        run = make_run(train_loss=train, lr=rate, config=config)
        assert advise(StillImproving(), run).findings == ()


def test_epochs_show_it_where_a_schedule_has_no_known_end(advise: Advise) -> None:
    rate = 1e-3 * 0.999 ** np.arange(60.0)
    run = ended(rate, config={"epochs": 40}, series={"epoch": np.repeat(np.arange(6.0), 10)})
    (finding,) = advise(StillImproving(), run).findings
    assert finding.evidence[0].value == pytest.approx(6 / 40)


def test_what_is_still_being_written_has_not_ended(advise: Advise) -> None:
    run = replace(ended(cosine(0.12)), notes=(note(NoteKind.GROWING),))
    assert advise(StillImproving(), run).findings == ()


def test_one_validation_after_the_best_is_no_early_stopping(advise: Advise) -> None:
    (finding,) = advise(StillImproving(), ended(cosine(0.12), FLAT[[0, 1, 5, 3]])).findings
    assert "`val/loss` at 0.304; its best was 0.299" in finding.advice.evidence.text


@pytest.mark.parametrize("config", [{"patience": 0}, {"early_stopping": False}])
def test_what_never_stops_early_may_have_its_best_long_ago(
    advise: Advise, config: Mapping[str, Value]
) -> None:
    run = ended(cosine(0.12), FLAT[[0, 1, 5, 3, 4, 3]])
    assert advise(StillImproving(), run).findings == ()
    assert advise(StillImproving(), ended(cosine(0.12), FLAT[[0, 1, 5, 3, 4, 3]], config)).findings


PAST = np.array([0.9, 0.6, 0.5, 0.4, 0.3, 0.302, 0.299, 0.304, 0.303, 0.305, 0.303, 0.304])


@pytest.mark.parametrize("off", [0, None, -1, False, "none"])
@pytest.mark.parametrize("after", [0, 1, 3, 4, 5])
def test_what_never_stops_early_is_past_its_best_where_several_values_were_worse(
    advise: Advise, off: Value, after: int
) -> None:
    loss = PAST[: 7 + after]
    for epochs in (40, 60):
        run = make_run(
            train_loss=loss, val_loss=loss, config={"epochs": epochs, "patience": off},
            axis=Axis.EPOCH,
        )  # fmt: skip
        assert bool(advise(StillImproving(), run).findings) is (after <= 3), (epochs, after)


def test_a_metric_that_was_best_long_ago_counts_as_well(advise: Advise) -> None:
    for loss, fires in ((PAST[:7], True), (PAST, False)):
        run = make_run(
            train_loss=np.sort(loss)[::-1], val_loss=np.sort(loss)[::-1] * 0.01 + 0.3,
            val_accuracy=1 - loss, config={"epochs": 60, "early_stopping": False}, axis=Axis.EPOCH,
        )  # fmt: skip
        found = [f for f in advise(StillImproving(), run).findings if f.confidence >= 0.7]
        assert bool(found) is fires


def test_any_value_may_be_the_best_only_before_the_rate_comes_down(advise: Advise) -> None:
    for after, fires in ((3, True), (6, False)):
        loss = 0.3 + 0.5 * np.exp(-2.0 * np.linspace(0, 1, 12))
        loss[-after:] = loss[-1 - after] + 0.0001
        run = ended(cosine(0.25), loss, {"early_stopping": False})
        assert advise(StillImproving(), run).findings
        run = ended(cosine(0.33), loss, {"early_stopping": False})
        assert bool(advise(StillImproving(), run).findings) is fires


def one_cycle(done: float, n: int = 60) -> Floats:
    """Return the first part of one cycle that takes 0.3 of it to rise, by cosines."""
    at = np.linspace(0, done, n)
    up = (1 - np.cos(np.pi * np.minimum(at / 0.3, 1))) / 2
    down = (1 + np.cos(np.pi * np.maximum(at - 0.3, 0) / 0.7)) / 2
    return 1e-4 + 1e-3 * up * down


@pytest.mark.parametrize(
    ("rate", "rose"),
    [
        pytest.param(one_cycle(0.33, 13), 0.83, id="just past the peak of one cycle"),
        pytest.param(one_cycle(0.15), 1.0, id="half-way up"),
        pytest.param(np.linspace(0, 1e-3, 60), 1.0, id="a linear warm-up"),
        pytest.param(np.linspace(0, 1e-3, 4), 1.0, id="of four rates"),
        pytest.param(np.append(np.linspace(0, 1, 50), np.linspace(1, 0.9, 10)), 0.81, id="a line"),
    ],
)
def test_a_run_whose_rate_rose_for_most_of_it_is_a_note(
    advise: Advise, rate: Floats, rose: float
) -> None:
    (finding,) = advise(StillImproving(), ended(rate)).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].value == pytest.approx(rose, abs=0.03)
    assert finding.advice.observed.text.startswith("The learning rate rose for")


@pytest.mark.parametrize(
    "rate",
    [
        pytest.param(np.append(np.linspace(0, 1, 35), np.ones(25)), id="a long warm-up, then held"),
        pytest.param(np.append(np.linspace(0, 1, 5), np.ones(55)), id="a warm-up, then held"),
        pytest.param(one_cycle(1.0), id="one cycle"),
        pytest.param(one_cycle(0.65), id="more than half of one cycle"),
        pytest.param(1e-7 * 10 ** np.linspace(0, 6, 60), id="a range test"),
        pytest.param(np.append(np.full(50, 0.1), np.linspace(0.2, 1, 10)), id="raised by hand"),
        pytest.param(np.append(np.linspace(1, 0, 20), np.linspace(0, 1, 40)), id="down, then up"),
        pytest.param(np.tile(np.linspace(0.1, 1, 20), 3), id="again and again"),
        pytest.param(np.linspace(0, 1e-3, 3), id="three rates"),
    ],
)
def test_other_rises_pass(advise: Advise, rate: Floats) -> None:
    assert advise(StillImproving(), ended(rate)).findings == ()


def test_a_validation_that_shakes_may_have_its_best_long_before_the_end_of_a_rise(
    advise: Advise,
) -> None:
    shaking = np.array([0.8, 0.4, 0.31, 0.27, 0.36, 0.29, 0.35, 0.3])
    rate = np.linspace(0, 1e-3, 60)
    assert advise(StillImproving(), ended(rate, shaking)).findings
    assert not advise(StillImproving(), ended(rate, shaking, {"early_stopping": True})).findings
    worse = np.array([0.8, 0.4, 0.31, 0.27, 0.30, 0.36, 0.41, 0.47])
    assert not advise(StillImproving(), ended(rate, worse)).findings


def by_epoch(done: int, config: Mapping[str, Value], first: int = 0) -> Run:
    loss = np.append(0.305 + 0.001 * (-1) ** np.arange(done - 1), 0.3035)
    at = np.arange(first, first + done)
    return make_run(
        train_loss=loss, val_loss=loss, steps={"train/loss": at, "val/loss": at},
        config=config, axis=Axis.EPOCH,
    )  # fmt: skip


@pytest.mark.parametrize(("done", "first"), [(2, 0), (3, 0), (3, 1), (6, 0), (10, 0)])
def test_a_run_that_ended_long_before_its_epochs_is_a_note(
    advise: Advise, done: int, first: int
) -> None:
    (finding,) = advise(StillImproving(), by_epoch(done, {"epochs": 30}, first)).findings
    assert finding.evidence[0].value == pytest.approx(done / 30)


@pytest.mark.parametrize(
    ("done", "config"),
    [
        (11, {"epochs": 30}),
        (30, {"epochs": 30}),
        (3, {"epochs": 30, "max_steps": 300}),
        (3, {}),
    ],
)
def test_a_run_that_was_not_meant_to_be_longer_passes(
    advise: Advise, done: int, config: Mapping[str, Value]
) -> None:
    assert advise(StillImproving(), by_epoch(done, config)).findings == ()


def test_a_column_of_epochs_counts_them_as_well(advise: Advise) -> None:
    run = ended(config={"epochs": 40}, series={"epoch": np.repeat(np.arange(6.0), 10)})
    (finding,) = advise(StillImproving(), run).findings
    assert finding.evidence[0].series == "epoch"
    assert finding.evidence[0].value == pytest.approx(6 / 40)


def in_steps(train_at: Floats, val_at: list[int], config: Mapping[str, Value]) -> Run:
    """Make a run whose epochs are forty steps long, and not counted."""
    steps = {"train/loss": train_at.astype(int), "val/loss": np.array(val_at)}
    return make_run(
        train_loss=np.full(len(train_at), 0.3),
        val_loss=0.5 - 0.001 * np.arange(len(val_at)),
        steps=steps,
        config=config,
    )


@pytest.mark.parametrize(
    ("train_at", "val_at", "done"),
    [
        pytest.param(np.array([39]), [39], 1, id="one row"),
        pytest.param(np.array([39, 79]), [39, 79], 2, id="two rows"),
        pytest.param(np.arange(72), [39], 1, id="every step, into the second epoch"),
        pytest.param(np.arange(125), [39, 79], 3, id="every step, into the fourth"),
    ],
)
def test_one_or_two_validations_show_how_long_an_epoch_is(
    advise: Advise, train_at: Floats, val_at: list[int], done: int
) -> None:
    (finding,) = advise(StillImproving(), in_steps(train_at, val_at, {"epochs": 20})).findings
    assert finding.evidence[0].value == pytest.approx(done / 20)


@pytest.mark.parametrize(
    ("train_at", "config"),
    [
        pytest.param(np.arange(39, 160, 40), {}, id="one row for each"),
        pytest.param(np.arange(160), {}, id="every step"),
        pytest.param(np.arange(160), {"check_val_every_n_epoch": 1}, id="as Lightning does"),
        pytest.param(np.arange(160), {"batch_size": 10, "num_samples": 400}, id="by samples too"),
    ],
)
def test_validations_at_even_distances_count_epochs(
    advise: Advise, train_at: Floats, config: Mapping[str, Value]
) -> None:
    run = in_steps(train_at, [39, 79, 119, 159], {"epochs": 16, **config})
    (finding,) = advise(StillImproving(), run).findings
    assert finding.evidence[0].value == pytest.approx(4 / 16)
    assert "nothing in the log shows more than 4 epochs" in finding.advice.evidence.text


def test_samples_show_that_each_validation_ended_an_epoch(advise: Advise) -> None:
    config: Mapping[str, Value] = {"epochs": 20, "batch_size": 10, "num_samples": 400}
    (finding,) = advise(
        StillImproving(), in_steps(np.arange(160.0), [39, 79, 119, 159], config)
    ).findings
    assert finding.evidence[0].value == pytest.approx(4 / 20)


@pytest.mark.parametrize(
    ("train_at", "val_at", "config"),
    [
        pytest.param(np.arange(800), [799], {"epochs": 20}, id="validated at the end alone"),
        pytest.param(np.arange(0, 800, 40), [799], {"epochs": 20}, id="after the last loss"),
        pytest.param(np.arange(72), [39], {"epochs": 2}, id="of two epochs"),
        pytest.param(np.arange(72), [39], {}, id="of nobody knows how many"),
        pytest.param(np.arange(200), [0, 40, 80, 120], {"epochs": 20}, id="first before training"),
        pytest.param(np.arange(9, 200, 10), [39, 79, 119], {"epochs": 20}, id="a loss an epoch"),
        pytest.param(np.arange(9, 100, 10), [29, 59, 89], {"epochs": 100}, id="steps are epochs"),
        pytest.param(np.arange(200), [39, 79, 149], {"epochs": 20}, id="one is missing"),
        pytest.param(np.arange(400), [39, 79, 119], {"epochs": 8}, id="three of eight"),
        pytest.param(np.arange(400), [39, 79, 119], {"epochs": 2}, id="more than planned"),
        pytest.param(
            np.arange(400),
            [39, 79, 119],
            {"epochs": 100, "check_val_every_n_epoch": 10},
            id="validated every ten epochs",
        ),
        pytest.param(np.arange(400), [39, 79, 119], {"epochs": 100, "eval_steps": 40}, id="steps"),
        pytest.param(np.arange(400), [39, 79, 119], {"epochs": 15}, id="maybe each fifth epoch"),
        pytest.param(np.arange(400), [39, 79, 119], {"epochs": 39}, id="maybe each tenth epoch"),
        pytest.param(
            np.arange(400),
            [39, 79, 119],
            {"epochs": 12, "batch_size": 10, "num_samples": 100},
            id="twelve by samples",
        ),
    ],
)
def test_other_short_logs_do_not_show_it(
    advise: Advise, train_at: Floats, val_at: list[int], config: Mapping[str, Value]
) -> None:
    assert advise(StillImproving(), in_steps(train_at, val_at, config)).findings == ()
