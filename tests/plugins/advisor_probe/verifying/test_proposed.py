"""From a report to what short trainings say of its changes, in processes of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from advisor.cli import main
from advisor.errors import UsageError
from advisor.prober import VerifyRequest
from advisor.report import Report, Settled
from advisor.testing.reports import empty_report
from advisor.text import message
from advisor.verification import Verification
from advisor_probe.prober import TorchProber
from tests.plugins.advisor_probe.proposing import BODY, apart, proposing
from tests.plugins.advisor_probe.writing import program
from tests.support import PLUGINS

pytestmark = pytest.mark.needs("torch")

EXAMPLES = Path(__file__).parents[4] / "examples" / "recorded"


def tried(
    folder: Path, *changes: dict[str, Any], body: str = BODY, horizon: int = 60, **more: Any
) -> tuple[Verification, ...]:
    """Verify changes of one finding on a target."""
    return verified(folder, proposing(*changes), body, horizon, **more)


def verified(
    folder: Path, report: Report, body: str = BODY, horizon: int = 60, **more: Any
) -> tuple[Verification, ...]:
    """Verify the changes of a report on a target."""
    spec = program(folder, body.replace("HORIZON", str(horizon)))
    request = VerifyRequest(target=spec, training=30, device="cpu", **more)
    return tuple(TorchProber().verify(request, report, lambda _: None))


def rulings(*args: Any, **more: Any) -> list[str]:
    return [one.ruling for one in tried(*args, **more)]


def test_a_better_and_a_worse_rate_are_told_apart(tmp_path: Path) -> None:
    changes = {"parameter": "learning_rate", "to": 1e-2}, {"parameter": "lr", "to": 1e-9}
    raised, lowered = verified(tmp_path, apart(*changes))
    assert (raised.ruling, lowered.ruling) == ("better", "worse")
    assert raised.low is not None
    assert raised.low > 0.05
    assert (raised.before, raised.setting, raised.steps, raised.horizon) == (1e-3, "lr", 30, 60)
    assert lowered.high is not None
    assert lowered.high < 0


def test_changes_of_one_finding_are_tried_together(tmp_path: Path) -> None:
    rate = {"parameter": "learning_rate", "to": 1e-2}
    (both,) = tried(tmp_path, rate, {"parameter": "dropout", "to": 0.0})
    assert (both.ruling, both.parameter) == ("better", "learning_rate")
    assert [(one.setting, one.before, one.after) for one in both.together] == [
        ("dropout", 0.1, 0.0)
    ]
    assert both.message.text.startswith("`learning_rate` 1e-3 to 0.01 and `dropout` 0.1 to 0: ")
    (alone,) = tried(tmp_path, rate)
    assert alone.gain != both.gain


def test_changes_that_go_together_are_refused_together(tmp_path: Path) -> None:
    rate = {"parameter": "learning_rate", "to": 1e-2}
    (one,) = tried(tmp_path, rate, {"parameter": "weight_init", "to": "he"})
    assert one.ruling == "not-verifiable"
    assert "no setting for `weight_init`" in one.message.text
    assert [t.parameter for t in one.together] == ["weight_init"]


def test_what_a_probe_refuted_is_not_tried(tmp_path: Path) -> None:
    report = proposing({"parameter": "learning_rate", "to": 1e-2})
    told = Settled(outcome="refuted", message=message("test", "No."))
    first = report.diagnoses[0]
    refuted = first.hypotheses[0].model_copy(update={"settled": told})
    diagnosis = first.model_copy(update={"hypotheses": (refuted,)})
    report = report.model_copy(update={"diagnoses": (diagnosis, *report.diagnoses[1:])})
    request = VerifyRequest(target=program(tmp_path, "raise SystemExit"), device="cpu")
    assert TorchProber().verify(request, report, lambda _: None) == ()


def test_the_same_seed_says_the_same(tmp_path: Path) -> None:
    change = {"parameter": "dropout", "to": 0.5}
    assert tried(tmp_path, change) == tried(tmp_path, change)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"parameter": "weight_init", "to": "he"}, "no setting for `weight_init`"),
        ({"parameter": "dropout", "to": "less of it"}, "names no value"),
        ({"parameter": "learning_rate", "to": 1e-3}, "set so already"),
        ({"parameter": "momentum", "to": 0.8}, "does not use `momentum`"),
        ({"parameter": "dropout", "to": 7.0}, "training with it failed"),
        ({"parameter": "dropout", "to": 0.2, "horizon": "full"}, "at least 500 steps"),
    ],
)
def test_what_cannot_be_tried_says_why(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    (one,) = tried(tmp_path, change, horizon=1000)
    assert one.ruling == "not-verifiable"
    assert why in one.message.text
    assert one.pairs == 0


def test_a_late_effect_needs_a_known_horizon_and_half_of_it(tmp_path: Path) -> None:
    change = {"parameter": "learning_rate", "to": 1e-2, "horizon": "full"}
    assert rulings(tmp_path, change, horizon=60) == ["better"]
    assert rulings(tmp_path, change, horizon=61) == ["not-verifiable"]
    body = BODY.replace("        steps=HORIZON,\n", "")
    (one,) = tried(tmp_path, change, body=body)
    assert "`steps` of the ProbeTarget" in one.message.text


def test_a_rate_that_diverges_is_worse_and_counted(tmp_path: Path) -> None:
    (one,) = tried(tmp_path, {"parameter": "learning_rate", "to": 1e30})
    assert one.ruling == "worse"
    assert one.message.params["cost"] is not None
    assert "no number in the end: 0 as it is, 4 with the change" in one.message.text


def test_a_head_start_is_open_where_the_real_training_is_longer(tmp_path: Path) -> None:
    change = {"parameter": "learning_rate", "to": 1e-2}
    (whole,) = tried(tmp_path, change, horizon=30)
    (part,) = tried(tmp_path, change, horizon=3000)
    (unknown,) = tried(tmp_path, change, body=BODY.replace("        steps=HORIZON,\n", ""))
    assert (whole.ruling, whole.pairs) == ("better", 4)
    for one, steps in ((part, "3,000"), (unknown, "300")):
        assert (one.ruling, one.pairs) == ("undecided", 8)
        assert one.low is not None
        assert one.low > 0.05
        assert f"may catch up within {steps} steps" in one.message.text


def test_what_overfits_later_is_better_with_its_best_weights_and_says_so(tmp_path: Path) -> None:
    body = """
