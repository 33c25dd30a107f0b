"""The documents and papers that rules cite, each with what it supports.

The key in ``Citation.key`` is the letter and section of the source in the advice catalogue.
"""

from __future__ import annotations

from advisor.finding import Citation

_BULLETTECH = "Void (2021), Tips for Tuning Neural Networks"
_NOTES = "Hyperparameter Tuning, study notes on CS231n lecture 6 and on Karpathy's recipe"
_OVERVIEW = "What is neural network tuning? (overview article)"
_WANDB = "Weights & Biases, Training neural networks"


def bullettech(section: int, supports: str) -> Citation:
    """Cite the tips by Void, by section."""
    return Citation(source=_BULLETTECH, supports=supports, key=f"B{section}")


def notes(supports: str) -> Citation:
    """Cite the study notes on tuning."""
    return Citation(
        source=_NOTES, supports=supports, url="https://cs231n.github.io/neural-networks-3/", key="N"
    )


def overview(supports: str) -> Citation:
    """Cite the overview article."""
    return Citation(source=_OVERVIEW, supports=supports, key="O")


def wandb(section: int, supports: str) -> Citation:
    """Cite the Weights & Biases guide, by section."""
    return Citation(source=_WANDB, supports=supports, key=f"W{section}")
