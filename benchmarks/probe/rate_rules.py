"""What advisor and other tools suggest as a learning rate, each by its own code."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from advisor_probe.target import ProbeTarget

from .bases import BATCH, HELD, SAMPLES
from .cells import Cell
from .probing import found
from .programs import ABOUT_RATES

LOWEST = 1e-7
"""Where the range test of torch-lr-finder begins, as its own examples do."""

Suggest = Callable[[Cell, int], float]
"""``(cell, seed)`` to a rate."""


def default(cell: Cell, _seed: int) -> float:
    """Return what a user begins with."""
    return cell.default


def advisor(cell: Cell, seed: int) -> float:
    """Return the rate that the report orders; the user's own where it orders none."""
    target: ProbeTarget = cell.target()
    for finding in found(target, ABOUT_RATES, seed=seed):
        if finding.rule == "probe-lr-range" and finding.changes:
            return float(str(finding.changes[0].after))
    return cell.default


def fastai_valley(cell: Cell, seed: int) -> float:
    """Return what fastai's ``lr_find`` suggests by itself."""
    from fastai.callback.schedule import valley
    from fastai.data.core import DataLoaders
    from fastai.learner import Learner
    from fastai.optimizer import OptimWrapper

    torch.manual_seed(seed)
    with tempfile.TemporaryDirectory() as folder, silent():
        learner = Learner(
            DataLoaders(_loader(cell, seed), _loader(cell, seed, held=True)),
            cell.model(),
            loss_func=cell.base.criterion,
            opt_func=partial(OptimWrapper, opt=_like_torch(cell)),
            path=folder,
        )
        return float(learner.lr_find(show_plot=False, suggest_funcs=valley).valley)


def _like_torch(cell: Cell) -> Callable[..., torch.optim.Optimizer]:
    """Return the cell's optimizer as fastai calls one."""
    return lambda parameters, lr, **_more: cell.optimize(parameters, lr)


def torch_lr_finder(cell: Cell, seed: int) -> float:
    """Return the steepest point, as ``LRFinder.plot`` suggests it."""
    from torch_lr_finder import LRFinder

    torch.manual_seed(seed)
    model = cell.model()
    optimizer = cell.optimize(model.parameters(), LOWEST)
    with silent():
        finder = LRFinder(model, optimizer, cell.base.criterion, device="cpu")
        finder.range_test(_loader(cell, seed), num_iter=100)
        return float(finder.plot(ax=_Axes())[1])


class _Axes:
    """Stands for matplotlib's axes: what is drawn is not wanted."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_given, **_more: None


def lightning_tuner(cell: Cell, seed: int) -> float:
    """Return what Lightning's ``Tuner.lr_find`` suggests by itself."""
    import lightning
    from lightning.pytorch.tuner.tuning import Tuner

    torch.manual_seed(seed)
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, silent():
        trainer = lightning.Trainer(
            accelerator="cpu", default_root_dir=folder, logger=False, max_epochs=30,
            enable_progress_bar=False, enable_model_summary=False, enable_checkpointing=False,
        )  # fmt: skip
        module = _lightning_module(cell)
        found_ = Tuner(trainer).lr_find(module, _loader(cell, seed))
        suggested = found_.suggestion() if found_ else None
    return float(suggested) if suggested else cell.default


def _lightning_module(cell: Cell) -> Any:
    import lightning

    class Module(lightning.LightningModule):
        """The cell as Lightning wants it."""

        def __init__(self) -> None:
            super().__init__()
            self.model, self.lr = cell.model(), cell.default

        def training_step(self, batch: Any, _number: int) -> torch.Tensor:
            """Return the loss."""
            return cell.base.loss(self.model, batch)

        def configure_optimizers(self) -> torch.optim.Optimizer:
            """Return the cell's optimizer."""
            return cell.optimize(self.parameters(), self.lr)

    return Module()


RULES: dict[str, Suggest] = {
    "plain default": default,
    "advisor": advisor,
    "fastai valley": fastai_valley,
    "torch-lr-finder steepest": torch_lr_finder,
    "Lightning Tuner": lightning_tuner,
}


def _loader(cell: Cell, seed: int, *, held: bool = False) -> Any:
    data = TensorDataset(*(cell.base.data(HELD, 1) if held else cell.base.data(SAMPLES, 0)))
    made = torch.Generator().manual_seed(seed)
    return DataLoader(data, BATCH, shuffle=not held, generator=made)


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Let other tools print and warn to nobody."""
    nobody = io.StringIO()
    with (
        contextlib.redirect_stdout(nobody),
        contextlib.redirect_stderr(nobody),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