def made():
    class Dipping(nn.Module):
        def __init__(self, fast):
            super().__init__()
            self.fast, self.weight = fast, nn.Parameter(torch.tensor(2.0 + torch.rand(()).item()))
    def step(m, o, b):
        with torch.no_grad():
            m.weight -= 0.1 if m.fast else 0.01
        return float(m.weight)
    return target(model=lambda s: Dipping(s["fast"]), loss=lambda m, b: m.weight.square() + 1,
                  step=step, steps=30, settings={"fast": False, "lr": 1e-3})
"""
    (one,) = tried(tmp_path, {"parameter": "fast", "to": True}, body=body)
    assert (one.ruling, one.pairs) == ("better", 4)
    assert "keep the best weights" not in one.message.text
    (late,) = tried(tmp_path, {"parameter": "fast", "to": True}, body=body.replace("0.1", "0.25"))
    assert late.ruling == "better"
    assert "keep the best weights" in late.message.text


def test_a_budget_ends_it_without_a_ruling(tmp_path: Path) -> None:
    (one,) = tried(tmp_path, {"parameter": "learning_rate", "to": 1e-2}, steps=100)
    assert (one.ruling, one.pairs, one.gain) == ("undecided", 0, None)


def test_small_noise_is_not_called_better(tmp_path: Path) -> None:
    assert rulings(tmp_path, {"parameter": "dropout", "to": 0.1001})[0] in (
        "undecided",
        "no-difference",
    )


def test_a_larger_batch_gets_as_many_samples(tmp_path: Path) -> None:
    body = """
def made():
    def counted(s):
        for batch in batches():
            for part in zip(batch[0].split(s["bs"]), batch[1].split(s["bs"])):
                print(len(part[0]), file=open(r"FILE", "a"))
                yield part
    return target(train=counted, settings={"bs": 16})
""".replace("FILE", str(tmp_path / "seen"))
    tried(tmp_path, {"parameter": "batch_size", "to": 4}, body=body)
    seen = [int(line) for line in (tmp_path / "seen").read_text().split()]
    fours = seen.count(4)
    assert fours * 4 == (seen.count(16) - 2) * 16 or fours % 120 == 0


def test_pairs_see_the_data_in_one_order_whatever_the_model_draws(tmp_path: Path) -> None:
    body = """
