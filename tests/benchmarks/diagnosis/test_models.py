"""The networks see what they should see, and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.diagnosis.healthy import DEVELOPMENT, HELD_OUT, TEXTS

if TYPE_CHECKING:
    from benchmarks.diagnosis.setup import Setup

pytestmark = pytest.mark.needs("torch", "sklearn")

BASES = (*DEVELOPMENT, *HELD_OUT)


def _built(base: Setup) -> tuple[Any, Any]:
    """Return the network of a base, as in validation, and some of its inputs."""
    from benchmarks.diagnosis.data import load
    from benchmarks.diagnosis.models import build

    problem = load(base)
    return build(base, problem).eval(), problem.val_x[:4]


def _named(base: Setup) -> str:
    return f"{base.problem}-{base.model}"


@pytest.mark.parametrize("base", [b for b in BASES if b.problem in TEXTS], ids=_named)
def test_a_language_model_does_not_see_the_characters_to_come(base: Setup) -> None:
    import torch

    model, x = _built(base)
    changed = x.clone()
    changed[:, 9:] = (changed[:, 9:] + 1) % 20
    before, after = model(x), model(changed)
    assert torch.allclose(before[:, :9], after[:, :9], atol=1e-6)
    assert not torch.allclose(before[:, 9:], after[:, 9:], atol=1e-6)


@pytest.mark.parametrize("base", [b for b in BASES if b.problem not in TEXTS], ids=_named)
def test_what_a_network_says_of_a_sample_depends_on_no_other_sample(base: Setup) -> None:
    import torch

    model, x = _built(base)
    assert torch.allclose(model(x)[:1], model(x[:1]), atol=1e-5)
    assert not torch.allclose(model(x)[:1], model(x)[1:2], atol=1e-6)


def test_points_of_a_set_may_come_in_any_order() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "perceiver")
    model, x = _built(base)
    other = x.view(len(x), -1, 2).flip(1).reshape(x.shape)
    assert torch.allclose(model(x), model(other), atol=1e-5)


def test_nodes_of_a_graph_may_come_in_any_order() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "graph-attention")
    model, x = _built(base)
    first, second = torch.triu_indices(8, 8, 1)
    edges = x.new_zeros(len(x), 8, 8)
    edges[:, first, second] = edges[:, second, first] = x
    order = torch.tensor([3, 0, 7, 5, 1, 6, 2, 4])
    other = edges[:, order][:, :, order][:, first, second]
    assert not torch.equal(x, other)
    assert torch.allclose(model(x), model(other), atol=1e-5)


def test_a_network_for_two_sides_finds_how_they_differ() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "siamese")
    model, x = _built(base)
    alike = model(torch.cat([x[:, :5], x[:, :5]], dim=1))
    assert torch.allclose(alike, model.head.bias.expand_as(alike), atol=1e-6)


def test_items_that_are_looked_up_may_come_in_any_order() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "memory-hops")
    model, x = _built(base)
    items = x[:, 2:].view(len(x), -1, 5).flip(1).flatten(1)
    assert torch.allclose(model(x), model(torch.cat([x[:, :2], items], dim=1)), atol=1e-5)


def test_a_network_that_adds_columns_up_knows_nothing_of_two_together() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "additive-mlp")
    model, x = _built(base)
    one, other = x.clone(), x.clone()
    one[:, 0], other[:, 1] = 0.5, -0.5
    both = one.clone()
    both[:, 1] = -0.5
    assert torch.allclose(model(both) - model(one), model(other) - model(x), atol=1e-5)


def test_birds_of_a_flock_may_come_in_any_order() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "pair-attention")
    model, x = _built(base)
    other = x.view(len(x), -1, 4).flip(1).reshape(x.shape)
    assert not torch.equal(x, other)
    assert torch.allclose(model(x), model(other), atol=1e-5)


def test_sums_of_products_of_columns_leave_out_squares() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "factor-mlp")
    model, x = _built(base)
    inputs: list[torch.Tensor] = []
    model.layers.register_forward_pre_hook(lambda _, given: inputs.append(given[0]))
    model(torch.eye(x.shape[1]))
    assert torch.allclose(inputs[0][:, x.shape[1] :], torch.zeros(()), atol=1e-6)


def test_atoms_of_a_molecule_may_come_in_any_order() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "message-passing")
    model, x = _built(base)
    first, second = torch.triu_indices(6, 6, 1)
    bonds = x.new_zeros(len(x), 6, 6)
    bonds[:, first, second] = bonds[:, second, first] = x[:, 18:]
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    kinds = x[:, :18].view(len(x), 6, 3)[:, order].flatten(1)
    other = torch.cat([kinds, bonds[:, order][:, :, order][:, first, second]], dim=1)
    assert not torch.equal(x, other)
    assert torch.allclose(model(x), model(other), atol=1e-5)


def test_a_unit_of_a_sparse_layer_sees_half_of_its_inputs() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "sparse-mlp")
    model, x = _built(base)
    seen = (model[0](torch.eye(x.shape[1])) - model[0](torch.zeros(1, x.shape[1]))) != 0
    assert (seen.sum(0) == x.shape[1] // 2).all()


def test_a_piece_of_a_sequence_is_found_wherever_it_is() -> None:

    (base,) = (base for base in BASES if base.model == "shapelets")
    model, x = _built(base)
    found = x[:1].clone()
    found[0, 11:19] = model[0].pieces[2]
    assert model[0](found)[0, 2].abs() < 1e-5
    assert (model[0](x) >= 0).all()


def test_the_slowest_part_of_a_clockwork_sees_nothing_of_most_steps() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "clockwork-gated")
    model, x = _built(base)
    model.past.weight.data.zero_()
    states: list[torch.Tensor] = []
    model.head.register_forward_pre_hook(lambda _, given: states.append(given[0]))
    changed = x.clone()
    changed[:, -4:-2] += 1
    model(x)
    model(changed)
    same = (states[0] == states[1]).all(0)
    assert torch.equal(same, model.periods > 1)


def test_a_picture_may_be_turned_by_a_right_angle() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "turned-cnn")
    model, x = _built(base)
    side = round(x.shape[1] ** 0.5)
    other = x.view(len(x), side, side).rot90(1, (1, 2)).flatten(1)
    assert not torch.equal(x, other)
    assert torch.allclose(model(x), model(other), atol=1e-5)


def test_cards_of_a_hand_may_come_in_any_order() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "slot-attention")
    model, x = _built(base)
    other = x.view(len(x), -1, 10).flip(1).reshape(x.shape)
    assert not torch.equal(x, other)
    assert torch.allclose(model(x), model(other), atol=1e-5)


def test_a_recurrent_layer_with_a_delay_sees_what_it_knew_three_steps_ago() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "delayed-gated")
    model, x = _built(base.changed(model="delayed-rnn"))
    model.past.weight.data[:, : base.hidden].zero_()
    seen = []
    for step in range(2, 8):
        changed = x.clone()
        changed[:, -2 * step] += 1
        seen.append(not torch.equal(model(x), model(changed)))
    assert seen == [False, False, True, False, False, True]


def test_a_wavelet_is_strong_where_its_wave_is() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "wavelets")
    model, x = _built(base)
    time = torch.arange(x.shape[1])
    waves = torch.stack([(2 * torch.pi * pitch * time).sin() for pitch in model[0].pitch.detach()])
    strongest = model[0](waves).view(base.hidden, base.hidden, -1).mean(2).argmax(1)
    assert (strongest - torch.arange(base.hidden)).abs().max() <= 1


def test_lessons_of_a_day_may_come_in_any_order() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "relation-network")
    model, x = _built(base)
    other = x.view(len(x), -1, 8).flip(1).reshape(x.shape)
    assert not torch.equal(x, other)
    assert torch.allclose(model(x), model(other), atol=1e-5)


def test_a_network_of_cosines_does_not_see_how_large_things_are() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "cosine-mlp")
    model, x = _built(base)
    assert torch.allclose(model(x), model(3 * x), atol=1e-5)


def test_of_two_units_that_compete_one_passes_on() -> None:
    (base,) = (base for base in BASES if base.model == "winner-mlp")
    model, x = _built(base)
    assert ((model[0](x) != 0).sum(1) == base.hidden // 2).all()


def test_what_was_done_to_two_streams_can_be_undone() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "reversible-mlp")
    model, x = _built(base)
    before = one, other = model.embed(x).chunk(2, dim=1)
    for layer in model.layers:
        one, other = other, one + layer(other)
    assert torch.allclose(model(x), model.head(torch.cat([one, other], dim=1)))
    for layer in reversed(model.layers):
        one, other = other - layer(one), one
    assert torch.allclose(torch.cat([one, other]), torch.cat(before), atol=1e-5)


def test_a_state_that_was_written_into_fast_weights_is_recalled() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "fast-weights-gated")
    model, x = _built(base.changed(model="fast-weights-rnn"))
    model.past.weight.data.zero_()
    changed = x.clone()
    changed[:, :2] += 1
    assert not torch.equal(model(x), model(changed))


def test_bidders_may_come_in_any_order() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "deep-sets")
    model, x = _built(base)
    bidders = x[:, 3:].reshape(len(x), -1, 4).flip(1)
    other = torch.cat([x[:, :3], bidders.flatten(1)], dim=1)
    assert not torch.equal(x, other)
    assert torch.allclose(model(x), model(other), atol=1e-5)


def test_rows_of_a_circulant_layer_are_moved_by_one() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "circulant-mlp")
    layer = _built(base)[0][0]
    inputs, size = len(layer.signs), layer.row.shape[1]
    weights = layer(torch.diag(layer.signs)).T - layer.shift[:, None]
    assert weights.shape == (base.hidden, inputs)
    assert torch.allclose(weights[1:, 1:], weights[:-1, :-1], atol=1e-6)
    assert size == max(inputs, base.hidden)


def test_a_sample_makes_the_inner_weights_of_its_own_layers() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "hyper-mlp")
    model, x = _built(base)
    before = model(x)
    model.code[0].weight.data.add_(1.0)
    assert not torch.equal(before, model(x))


def test_what_comes_later_does_not_change_differential_attention() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "differential-lm")
    model, x = _built(base)
    other = x.clone()
    other[:, -1] = (other[:, -1] + 1) % 5
    assert torch.allclose(model(x)[:, :-1], model(other)[:, :-1], atol=1e-6)


def test_a_bistable_unit_keeps_what_it_holds_on_to() -> None:
    import torch

    (base,) = (base for base in BASES if base.model == "bistable-gated")
    model, x = _built(base)
    model.past.weight.data.zero_()
    model.seen.bias.data[2 * base.hidden :] = -100.0
    assert torch.allclose(model(x), model.head.bias.expand(len(x), -1), atol=1e-5)
