"""The networks, each built for a problem by its setup."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from benchmarks.diagnosis import eighth_draw_models as eighth
from benchmarks.diagnosis import fifth_draw_models as fifth
from benchmarks.diagnosis import fourth_draw_models as fourth
from benchmarks.diagnosis import ninth_draw_models as ninth
from benchmarks.diagnosis import second_draw_models as second
from benchmarks.diagnosis import seventh_draw_models as seventh
from benchmarks.diagnosis import sixth_draw_models as sixth
from benchmarks.diagnosis import tenth_draw_models as tenth
from benchmarks.diagnosis import third_draw_models as third
from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import Attention, block, characters, head, side
from benchmarks.diagnosis.setup import Setup

WINDOW, STRIDE = 4, 2
"""Numbers that an encoder takes at once, and between the starts of two windows."""


def build(setup: Setup, problem: Problem) -> nn.Module:
    """Return the network of a setup, initialized as it says."""
    outputs = problem.outputs * (2 if setup.likelihood else 1)
    model = MODELS[setup.model](setup, problem, outputs)
    with torch.no_grad():
        INITS[setup.init](model)
    return model


def _mlp(setup: Setup, problem: Problem, outputs: int, normal: bool = False) -> nn.Module:
    layers = block(setup, problem.inputs, normal)
    for _ in range(setup.depth - 1):
        layers += block(setup, setup.hidden, normal)
    return nn.Sequential(*layers, nn.Linear(setup.hidden, outputs))


def _norm_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    return _mlp(setup, problem, outputs, normal=True)


class _Residual(nn.Module):
    """Adds what ``inner`` makes of its input to the input."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x + inner(x)``."""
        return x + torch.relu(self.inner(x))


def _residual_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    blocks = [_Residual(nn.Sequential(*block(setup, setup.hidden))) for _ in range(setup.depth)]
    return nn.Sequential(nn.Linear(problem.inputs, setup.hidden), *blocks, head(setup, outputs))


