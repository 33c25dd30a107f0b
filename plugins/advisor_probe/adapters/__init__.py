"""What is no ``ProbeTarget`` and can be made one: programs of Lightning and of Hugging Face."""

from __future__ import annotations

from advisor_probe.adapters.huggingface import HuggingFaceAdapter
from advisor_probe.adapters.lightning import LightningAdapter

__all__ = ["HuggingFaceAdapter", "LightningAdapter"]
