"""The plan holds apart what is developed on and what is held out, and plants without rules."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("torch", "sklearn")

FOLDER = Path(__file__).parents[3] / "benchmarks" / "diagnosis"
PLANTING = ("setup", "data", "synthetic", "second_draw_data", "third_draw_data",
            "fourth_draw_data", "fifth_draw_data", "sixth_draw_data", "seventh_draw_data",
            "eighth_draw_data", "ninth_draw_data", "tenth_draw_data", "text", "layers", "models",
            "second_draw_models", "third_draw_models", "fourth_draw_models", "fifth_draw_models",
            "sixth_draw_models", "seventh_draw_models", "eighth_draw_models", "ninth_draw_models",
            "tenth_draw_models", "schedules", "training", "healthy", "faults", "trials", "plan",
            "forms", "damage", "logs", "truth", "facts", "conditions", "labels", "log_facts",
            "stored")  # fmt: skip


@pytest.mark.parametrize("module", PLANTING)
def test_what_plants_and_writes_and_knows_the_truth_imports_nothing_of_advisor(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    names = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    ]
    assert not [name for name in names if name.split(".")[0].startswith("advisor")]


def test_the_splits_share_neither_a_data_set_nor_an_architecture() -> None:
    from benchmarks.diagnosis.healthy import DEVELOPMENT, HELD_OUT

    assert not {b.problem for b in DEVELOPMENT} & {b.problem for b in HELD_OUT}
    assert not {b.model for b in DEVELOPMENT} & {b.model for b in HELD_OUT}


def test_no_fault_or_check_trains_the_network_of_one_split_in_the_other() -> None:
    from benchmarks.diagnosis.plan import SPLITS, cells

    trained = [{setup.model for cell in cells(split) for setup in cell.needed} for split in SPLITS]
    assert not trained[0] & trained[1]


def test_no_two_bases_share_a_data_set() -> None:
    from benchmarks.diagnosis.healthy import DEVELOPMENT, HELD_OUT

    bases = {(base.problem, base.model) for base in (*DEVELOPMENT, *HELD_OUT)}
    problems = [problem for problem, _ in bases if problem != "digits"]
    assert len(problems) == len(set(problems))


def test_every_kind_of_data_that_a_base_has_is_known_for_what_it_is() -> None:
    from benchmarks.diagnosis.data import load
    from benchmarks.diagnosis.healthy import DEVELOPMENT, HELD_OUT, NUMBERS, TEXTS

    bases = (*DEVELOPMENT, *HELD_OUT)
    problems = {base.problem: load(base) for base in bases}
    assert {n for n, found in problems.items() if not found.classes} == set(NUMBERS)
    texts = {n for n, found in problems.items() if not found.train_x.is_floating_point()}
    assert texts == set(TEXTS)


def test_every_network_of_a_base_can_be_built_at_every_width_and_depth_that_is_planted() -> None:
    from benchmarks.diagnosis.data import load
    from benchmarks.diagnosis.healthy import DEVELOPMENT, HELD_OUT
    from benchmarks.diagnosis.models import build
    from benchmarks.diagnosis.plan import cells

    models = {base.model for base in (*DEVELOPMENT, *HELD_OUT)}
    setups = [cell.setup for split in ("development", "heldout") for cell in cells(split)]
    sizes = {(s.problem, s.model, s.hidden, s.depth): s for s in setups}
    assert {model for _, model, _, _ in sizes} >= models
    for setup in sizes.values():
        problem = load(setup.changed(samples=0))
        made = build(setup, problem)(problem.train_x[:3])
        columns = problem.outputs * (2 if setup.likelihood else 1)
        assert made.shape[0] == 3
        assert made.shape[-1] == columns


def test_both_splits_together_train_what_was_asked_for() -> None:
    from benchmarks.diagnosis.plan import SEEDS, cells

    made = {split: cells(split) for split in ("development", "heldout")}
    trainings = {setup for found in made.values() for cell in found for setup in cell.needed}
    healthy = {split: sum(c.kind == "healthy" for c in found) for split, found in made.items()}
    assert len(trainings) >= 3000
    assert all(count * len(SEEDS) >= 300 for count in healthy.values())


def test_every_fault_has_an_answer_and_differs_from_its_twin() -> None:
    from benchmarks.diagnosis.answers import ANSWERS
    from benchmarks.diagnosis.plan import cells

    faults = [cell for cell in cells("development") if cell.kind == "fault"]
    assert {cell.name for cell in faults} <= set(ANSWERS)
    assert all(cell.setup != cell.twin for cell in faults)


def test_every_answer_names_rules_that_there_are() -> None:
    from advisor.manager import load_plugins
    from benchmarks.diagnosis.answers import ANSWERS

    known = set(load_plugins().rules)
    named = {rule for answer in ANSWERS.values() for rule in (*answer.names, *answer.follows)}
    assert named <= known


def test_every_condition_and_every_fact_is_about_a_rule_that_there_is() -> None:
    from advisor.manager import load_plugins
    from benchmarks.diagnosis.conditions import CONDITIONS
    from benchmarks.diagnosis.log_facts import TRUE_OF

    said = {rule for rules in TRUE_OF.values() for rule in rules} | set(CONDITIONS)
    assert said <= set(load_plugins().rules)


def test_a_quick_plan_holds_the_twins_and_checks_of_what_it_takes() -> None:
    from benchmarks.diagnosis.plan import INSTEAD, possible, quick

    chosen = quick(possible("development"), 200)
    needed = {setup for cell in chosen for setup in cell.needed}
    ways = {cell.setup for cell in chosen if cell.kind == "healthy"}
    checked = {cell.twin for cell in chosen if cell.kind == "check"}
    faults = {cell.setup for cell in chosen if cell.kind == "fault"}
    assert 200 <= len(needed) < 240
    assert len({cell.name for cell in chosen if cell.kind == "fault"}) >= 6
    assert ways <= checked
    assert {cell.twin for cell in chosen if cell.kind == "fault"} <= ways
    also = {instead(setup) for instead in INSTEAD.values() for setup in faults}
    planned = {cell.setup for cell in possible("development") if cell.kind in INSTEAD}
    assert also & planned == {cell.setup for cell in chosen if cell.kind in INSTEAD}


def test_one_strength_of_each_fault_of_a_base_is_also_trained_longer_or_faster() -> None:
    from benchmarks.diagnosis.plan import INSTEAD, possible

    made: dict[str, list[tuple[str, str, str]]] = {}
    for cell in possible("heldout"):
        planted = (cell.setup.problem, cell.setup.model, cell.name)
        made.setdefault(cell.kind, []).append(planted)
    either = [planted for kind in INSTEAD for planted in made[kind]]
    assert sorted(either) == sorted(set(made["fault"]))
    assert all(len(made[kind]) > len(either) / 3 for kind in INSTEAD)


@pytest.mark.parametrize("split", ["development", "heldout"])
def test_a_split_has_part_of_what_each_base_could_train_and_all_of_its_sweeps(split: str) -> None:
    from benchmarks.diagnosis.plan import MOST, SPLITS, SWEPT, cells
    from benchmarks.diagnosis.sweeps import HIGH, INSIDE, LOW, scaled
    from benchmarks.diagnosis.trials import trials

    found = cells(split)
    needed = {setup for cell in found if cell.kind != "trial" for setup in cell.needed}
    assert MOST[split] <= len(needed) < MOST[split] + 40
    for number, base in enumerate(SPLITS[split]):
        own = [c for c in found if (c.setup.problem, c.setup.model) == (base.problem, base.model)]
        assert sum(cell.kind == "fault" for cell in own) >= 4
        assert sum(cell.kind == "healthy" for cell in own) >= 3
        swept = number < SWEPT
        assert {c.setup for c in own if c.kind == "trial"} == set(
            trials(base).values() if swept else ()
        )
        if swept:
            assert needed >= {scaled(base, f).changed(seed=3) for f in (*INSIDE, *LOW, *HIGH)}


def test_a_fault_counts_as_also_trained_where_every_seed_was_and_no_trial_stands_for_it() -> None:
    from benchmarks.diagnosis.plan import INSTEAD, Cell, also_trained, possible

    whole = possible("heldout")
    faults = sum(cell.kind == "fault" for cell in whole)
    everything = also_trained(whole, whole)
    for kind in INSTEAD:
        assert everything[kind]["of"] == faults
        assert sum(cell.kind == kind for cell in whole) <= everything[kind]["part"] < faults
    fault = next(cell for cell in whole if cell.kind == "fault" and cell.name == "no-zero-grad")
    trial = Cell("trial", "rate", "", INSTEAD["faster"](fault.setup))
    assert also_trained(whole, [fault, trial])["faster"]["part"] == 0


def test_ways_on_the_same_data_share_their_checks() -> None:
    from benchmarks.diagnosis.healthy import DEVELOPMENT, checks

    base = DEVELOPMENT[0]
    assert checks(base, base).keys() == {
        "plain", "plain longer", "plain slower", "plain faster"
    }  # fmt: skip
    assert checks(base, base.changed(label_noise=0.1)).keys() == {"longer"}
    assert "longer" in checks(base, base.changed(hidden=128))
