from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from advisor.notes import NoteKind
from advisor.run import Axis, Run

Write = Callable[..., Path]
RunOf = Callable[[Path], Run]

SPARSE = "train/loss,rollout/ep_rew_mean,time/total_timesteps\n,-8.1,200\n0.5,-7.9,400\n"
AGENT = "Epoch\tAverageEpRet\tTotalEnvInteracts\tLossV\n0\t-205\t4000\t33\n1\t-99\t8000\t20\n"
SETTINGS = """{
    "ac_kwargs":\t{"hidden_sizes":\t[32, 32]},
    "logger":\t{"<Logger object at 0x7f>":\t{"output_dir":\t"/home/me"}},
    "pi_lr":\t0.03
}"""


def test_stable_baselines_counts_steps_of_the_environment(write: Write, run_of: RunOf) -> None:
    run = run_of(write("dqn/progress.csv", SPARSE))
    assert (run.name, run.source) == ("dqn", "Stable-Baselines3 progress.csv")
    loss = run.series["train/loss"]
    assert (loss.axis, loss.steps.tolist()) == (Axis.ENV_STEP, [400])
    assert run.series["rollout/ep_rew_mean"].steps.tolist() == [200, 400]


def test_spinning_up_has_its_settings_without_printed_objects(write: Write, run_of: RunOf) -> None:
    write("vpg_s0/config.json", SETTINGS)
    run = run_of(write("vpg_s0/progress.txt", AGENT))
    assert (run.name, run.source) == ("vpg_s0", "Spinning Up progress.txt")
    assert run.series["AverageEpRet"].axis is Axis.ENV_STEP
    found = {path: (entry.value, entry.origin) for path, entry in run.config.items()}
    assert found == {
        "ac_kwargs.hidden_sizes": ((32, 32), "vpg_s0/config.json:ac_kwargs.hidden_sizes"),
        "pi_lr": (0.03, "vpg_s0/config.json:pi_lr"),
    }


def test_settings_that_are_no_json_are_noted(write: Write, run_of: RunOf) -> None:
    write("vpg_s0/config.json", '{\n"pi_lr": }')
    (found,) = run_of(write("vpg_s0/progress.txt", AGENT)).notes
    assert found.kind is NoteKind.CONFIG_UNREADABLE
    assert "not JSON at line 2" in found.message.text


def test_another_progress_csv_is_a_plain_table(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a/progress.csv", "step,loss\n0,2\n1,1\n"))
    assert run.source == "CSV table"
