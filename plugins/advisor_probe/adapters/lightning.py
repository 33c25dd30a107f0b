"""A Lightning module with its data, as a target: ``return module, datamodule``."""

from __future__ import annotations

from typing import Any

from advisor.text import told
from advisor_probe.target import ProbeTarget, TargetError


class LightningAdapter:
    """Takes ``(LightningModule, LightningDataModule)``, or loaders in place of the latter."""

    name = "lightning"
    summary = "(LightningModule, LightningDataModule), or (module, train loader, val loader)"

    def adapt(self, found: object) -> ProbeTarget | None:
        """Return the target, or ``None`` if this is no such pair. Raises ``TargetError``."""
        if not isinstance(found, tuple) or not _is_module(found[0]):
            return None
        module = found[0]
        if not module.automatic_optimization:
            raise TargetError("the module optimizes by hand; write a ProbeTarget with its step")
        train, val = _data(found[1:])
        return ProbeTarget(
            model=lambda: module, loss=_loss, train=train, val=val, optimizer=_optimizer
        )


def _is_module(found: object) -> bool:
    """Tell by the names of its bases, so that Lightning need not be imported."""
    return any(
        base.__name__ == "LightningModule" and "lightning" in base.__module__
        for base in type(found).__mro__
    )


def _data(given: tuple[Any, ...]) -> tuple[Any, Any]:
    if len(given) == 1 and hasattr(given[0], "train_dataloader"):
        data = given[0]
        data.prepare_data()
        data.setup("fit")
        return data.train_dataloader(), data.val_dataloader()
    if len(given) in (1, 2):
        return given[0], given[1] if len(given) == 2 else None
    raise TargetError("after the module a data module is wanted, or one or two loaders")


def _loss(module: Any, batch: Any) -> Any:
    """Take the module's own training step; what it logs goes nowhere."""
    for name in ("log", "log_dict"):
        object.__setattr__(module, name, lambda *_args, **_more: None)
    given = module.training_step(batch, 0)
    return given["loss"] if isinstance(given, dict) else given


def _optimizer(module: Any) -> Any:
    given = module.configure_optimizers()
    found = given[0] if isinstance(given, tuple) else given
    found = found["optimizer"] if isinstance(found, dict) else found
    if isinstance(found, list):
        if len(found) != 1:
            text = "the module has {n:step} optimizers; a probe trains with one"
            raise TargetError(told(text, n=len(found)))
        found = found[0]
    return found
