from __future__ import annotations

from collections.abc import Mapping

import pytest

from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.fit.pretrained_backbone import PretrainedBackbone
from tests.plugins.advisor_rules.conftest import Advise
from tests.plugins.advisor_rules.fit.fits import GOOD, OVER, UNDER

Curves = Mapping[str, Floats]
SCRATCH: dict[str, Value] = {"model.backbone": "resnet50", "model.pretrained": False}
WHOLLY: dict[str, Value] = {"arch": "vit_b", "pretrained": True, "freeze": False, "n_train": 800}


@pytest.mark.parametrize(
    ("series", "config", "parameter"),
    [
        pytest.param(OVER, SCRATCH, "pretrained", id="overfits from scratch"),
        pytest.param(UNDER, SCRATCH, "pretrained", id="underfits from scratch"),
        pytest.param(OVER, {"imgsz": 640, "pretrained": "no"}, "pretrained", id="by image size"),
        pytest.param(OVER, {"arch": "wav2vec2", "pretrained": 0}, "pretrained", id="speech"),
        pytest.param(OVER, WHOLLY, "frozen", id="a whole backbone on 800 samples"),
    ],
)
def test_a_poor_fit_without_the_help_of_a_backbone_is_a_note(
    advise: Advise, series: Curves, config: dict[str, Value], parameter: str
) -> None:
    (finding,) = advise(PretrainedBackbone(), make_run(series=series, config=config)).findings
    assert [change.parameter for change in finding.changes] == [parameter]


@pytest.mark.parametrize(
    ("series", "config"),
    [
        (GOOD, SCRATCH),
        (OVER, SCRATCH | {"model.pretrained": True}),
        (OVER, SCRATCH | {"weights": "yolov5n.pt", "resume": "runs/last.pt"}),
        (OVER, SCRATCH | {"init_checkpoint": "resnet50.pth"}),
        (OVER, WHOLLY | {"freeze": True}),
        (OVER, WHOLLY | {"n_train": 100_000}),
        (OVER, {"arch": "vit_b", "pretrained": True, "n_train": 800}),
        (UNDER, WHOLLY),
        (GOOD, WHOLLY),
    ],
)
def test_a_run_that_fits_or_uses_a_backbone_passes(
    advise: Advise, series: Curves, config: dict[str, Value]
) -> None:
    assert advise(PretrainedBackbone(), make_run(series=series, config=config)).result == "passed"


@pytest.mark.parametrize(
    "config",
    [{}, {"arch": "resnet50"}, {"pretrained": False}, {"arch": "mlp", "pretrained": False}],
)
def test_what_the_config_does_not_say_is_not_guessed(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(series=OVER, config=config)
    assert advise(PretrainedBackbone(), run).result == "not-applicable"
