from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.reader import Claim, Refusal

Write = Callable[..., Path]
Claims = Callable[[Path], list[Claim]]
Refusals = Callable[[Path], list[Refusal]]

LOG = "epoch,loss,val_loss\n0,3,4\n1,2,3\n2,1,2\n"

IRIS = "sepal_length,sepal_width,species\n5.1,3.5,setosa\n4.9,3.0,setosa\n"

CHART = '"Step","a - loss","a - loss__MIN","a - loss__MAX"\n"0","1","1","1"\n"1","2","2","2"\n'

RUNS_TABLE = '"Name","State","Created","Runtime","lr","epoch"\n"a","finished","x","1","0.1","3"\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("anything.csv", LOG, id="epochs"),
        pytest.param("anything.tsv", LOG.replace(",", "\t"), id="tabs"),
        pytest.param("progress.txt", LOG.replace(",", "\t"), id="a text file"),
        pytest.param("training.log", LOG, id="a log file"),
        pytest.param("a.csv", "step,train_loss\n0,1\n1,1\n", id="step and a metric"),
        pytest.param("a.csv", "iteration,x\n0,1\n1,2\n", id="iteration and anything"),
        pytest.param("fit.csv", "ep,mse_usd,holdout_mse_usd\n0,9,9\n1,8,8\n", id="ep"),
        pytest.param("fit.csv", "Ep.,mse\n0,9\n1,8\n", id="ep with a full stop"),
        pytest.param("fit.csv", "iter_num,mse\n0,9\n50,8\n", id="a numbered iteration"),
        pytest.param("fit.csv", "n_updates,mse\n0,9\n50,8\n", id="updates"),
        pytest.param("progress.csv", "step,x\n0,1\n1,2\n", id="step, and the name of a log"),
        pytest.param(
            "history.csv", ",loss,acc\n0,1,1\n1,1,2\n", id="metrics, and the name of a log"
        ),
        pytest.param("a.csv", "loss,val_loss\n1,1\n1,2\n", id="one quantity twice"),
        pytest.param("log.csv", "epoch,loss\n0.5,3\n1.0,2\n", id="fractional epochs"),
        pytest.param(
            "a.csv", "run,epoch,loss\n" + "a,0,1\na,1,1\na,2,1\nb,0,1\nb,1,1\nb,2,1\n", id="runs"
        ),
        pytest.param("log.csv", "epoch," + "x" * 5000 + ",loss\n0,1,2\n", id="a very long header"),
    ],
)
def test_a_log_is_claimed(write: Write, claims_of: Claims, name: str, text: str) -> None:
    assert [claim.files for claim in claims_of(write(name, text))] == [(name,)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("iris.csv", IRIS, id="features and a target"),
        pytest.param("training_data.csv", IRIS, id="a training set"),
        pytest.param(
            "fraud.csv", "step,type,amount\n1,PAYMENT,9.5\n1,TRANSFER,1\n2,CASH,3\n", id="a step"
        ),
        pytest.param("claims.csv", "id,cat1,cont1,loss\n1,A,0.5,2213\n2,B,0.2,1283\n", id="a loss"),
        pytest.param("sales.csv", "date,time,sales\n2024-01-01,10:00,5\n", id="a time series"),
        pytest.param("numbers.csv", "1,2,3\n4,5,6\n", id="numbers only"),
        pytest.param("words.txt", "the epoch, it seems, is over\nand so, to bed\n", id="prose"),
        pytest.param("notes.csv", "epoch,note\n1,good\n2,bad\n", id="words by epoch"),
        pytest.param("empty.csv", "", id="empty"),
        pytest.param("photo.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, id="binary"),
        pytest.param("wandb_export.csv", CHART, id="a W&B chart, which another reader takes"),
        pytest.param("metrics.csv", CHART, id="a W&B chart by the name of a log"),
        pytest.param("log.txt", "", id="an empty text file"),
        pytest.param("a.json", LOG, id="another suffix"),
    ],
)
def test_what_is_no_log_is_left_alone(
    write: Write, claims_of: Claims, refusals_of: Refusals, name: str, text: str | bytes
) -> None:
    logs = write(name, text)
    write("beside.md", "x")
    assert claims_of(logs) == []
    assert refusals_of(logs) == []


