"""Lines as trainers print them, made by hand."""

from __future__ import annotations

from collections.abc import Iterable


def nanogpt(steps: int = 40, every: int = 10) -> list[str]:
    """Return lines of nanoGPT: a loss for each step, and two at each evaluation."""
    lines = []
    for step in range(steps + 1):
        if step % every == 0:
            lines.append(f"step {step}: train loss {3 - step / 50:.4f}, val loss 3.1000")
        lines.append(f"iter {step}: loss {3 - step / 50:.4f}, time 30.25ms, mfu -100.00%")
    return lines


def modded(steps: int = 30, every: int = 10, *, first: int = 0) -> list[str]:
    """Return lines of modded-nanogpt: the evaluation at a step comes behind its training."""
    lines = []
    for step in range(first, steps + 1):
        if step:
            loss = f"train_loss:{9 / (step + 1):.4f} "
            lines.append(f"step:{step}/{steps} {loss}train_time:{140 * step}ms step_avg:nanms")
        if step % every == 0:
            lines.append(f"step:{step}/{steps} val_loss:3.2500 train_time:7ms step_avg:139.97ms")
    return lines


def llmc(steps: int = 30, *, first: int = 0) -> list[str]:
    """Return lines of llm.c's main.log."""
    lines = []
    for step in range(first, steps):
        if step % 10 == 0:
            lines += [f"s:{step} tel:{5 - step / 10:.4f}", f"s:{step} eval:0.2561"]
        lines.append(f"s:{step} trl:{5 - step / 10:.4f} lr:{step / 1e6:.6f} norm:1.25")
    return lines


def torchtune(steps: int = 25) -> list[str]:
    """Return lines of torchtune's DiskLogger."""
    tail = "lr:2e-05 tokens_per_second_per_gpu:912.5 "
    return [f"Step {step} | loss:{2 / step} {tail}" for step in range(1, steps + 1)]


def epochs(count: int = 25, *, first: int = 1) -> list[str]:
    """Return lines that a hand-written training prints, one for each epoch."""
    return [
        f"2024-05-0{1 + i // 60} 10:{i % 60:02}:00,500 INFO Epoch {first + i}/{count}: "
        f"Train Loss=0.{900 - i}, Val Loss=0.{950 - i}"
        for i in range(count)
    ]


def text(lines: Iterable[str], *, end: str = "\n") -> str:
    """Return lines as the text of a file."""
    return "\n".join(lines) + end


LISTING = text(
    [
        "import os",
        "# a training loop; it logs e.g. step:1/10 loss",
        "for step in range(args.num_iterations + 1):",
        '    print(f"step:{step}/{args.num_iterations} val_loss:{val_loss:.4f}")',
        "    lr = 0.0036; step = 0",
        *(f"    weights_{i} = dict(lr=0.1, epoch=0)" for i in range(400)),
        "====================",
        "Running pytorch 2.5.0 compiled for CUDA 12.4",
        "====================",
    ]
)
"""A source listing longer than the head of a file, as speedruns log it first."""
