"""``run.watch`` and other histograms: norms among the series, the rest listed and on request."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from advisor.formats.histogram import HistogramReader, Histograms
from advisor.reader import Unreadable
from advisor.roles import Kind
from advisor.understand import understand
from advisor_wandb.reader import WandbRunReader
from advisor_wandb.watched import histogram, logged, norms
from tests.plugins.advisor_wandb.reading import claims, only_run
from tests.plugins.advisor_wandb.writing import ended, folder, run_file, stepped

VALUES = np.random.default_rng(0).normal(0.2, 1e-3, 5000)


def told(values: np.ndarray = VALUES) -> dict[str, Any]:
    counts, edges = np.histogram(values, bins=64)
    return {"_type": "histogram", "values": counts.tolist(), "bins": edges.tolist()}


def dictionary(name: str) -> dict[Any, Any]:
    """As clients of 2024 log it."""
    return {name: told()}


def entries(name: str) -> dict[Any, Any]:
    """As later clients do."""
    return {(name, key): value for key, value in told().items()}


forms = pytest.mark.parametrize("form", [dictionary, entries])


def listed(logs: Path) -> dict[str, Histograms]:
    reader = WandbRunReader()
    assert isinstance(reader, HistogramReader)
    (claim,) = claims(logs)
    return reader.histograms(claim).get(claim.root, {})


@forms
def test_watched_gradients_and_weights_are_read_as_norms(tmp_path: Path, form: Any) -> None:
    watched = {**form("gradients/0.weight"), **form("parameters/0.weight"), **form("other")}
    rows = [stepped(step, {"loss": 1.0, **(watched if step % 5 == 0 else {})}) for step in range(9)]
    run_file(folder(tmp_path, "a1"), "a1", [*rows, ended()])
    run = only_run(tmp_path)
    assert list(run.series) == ["loss", "gradients/norm/0.weight", "parameters/norm/0.weight"]
    series = run.series["gradients/norm/0.weight"]
    assert series.steps.tolist() == [0, 5]
    assert series.values.tolist() == pytest.approx([np.linalg.norm(VALUES)] * 2, rel=1e-4)
    assert run.notes == ()


def test_a_norm_of_a_gradient_is_understood_as_that_of_its_layer(tmp_path: Path) -> None:
    rows = [
        stepped(step, {"loss": 1.0, **entries("gradients/fc.weight"), **entries("parameters/fc.b")})
        for step in range(3)
    ]
    run_file(folder(tmp_path, "a1"), "a1", [*rows, ended()])
    roles = {role.series: role for role in understand(only_run(tmp_path)).roles}
    gradient = roles["gradients/norm/fc.weight"]
    assert (gradient.kind, gradient.layer) == (Kind.GRADIENT_NORM, "fc.weight")
    assert roles["parameters/norm/fc.b"].kind is Kind.OTHER


@forms
def test_all_histograms_are_listed_and_each_is_decoded_on_request(
    tmp_path: Path, form: Any
) -> None:
    rows = [stepped(3, {"loss": 1.0}), stepped(4, form("mine")), stepped(8, form("gradients/w"))]
    run_file(folder(tmp_path, "a1"), "a1", [*rows, stepped(9, form("mine")), ended()])
    found = listed(tmp_path)
    assert {tag: one.steps.tolist() for tag, one in found.items()} == {
        "mine": [4, 9],
        "gradients/w": [8],
    }
    assert found["mine"].wall_times.tolist() == [1.7e9 + 4, 1.7e9 + 9]
    one = found["mine"][1]
    counts, edges = np.histogram(VALUES, bins=64)
    assert one.counts.tolist() == counts.tolist()
    assert np.append(one.left, one.right[-1]).tolist() == edges.tolist()
    assert one.count == len(VALUES)
    assert one.mean == pytest.approx(VALUES.mean(), rel=1e-3)


def test_a_run_without_histograms_lists_none(tmp_path: Path) -> None:
    run_file(folder(tmp_path, "a1"), "a1", [stepped(1, {"loss": 1.0}), ended()])
    assert listed(tmp_path) == {}


def test_a_histogram_whose_file_is_gone_is_unreadable(tmp_path: Path) -> None:
    run_file(folder(tmp_path, "a1"), "a1", [stepped(1, entries("h"))])
    found = listed(tmp_path)["h"]
    shutil.rmtree(tmp_path)
    with pytest.raises(Unreadable, match="no whole histogram"):
        found[0]


def test_intervals_of_one_width_may_be_packed() -> None:
    packed = {"min": -1.0, "size": 0.5, "count": 4}
    one = histogram({"_type": "histogram", "values": [1, 0, 0, 2], "packedBins": packed})
    assert one is not None
    assert (one.left.tolist(), one.right.tolist()) == ([-1, -0.5, 0, 0.5], [-0.5, 0, 0.5, 1])


@pytest.mark.parametrize(
    "change",
    [
        {"values": [1, 2]},
        {"values": "many"},
        {"values": [float("nan")] * 64},
        {"bins": None},
        {"bins": [1e308 * 10] * 65},
        {"packedBins": {"min": 0, "size": 1, "count": 1e12}},
        {"packedBins": {"min": 0, "size": 1}},
        {"_type": "image-file"},
    ],
)
def test_what_is_no_whole_histogram_has_no_norm(change: dict[str, Any]) -> None:
    held = told() | change
    items = [(("gradients/w", key), value) for key, value in held.items()]
    assert list(norms(items)) == []
    assert list(norms([(("gradients/w",), held)])) == []


def test_numbers_that_are_no_part_of_a_histogram_are_left_alone() -> None:
    assert logged([((), 1), (("loss",), 1.0), (("val", "acc"), 0.5), (("m",), {"a": 1})]) == {}


@pytest.mark.needs("torch", "wandb")
@pytest.mark.filterwarnings("ignore")
def test_a_watched_model_gives_the_norms_that_torch_works_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    import wandb

    monkeypatch.setenv("WANDB_SILENT", "true")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    model = torch.nn.Sequential(torch.nn.Linear(20, 50), torch.nn.ReLU(), torch.nn.Linear(50, 1))
    run = wandb.init(dir=str(tmp_path), mode="offline", project="p")
    run.watch(model, log="gradients", log_freq=1)
    expected: dict[str, list[float]] = {name: [] for name, _ in model.named_parameters()}
    for _ in range(4):
        model.zero_grad()
        (model(torch.randn(64, 20)) ** 2).mean().backward()
        run.log({"loss": 1.0})
        for name, parameter in model.named_parameters():
            assert parameter.grad is not None
            expected[name].append(parameter.grad.norm().item())
    run.finish()
    found = only_run(tmp_path / "wandb").series
    for name, values in expected.items():
        series = found[f"gradients/norm/{name}"]
        assert len(series) >= 3  # the client skips the first
        told = [values[step] for step in series.steps.tolist()]
        assert series.values.tolist() == pytest.approx(told, rel=0.1)
