"""Losses that are another one each time, as what they ask is drawn at random in validation too."""

from __future__ import annotations

import re

from advisor.curve import Curve
from advisor.view import RunView

_DRAWN = re.compile(
    r"diffusion|ddpm|ddim|num_train_timesteps|noise_?schedul|beta_(schedule|start|end)|"
    r"flow_?matching|(^|[^a-z])(beta_?|c)?vae($|[^a-z])|elbo|mlm|mask(ing)?_(ratio|prob)",
    re.IGNORECASE,
)
"""What names such a loss or model: the noise of diffusion, the code of a variational autoencoder,
the masks of masked modelling. As in Diffusers, Transformers, and the papers' own programs."""


def draws_in_validation(run: RunView, loss: Curve) -> bool:
    """Tell whether a loss, or a setting by its name or its text, is that of such a model."""
    texts = (value for value in run.settings.recorded.values() if isinstance(value, str))
    return any(_DRAWN.search(name) for name in (loss.tag, *run.settings.recorded, *texts))
