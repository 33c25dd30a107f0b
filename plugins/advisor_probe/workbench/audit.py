"""Whether gradients are cleared between steps: an exact check, whatever the loop looks like."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


class GradientAudit:
    """Watches an optimizer for gradients of before the last step that meet the next backward.

    Exact: accumulation, clipping, closures, mixed precision and shared weights leave no stale
    gradient; a forgotten ``zero_grad`` does at every step.
    """

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self._parameters = [
            p for group in optimizer.param_groups for p in group["params"] if p.requires_grad
        ]
        self._seen: set[int] = set()
        self._stepped = self._fired = False
        self._stale = 0
        self.shares: list[float] = []
        """For each step but the first, the share of parameters that met a stale gradient."""
        self.lost = 0
        """Steps whose gradients were gone by the time the optimizer used them."""
        self._hooks: list[Any] = [p.register_hook(self._before(p)) for p in self._parameters]
        self._hooks.append(optimizer.register_step_pre_hook(self._pre))
        self._hooks.append(optimizer.register_step_post_hook(self._post))

    def close(self) -> None:
        """Stop watching."""
        for hook in self._hooks:
            hook.remove()

    def _before(self, parameter: Tensor) -> Callable[[Tensor], None]:
        """Return a hook, which fires before the new gradient is added to ``parameter.grad``."""

        def fired(_gradient: Tensor) -> None:
            self._fired = True
            if self._stepped and id(parameter) not in self._seen:
                self._seen.add(id(parameter))
                self._stale += _is_there(parameter)

        return fired

    def _pre(self, *_: Any) -> None:
        if self._fired and not any(_is_there(p) for p in self._parameters):
            self.lost += 1

    def _post(self, *_: Any) -> None:
        if self._stepped and self._seen:
            self.shares.append(self._stale / len(self._seen))
        self._stepped, self._fired, self._stale = True, False, 0
        self._seen.clear()


def _is_there(parameter: Tensor) -> bool:
    return parameter.grad is not None and bool((parameter.grad != 0).any())