@pytest.mark.parametrize("name", ["metrics.csv", "results.csv", "progress.csv", "log_1.csv"])
@pytest.mark.parametrize(
    ("text", "seen"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("epoch,step,loss\n", "header", id="a header only"),
        pytest.param("0,1.5\n1,1.2\n", "numbers", id="no header"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "text", id="binary"),
        pytest.param("version https://git-lfs.github.com/spec/v1\noid 1\n", "Git LFS", id="LFS"),
        pytest.param("run_name,lr,val_loss\na,0.1,2\nb,0.2,1\n", "run_name", id="a row per run"),
        pytest.param("lr,batch_size,dropout,acc\n0.1,8,0,1\n1,8,0,2\n", "per run", id="a sweep"),
        pytest.param(IRIS, "sepal_length", id="a data set"),
    ],
)
def test_a_file_by_the_name_of_a_log_is_refused_with_what_was_seen(
    write: Write, claims_of: Claims, refusals_of: Refusals, name: str, text: str | bytes, seen: str
) -> None:
    logs = write(name, text)
    (refusal,) = refusals_of(logs)
    assert claims_of(logs) == []
    assert refusal.file == name
    assert seen in refusal.reason
    assert refusal.cure


FALLING = "".join(f"{row},{3 * 0.9**row},{row % 3}\n" for row in range(20))
SHUFFLED = "".join(f"{row},{7 * row % 20},{row % 3}\n" for row in range(20))


def test_a_table_whose_loss_falls_is_not_passed_over_in_silence(
    write: Write, claims_of: Claims, refusals_of: Refusals
) -> None:
    logs = write("fit.csv", "pass,mse,other\n" + FALLING)
    (refusal,) = refusals_of(logs)
    assert claims_of(logs) == []
    assert "falls like a loss" in refusal.reason
    assert "step or epoch" in refusal.cure


def test_what_is_said_of_such_a_table_makes_it_a_log(write: Write, claims_of: Claims) -> None:
    assert claims_of(write("fit.csv", "pass,mse,other\n" + FALLING) / "fit.csv")
    assert claims_of(write("fit.csv", "epoch,mse,other\n" + FALLING))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("a.csv", "id,loss,x\n" + SHUFFLED, id="a loss per sample"),
        pytest.param("a.csv", "day,price,x\n" + FALLING, id="no loss"),
        pytest.param("a.csv", "id,loss,x\n0,3,1\n1,2,1\n2,1,1\n", id="few rows"),
        pytest.param("a.csv", "run,loss,x\n" + FALLING, id="a row per run"),
        pytest.param("a.txt", "pass,loss,x\n" + FALLING, id="a text"),
    ],
)
def test_of_tables_that_are_hardly_logs_nothing_is_said(
    write: Write, refusals_of: Refusals, name: str, text: str
) -> None:
    assert refusals_of(write(name, text)) == []


@pytest.mark.parametrize("name", ["wandb_export.csv", "project.csv"])
def test_a_wandb_runs_table_is_refused_whatever_its_name(
    write: Write, claims_of: Claims, refusals_of: Refusals, name: str
) -> None:
    logs = write(name, RUNS_TABLE)
    assert claims_of(logs) == []
    assert "W&B" in refusals_of(logs)[0].reason


def test_a_data_set_named_as_logs_is_refused(write: Write, refusals_of: Refusals) -> None:
    (refusal,) = refusals_of(write("iris.csv", IRIS) / "iris.csv")
    assert refusal.file == "iris.csv"


def test_a_file_named_as_logs_names_the_run(write: Write, claims_of: Claims) -> None:
    logs = write("version_0/metrics.csv", "epoch,step,loss\n0,0,1\n0,1,1\n")
    (claim,) = claims_of(logs / "version_0" / "metrics.csv")
    assert claim.root == "metrics"


def test_a_known_logger_names_the_run_by_its_folder(write: Write, claims_of: Claims) -> None:
    logs = write("a/version_0/metrics.csv", "epoch,step,loss\n0,0,1\n0,1,1\n")
    write("metrics.csv", "epoch,step,loss\n0,0,1\n0,1,1\n")
    write("tables/b.csv", LOG.replace("val_loss", "acc"))
    assert [claim.root for claim in claims_of(logs)] == ["a/version_0", ".", "tables/b"]


def test_two_tables_of_one_folder_are_two_runs(write: Write, claims_of: Claims) -> None:
    write("a.csv", LOG)
    logs = write("b.csv", LOG)
    assert [claim.root for claim in claims_of(logs)] == ["a", "b"]


def test_no_two_runs_have_one_name(write: Write, claims_of: Claims) -> None:
    write("a.csv", LOG)
    logs = write("a.tsv", LOG.replace(",", "\t"))
    assert [claim.root for claim in claims_of(logs)] == ["a.csv", "a.tsv"]


def test_a_guess_is_less_sure_than_a_step_column_and_that_than_a_known_logger(
    write: Write, claims_of: Claims
) -> None:
    write("a/metrics.csv", "epoch,step,loss\n0,0,1\n0,1,1\n")
    write("b/b.csv", "step,loss\n0,1\n1,1\n")
    logs = write("c/c.csv", "loss,val_loss\n0,1\n1,1\n")
    sure, plain, guess = (claim.certainty for claim in claims_of(logs))
    assert sure >= 90 > plain > guess >= 10
