"""What findings say of a curve: its logged values, or levels that are called smoothed."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.curve import Curve
from advisor.manager import load_plugins
from advisor.rule import Rule
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run
from advisor.text import Message
from advisor.understand import understand
from advisor.view import Judged
from advisor.wording.catalogues import load_catalogue
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.learning_rate.diverged import Diverged
from advisor_rules.signs.said import At, beginning, course, ending, said, single_best
from tests.plugins.advisor_rules.conftest import Advise


def curve_of(values: Floats) -> Curve:
    run = make_run(train_loss=values)
    return Judged(run, understand(run)).curve("train/loss")


def exploded() -> Run:
    """Return eight epochs of a loss that explodes: the smoothed line begins below all of them."""
    loss = [3.72627, 6.28903, 20.7426, 56.2829, 112.012, 157.585, 199.519, 285.039]
    steps = {"train/loss": np.arange(1, 9)}
    return make_run(series={"train/loss": loss}, steps=steps, axis=Axis.EPOCH)


def overfitted() -> Run:
    """Return twelve epochs with a lucky error at the second, and a loss that rises all along."""
    train = [0.674, 0.545, 0.389, 0.221, 0.0812, 0.0203, 0.00331, 0.00128, 8e-4, 5e-4, 4e-4, 3e-4]
    val = [0.651, 0.664, 0.762, 0.952, 1.02, 1.19, 1.32, 1.37, 1.42, 1.46, 1.49, 1.52]
    errors = [0.412, 0.324, 0.382, 0.352, 0.35, 0.354, 0.352, 0.364, 0.358, 0.352, 0.35, 0.352]
    series = {"train_loss": train, "val_loss": val, "val_error": errors}
    return make_run(series=series, steps=dict.fromkeys(series, np.arange(1, 13)), axis=Axis.EPOCH)


def test_the_values_of_a_short_curve_are_those_of_its_rows(advise: Advise) -> None:
    advice = advise(Diverged(), exploded()).findings[0].advice
    assert "`train/loss` was 3.73 at epoch 1, " in advice.evidence.text
    assert advice.evidence.text.endswith(" ended at 285.")
    assert " near 3.73 " in advice.check.text


def test_the_levels_of_a_long_noisy_curve_are_called_smoothed() -> None:
    scatter = 0.3 * np.random.default_rng(0).standard_normal(1000)
    curve = curve_of(np.linspace(3.0, 2.5, 1000) + scatter)
    values = (said(curve, ending(curve)), *course(curve, beginning(curve), ending(curve)))
    told = [v.text if isinstance(v, Message) else "logged" for v in values]
    assert all(text == "logged" or text.endswith(" (smoothed)") for text in told)
    assert told[0] == told[2] != "logged"


def test_a_last_value_that_tells_another_story_is_not_said() -> None:
    curve = curve_of(np.array([1.0, 1.1, 1.5, 2.0, 2.1, 2.0, 0.9]))
    begun, ended = course(curve, At(0, 1.0), At(6, 2.0))
    assert begun == 1.0
    assert isinstance(ended, Message)
    assert ended.text == "2 (smoothed)"


def test_a_level_that_reads_as_the_logged_value_is_no_smoothed_one() -> None:
    curve = curve_of(np.full(500, 0.5))
    assert said(curve, ending(curve)) == 0.5


def test_smoothed_is_said_in_the_readers_language(advise: Advise) -> None:
    curve = curve_of(np.concatenate([np.full(499, 0.5), [0.7]]))
    message = said(curve, At(499, 0.5))
    assert isinstance(message, Message)
    own = load_catalogue("zh", load_plugins().translations.values()).sentence(message)
    assert (message.text, own) == ("0.5 (smoothed)", "0.5（平滑后）")

    loss = np.concatenate([np.linspace(2.0, 1.0, 150), np.linspace(1.0, 4.0, 150)])
    scatter = 0.1 * np.random.default_rng(1).standard_normal(300)
    evidence = advise(Diverged(), make_run(train_loss=loss + scatter)).findings[0].advice.evidence
    own = load_catalogue("zh", load_plugins().translations.values()).sentence(evidence)
    assert " (smoothed)" in evidence.text
    assert "（平滑后）" in own
    assert " rose from " not in own


def test_a_best_value_that_stands_alone_is_named_beside_the_best(advise: Advise) -> None:
    advice = advise(Overfitting(), overfitted()).findings[0].advice
    assert advice.title.text.endswith("keep epoch 11, the best by `val_error`, smoothed")
    assert "its best single value, 0.324 at epoch 2, has worse neighbours" in advice.do.text


def test_past_best_names_a_better_single_value(advise: Advise) -> None:
    values = np.concatenate([np.linspace(1.0, 0.3, 20), np.linspace(0.3, 0.9, 40)])
    values[4] = 0.2
    finding = advise(PastBest(), make_run(val_loss=values)).findings[0]
    text = finding.advice.evidence.text
    assert text.endswith("its best single value, 0.2 at step 4, has worse neighbours.")
    assert single_best(curve_of(values), 0.2) is None


@pytest.mark.parametrize(
    ("epochs", "title", "observed"),
    [
        (1, "Train the whole epoch", "Ended after 0.3 of one epoch"),
        (3, "Train all of the 3 epochs", "Ended after 0.3 of 3 epochs"),
    ],
)
def test_a_part_of_an_epoch_is_no_0_epochs(
    advise: Advise, epochs: int, title: str, observed: str
) -> None:
    at, falls = np.linspace(0.02, 0.3, 15), np.linspace(2.0, 1.0, 15)
    run = make_run(
        series={"train/loss": falls, "epoch": at, "val/loss": [1.4, 1.3, 1.2]},
        steps={"val/loss": [4, 9, 14]},
        config={"num_train_epochs": epochs},
    )
    advice = advise(StillImproving(), run).findings[0].advice
    assert (advice.title.text, advice.observed.text) == (title, observed)


def test_no_rule_has_two_names_for_one_sentence() -> None:
    twice = {
        f"{name}: {part}"
        for name, rule in load_plugins().rules.items()
        if issubclass(rule, Rule)
        for part in ("evidence.half-epochs", "evidence.half-steps")
        if part in rule.texts
    }
    assert not twice
