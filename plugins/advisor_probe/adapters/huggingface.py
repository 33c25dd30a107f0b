"""A Hugging Face ``Trainer``, as a target: ``return trainer``."""

from __future__ import annotations

from typing import Any

from advisor_probe.target import ProbeTarget


class HuggingFaceAdapter:
    """Takes a ``Trainer`` with a model, as it is before ``train()``."""

    name = "huggingface"
    summary = "a Trainer of transformers"

    def adapt(self, found: object) -> ProbeTarget | None:
        """Return the target, or ``None`` if this is no Trainer."""
        if not any(
            base.__name__ == "Trainer" and base.__module__.startswith("transformers")
            for base in type(found).__mro__
        ):
            return None
        return _target(found)


def _target(trainer: Any) -> ProbeTarget:
    def optimizer(model: Any) -> Any:
        made, settings = trainer.get_optimizer_cls_and_kwargs(trainer.args, model)
        return made([p for p in model.parameters() if p.requires_grad], **settings)

    held_out = trainer.eval_dataset is not None
    return ProbeTarget(
        model=lambda: trainer.model,
        loss=_loss,
        train=trainer.get_train_dataloader,
        val=trainer.get_eval_dataloader if held_out else None,
        optimizer=optimizer,
    )


def _loss(model: Any, batch: Any) -> tuple[Any, Any, Any]:
    """Return the model's own loss, with its logits and the labels."""
    given = model(**batch)
    return given.loss, given.logits, batch.get("labels")