def _autoencoder(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    inner = max(1, setup.hidden // 4)
    encoder = [*block(setup, problem.inputs), nn.Linear(setup.hidden, inner)]
    return nn.Sequential(*encoder, *block(setup, inner), head(setup, outputs))


def _cnn(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    pixels, width = side(problem), max(1, setup.hidden // 4)
    return nn.Sequential(
        nn.Unflatten(1, (1, pixels, pixels)),
        nn.Conv2d(1, width, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(width, 2 * width, 3, padding=1, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(setup.dropout),
        nn.Linear(2 * width * ((pixels + 1) // 2) ** 2, outputs),
    )


def _resnet(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    pixels, width = side(problem), max(1, setup.hidden // 4)
    blocks = [
        _Residual(nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width)))
        for _ in range(setup.depth)
    ]
    stem = (nn.Unflatten(1, (1, pixels, pixels)), nn.Conv2d(1, width, 3, padding=1, stride=2))
    tail = (nn.Flatten(), nn.Dropout(setup.dropout))
    return nn.Sequential(*stem, nn.BatchNorm2d(width), *blocks, *tail, nn.LazyLinear(outputs))


Cell = type[nn.GRU] | type[nn.LSTM] | type[nn.RNN]


class _Recurrent(nn.Module):
    """A recurrent layer over a sequence of numbers (read out at its end) or of characters."""

    def __init__(self, cell: Cell, setup: Setup, tokens: int, outputs: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(tokens, setup.hidden) if tokens else None
        self.layer = cell(setup.hidden if tokens else 1, setup.hidden, batch_first=True)
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs), or (n, steps, outputs) of characters."""
        series = self.embed(x) if self.embed else x[:, :, None]
        hidden = self.drop(self.layer(series)[0])
        result: Tensor = self.head(hidden if self.embed else hidden[:, -1])
        return result


def _recurrent(cell: Cell) -> Callable[[Setup, Problem, int], nn.Module]:
    def make(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
        return _Recurrent(cell, setup, characters(problem), outputs)

    return make


class _Transformer(nn.Module):
    """Attention blocks over characters (causal) or windows of numbers (read out by their mean)."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        self.causal = bool(characters(problem))
        self.embed = (
            nn.Embedding(problem.outputs, setup.hidden)
            if self.causal
            else nn.Linear(WINDOW, setup.hidden)
        )
        steps = (
            problem.inputs if self.causal else len(range(0, problem.inputs - WINDOW + 1, STRIDE))
        )
        self.places = nn.Parameter(0.02 * torch.randn(steps, setup.hidden))
        self.blocks = nn.ModuleList(Attention(setup) for _ in range(setup.depth))
        self.head = nn.Sequential(nn.LayerNorm(setup.hidden), head(setup, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, steps, outputs), or (n, outputs) of numbers."""
        hidden = self.embed(x if self.causal else x.unfold(1, WINDOW, STRIDE)) + self.places
        for part in self.blocks:
            hidden = part(hidden, causal=self.causal)
        result: Tensor = self.head(hidden if self.causal else hidden.mean(1))
        return result


def _weights(model: nn.Module) -> list[nn.Parameter]:
    return [p for p in model.parameters() if p.dim() > 1]


def _zero(model: nn.Module) -> None:
    """Set everything to 0: with biases left random, the units would still differ and learn."""
    for parameter in model.parameters():
        parameter.zero_()


def _dead(model: nn.Module) -> None:
    """Start every hidden unit so low that its ReLU passes nothing."""
    for bias in [p for p in model.parameters() if p.dim() == 1][:-1]:
        bias.fill_(-10.0)


def _huge(model: nn.Module) -> None:
    _weights(model)[-1].mul_(30.0)


INITS: dict[str, Callable[[nn.Module], None]] = {
    "default": lambda _: None,
    "zero": _zero,
    "dead": _dead,
    "huge": _huge,
}
MODELS: dict[str, Callable[[Setup, Problem, int], nn.Module]] = {
    "mlp": _mlp,
    "cnn": _cnn,
    "gru": _recurrent(nn.GRU),
    "rnn": _recurrent(nn.RNN),
    "transformer": _Transformer,
    "norm-mlp": _norm_mlp,
    "residual-mlp": _residual_mlp,
    "autoencoder": _autoencoder,
    "resnet": _resnet,
    "lstm": _recurrent(nn.LSTM),
    "encoder": _Transformer,
    "gru-lm": _recurrent(nn.GRU),
    "tapered-mlp": second.tapered_mlp,
    "gated-mlp": second.gated_mlp,
    "dense-mlp": second.dense_mlp,
    "separable-cnn": second.separable_cnn,
    "bi-gru": lambda setup, _, outputs: second.BidirectionalGru(setup, outputs),
    "attention-pooling": second.AttentionPooling,
    "inception": lambda setup, _, outputs: second.Inception(setup, outputs),
    "conv-lm": second.CausalConvolutions,
    "fourier-mlp": third.fourier_mlp,
    "maxout-mlp": third.maxout_mlp,
    "experts": third.Experts,
    "squeeze-cnn": third.squeeze_cnn,
    "perceiver": lambda setup, _, outputs: third.Perceiver(setup, outputs),
    "minimal-gated": lambda setup, _, outputs: third.MinimalGated(setup, outputs),
    "deep-rnn": lambda setup, _, outputs: third.DeepRecurrent(setup, outputs),
    "dilated-cnn": lambda setup, _, outputs: third.dilated_cnn(setup, outputs),
    "state-space-lm": third.StateSpace,
    "cross-mlp": fourth.cross_mlp,
    "highway-mlp": fourth.highway_mlp,
    "prototypes": fourth.Prototypes,
    "siamese": fourth.Siamese,
    "dense-cnn": fourth.dense_cnn,
    "graph-attention": fourth.GraphAttention,
    "conv-lstm": lambda setup, _, outputs: fourth.ConvolvedRecurrent(nn.LSTM, setup, outputs),
    "conv-rnn": lambda setup, _, outputs: fourth.ConvolvedRecurrent(nn.RNN, setup, outputs),
    "window-lm": fourth.WindowModel,
    "spline-mlp": fifth.spline_mlp,
    "soft-trees": fifth.SoftTrees,
    "additive-mlp": fifth.additive_mlp,
    "inverted-cnn": fifth.inverted_cnn,
    "memory-hops": lambda setup, _, outputs: fifth.MemoryHops(setup, outputs),
    "recurrent-highway": lambda setup, _, out: fifth.DeepTransition(setup, out, gated=True),
    "transition-rnn": lambda setup, _, out: fifth.DeepTransition(setup, out, gated=False),
    "fourier-mixer": lambda setup, _, outputs: fifth.fourier_mixer(setup, outputs),
    "spatial-lm": fifth.SpatialModel,
    "ensemble-mlp": sixth.EnsembleMlp,
    "binned-mlp": sixth.binned_mlp,
    "factor-mlp": sixth.FactorMlp,
    "patch-mixer": sixth.patch_mixer,
    "multiplicative-lstm": lambda s, _, out: sixth.MultiplicativeRecurrent(s, out, gated=True),
    "multiplicative-rnn": lambda s, _, out: sixth.MultiplicativeRecurrent(s, out, gated=False),
    "multi-scale-cnn": lambda setup, _, outputs: sixth.MultiScale(setup, outputs),
    "pair-attention": lambda setup, _, outputs: sixth.PairAttention(setup, outputs),
    "linear-attention-lm": sixth.linear_attention_model,
    "sparse-mlp": seventh.sparse_mlp,
    "polynomial-mlp": seventh.PolynomialMlp,
    "column-attention": seventh.ColumnAttention,
    "shuffle-cnn": seventh.shuffle_cnn,
    "clockwork-gated": lambda setup, _, out: seventh.Clockwork(setup, out, gated=True),
    "clockwork-rnn": lambda setup, _, out: seventh.Clockwork(setup, out, gated=False),
    "shapelets": lambda setup, _, outputs: seventh.shapelets(setup, outputs),
    "message-passing": lambda setup, _, outputs: seventh.MessagePassing(setup, outputs),
    "synthesizer-lm": seventh.synthesizer_model,
    "selective-mlp": eighth.SelectiveMlp,
    "flow-mlp": eighth.FlowMlp,
    "low-rank-mlp": eighth.low_rank_mlp,
    "turned-cnn": eighth.turned_cnn,
    "delayed-gated": lambda setup, _, out: eighth.DelayedRecurrent(setup, out, gated=True),
    "delayed-rnn": lambda setup, _, out: eighth.DelayedRecurrent(setup, out, gated=False),
    "wavelets": lambda setup, _, outputs: eighth.wavelets(setup, outputs),
    "slot-attention": lambda setup, _, outputs: eighth.SlotAttention(setup, outputs),
    "long-conv-lm": eighth.long_conv_model,
    "winner-mlp": ninth.winner_mlp,
    "reversible-mlp": ninth.ReversibleMlp,
    "cosine-mlp": ninth.cosine_mlp,
    "involution-cnn": ninth.involution_cnn,
    "fast-weights-gated": lambda setup, _, out: ninth.FastWeights(setup, out, gated=True),
    "fast-weights-rnn": lambda setup, _, out: ninth.FastWeights(setup, out, gated=False),
    "hourglass": lambda setup, _, outputs: ninth.Hourglass(setup, outputs),
    "relation-network": lambda setup, _, outputs: ninth.RelationNetwork(setup, outputs),
    "attention-free-lm": ninth.attention_free_model,
    "hyper-mlp": tenth.HyperMlp,
    "settling-mlp": tenth.settling_mlp,
    "circulant-mlp": tenth.circulant_mlp,
    "octave-cnn": tenth.OctaveCnn,
    "bistable-gated": lambda setup, _, out: tenth.BistableRecurrent(setup, out, gated=True),
    "bistable-rnn": lambda setup, _, out: tenth.BistableRecurrent(setup, out, gated=False),
    "conditional-cnn": lambda setup, _, outputs: tenth.conditional_cnn(setup, outputs),
    "deep-sets": lambda setup, _, outputs: tenth.DeepSets(setup, outputs),
    "differential-lm": tenth.differential_model,
}
"""Every architecture by name."""