def made():
    made = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.arange(32.0)[:, None], torch.zeros(32)),
        batch_size=4, shuffle=True, generator=torch.Generator().manual_seed(5),
    )
    def net(s):
        return nn.Sequential(nn.Linear(1, 4), nn.Dropout(s["dropout"]), nn.Linear(4, 1))
    def noted(m, b, s):
        if m.training:
            print(s["dropout"], *b[0].flatten().int().tolist(), file=open(r"FILE", "a"))
        return (m(b[0]).squeeze(1) - b[1]).pow(2).mean()
    return target(model=net, loss=noted, train=made, val=[made.dataset[:]],
                  settings={"dropout": 0.1})
""".replace("FILE", str(tmp_path / "seen"))
    tried(tmp_path, {"parameter": "dropout", "to": 0.5}, body=body, steps=60)
    lines = (tmp_path / "seen").read_text().splitlines()
    orders = {
        kept: [line.split()[1:] for line in lines if line.startswith(kept)][:30]
        for kept in ("0.1", "0.5")
    }
    assert len(orders["0.5"]) == 30
    assert orders["0.1"] == orders["0.5"]
    assert orders["0.1"][:8] != orders["0.1"][8:16]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("def made(): raise OSError('no data')", "no data"),
        ("def made(): return target(val=None)", "val is missing"),
        (
            "def made():\n    def step(m, o, b): raise OSError('broken')\n"
            "    return target(step=step, settings={'dropout': 0.1})",
            "cannot be trained as it is: OSError: broken",
        ),
    ],
)
def test_a_target_that_cannot_be_trained_is_a_usage_error(
    tmp_path: Path, body: str, why: str
) -> None:
    with pytest.raises(UsageError, match=why):
        tried(tmp_path, {"parameter": "dropout", "to": 0.3}, body=body)


def test_a_report_without_changes_needs_no_training(tmp_path: Path) -> None:
    request = VerifyRequest(target=program(tmp_path, "raise SystemExit"), device="cpu")
    assert TorchProber().verify(request, empty_report(), lambda _: None) == ()


def test_the_command_writes_what_was_measured_into_the_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = program(tmp_path, BODY.replace("HORIZON", "60"))
    report = proposing({"parameter": "learning_rate", "to": 1e-2})
    Path("report.json").write_text(report.to_json(), encoding="utf-8")
    command = ["verify", "report.json", "--target", spec, "--steps", "30", "--device", "cpu"]
    assert main([*command, "-o", "verified.json", "--only", "learning_rate"]) == 0
    printed = capsys.readouterr().out
    assert "Measured: learning_rate 1e-3 to 0.01: better by" in printed
    again = json.loads(Path("verified.json").read_text(encoding="utf-8"))
    assert [one["ruling"] for one in again["verifications"]] == ["better"]
    assert again["verifications"][0]["findings"] == [report.findings[0].id]
    assert main(["render", "verified.json", "-o", "page.html"]) == 0
    assert "better by" in Path("page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("margin", ["0", "150%", "none", "-1%"])
def test_a_margin_that_is_no_share_is_a_usage_error(
    tmp_path: Path, margin: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.json"
    path.write_text(proposing().to_json(), encoding="utf-8")
    assert main(["verify", str(path), "--target", "t:t", f"--margin={margin}"]) == 2
    assert "--margin" in capsys.readouterr().err


SLOW = BODY.replace('"lr": 1e-3', '"lr": 1e-6').replace("HORIZON", "60")
FAST = SLOW.replace('"lr": 1e-6', '"lr": 3.0')
SHORT = ["--verify", "--verify-steps", "30", "--device", "cpu", "--format", "json"]


def test_a_probe_tries_what_it_proposes_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command = ["probe", program(tmp_path, SLOW), "--only", "loop,rates,rate-choice"]
    assert main([*command, *SHORT]) == 0
    report = json.loads(capsys.readouterr().out)
    (one,) = report["verifications"]
    assert (one["parameter"], one["ruling"], one["pairs"]) == ("learning_rate", "better", 4)
    assert "probe-lr-range" in one["findings"][0]


def test_logs_settled_by_a_probe_have_their_changes_tried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    logs = str(EXAMPLES / "digits-mlp-diverged")
    threads = ["--plugin", str(PLUGINS / "threads.py"), "--executor", "threads"]
    command = ["run", logs, "--probe", program(tmp_path, FAST), "--select", "diverged", *threads]
    assert main([*command, *SHORT, "--fail-on", "never"]) == 0
    verified = json.loads(capsys.readouterr().out)["verifications"]
    assert [(one["parameter"], one["setting"]) for one in verified] == [("learning_rate", "lr")]
    assert verified[0]["ruling"] == "better"


def test_what_is_to_be_verified_needs_a_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(tmp_path), "--verify"]) == 2
    assert "--probe TARGET" in capsys.readouterr().err
