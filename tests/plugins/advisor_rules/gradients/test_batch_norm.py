from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.gradients.batch_norm import BatchNorm
from tests.plugins.advisor_rules.conftest import Advise
from tests.plugins.advisor_rules.gradients.needs import LEARNS, STUCK


@pytest.mark.parametrize(
    "config",
    [
        {"norm_layer": "BatchNorm2d", "batch_size": 2},
        {"use_bn": True, "bs": 4},
        {"model.norm_cfg.type": "BN", "data.samples_per_gpu": 1},
    ],
)
def test_batch_norm_over_a_few_samples_is_a_note(advise: Advise, config: dict[str, Value]) -> None:
    (finding,) = advise(BatchNorm(), make_run(series=LEARNS, config=config)).findings
    assert [c.after for c in finding.changes] == ["group norm"]


@pytest.mark.parametrize("off", [{"batch_norm": False}, {"norm_layer": "none"}])
def test_a_deep_net_without_normalization_counts_where_it_does_not_learn(
    advise: Advise, off: dict[str, Value]
) -> None:
    config = off | {"num_layers": 12, "num_classes": 10}
    (finding,) = advise(BatchNorm(), make_run(series=STUCK, config=config)).findings
    assert [c.after for c in finding.changes] == ["batch norm"]
    assert advise(BatchNorm(), make_run(series=LEARNS, config=config)).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"use_bn": True, "bs": 8}, id="8 samples"),
        pytest.param({"use_bn": True}, id="batch not recorded"),
        pytest.param({"norm_type": "GN", "bs": 1}, id="group norm"),
        pytest.param({"norm_layer": "layernorm", "bs": 1}, id="layer norm"),
        pytest.param({"norm_cfg.type": "SyncBN", "samples_per_gpu": 2}, id="synchronized"),
        pytest.param({"use_bn": True, "bs": 2, "sync_bn": True}, id="synchronized by a switch"),
        pytest.param({"use_bn": True, "bs": 2, "backbone.norm_eval": True}, id="frozen"),
        pytest.param(
            {"norm_cfg.type": "BN", "norm_cfg.requires_grad": False, "bs": 2}, id="frozen weights"
        ),
        pytest.param({"use_bn": False, "num_layers": 2}, id="shallow"),
        pytest.param({"use_bn": False}, id="depth not recorded"),
        pytest.param({"use_bn": False, "norm_layer": "ln", "num_layers": 12}, id="another norm"),
        pytest.param({"use_bn": False, "norm_layer": "x", "num_layers": 12}, id="an unknown one"),
    ],
)  # fmt: skip
def test_other_nets_pass(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(series=STUCK, config=config | {"num_classes": 10})
    assert advise(BatchNorm(), run).result == "passed"


@pytest.mark.parametrize("config", [{}, {"bs": 2}, {"normalize": True, "bs": 2}])
def test_what_is_not_recorded_is_not_judged(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(BatchNorm(), make_run(series=STUCK, config=config)).result == "not-applicable"
