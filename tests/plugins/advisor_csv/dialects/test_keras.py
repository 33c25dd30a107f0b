from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.run import Axis, Run

Write = Callable[..., Path]
RunOf = Callable[[Path], Run]

HEADER = "epoch,accuracy,loss,val_accuracy,val_loss\n"


def test_na_is_missing_and_the_folder_names_the_run(write: Write, run_of: RunOf) -> None:
    run = run_of(write("a/training.log", HEADER + "0,0.5,1,NA,NA\n1,0.6,0.9,0.5,nan\n"))
    assert (run.source, run.name) == ("Keras CSVLogger", "a")
    assert run.series["loss"].axis is Axis.EPOCH
    assert run.series["loss"].steps.tolist() == [0, 1]
    assert run.series["val_accuracy"].steps.tolist() == [1]


def test_an_appended_training_is_a_segment(write: Write, run_of: RunOf) -> None:
    part = "".join(f"{epoch},0.5,1,0.5,1\n" for epoch in range(4))
    segments = run_of(write("log.csv", HEADER + part + part)).series["loss"].segments
    assert segments is not None
    assert segments.tolist() == [0] * 4 + [1] * 4


@pytest.mark.parametrize(
    ("header", "keras"),
    [
        pytest.param("epoch,accuracy,loss", True, id="no validation"),
        pytest.param("epoch,accuracy,loss,val_accuracy,val_loss", True, id="validation"),
        pytest.param("epoch,loss,zeta,val_loss,val_zeta", True, id="validation that never came"),
        pytest.param("epoch,loss,accuracy", False, id="another order"),
        pytest.param("accuracy,epoch,loss", False, id="epoch not first"),
    ],
)
def test_keras_sorts_its_columns(write: Write, run_of: RunOf, header: str, keras: bool) -> None:
    count = header.count(",")
    text = f"{header}\n" + "".join(f"{epoch}{',1' * count}\n" for epoch in range(3))
    assert (run_of(write("log.csv", text)).source == "Keras CSVLogger") is keras


@pytest.mark.needs("keras", "torch")
@pytest.mark.filterwarnings("ignore")
def test_what_keras_writes_is_read(
    tmp_path: Path, run_of: RunOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    from keras.callbacks import CSVLogger

    for append in (False, True):
        logger = CSVLogger(tmp_path / "training.csv", append=append)
        logger.on_train_begin()
        for epoch in range(4):
            logs = {"loss": 1 / (epoch + 1), "accuracy": 0.5}
            more = {"val_loss": 0.25} if epoch % 2 == 0 else {}
            logger.on_epoch_end(epoch, logs | more)
        logger.on_train_end()

    run = run_of(tmp_path)
    assert (run.name, run.source) == (".", "Keras CSVLogger")
    assert run.series["loss"].values.tolist() == [1, 1 / 2, 1 / 3, 1 / 4] * 2
    assert run.series["val_loss"].steps.tolist() == [0, 2, 0, 2]
    segments = run.series["loss"].segments
    assert segments is not None
    assert segments.tolist() == [0] * 4 + [1] * 4
