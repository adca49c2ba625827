"""The contract is what derivation makes of the recorded facts and the overlay, and nothing else."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from esignon_conformance import resources
from esignon_conformance.contract.bindings import equalities
from esignon_conformance.contract.facts import stated_value
from esignon_conformance.contract.facts_record import as_data, from_data, recorded
from esignon_conformance.contract.yaml_document import ContractError, Document
from esignon_conformance.tools.apidoc.contract_files import (
    OPENAPI,
    OVERLAY,
    generated,
    main,
    operations_of,
    read_facts,
    read_overlay,
)
from esignon_conformance.tools.apidoc.overlay import apply_overlay, merge
from esignon_conformance.tools.apidoc.page_reader import read_page
from selftest.support.contract_tree import Tree
from selftest.support.exchanges import contract

ROOT = resources.data_root()
FACTS = read_facts(ROOT / "contracts" / "login" / "facts.yaml", ROOT)
PAGES = Path(__file__).parents[1] / "pages"
OVERLAY_FILE = read_overlay(ROOT / OVERLAY, ROOT)


def overlay(*actions: dict[str, Any]) -> Document:
    """Return an overlay of a few actions, as it is read from a file."""
    value = {"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": list(actions)}
    text = yaml.safe_dump(value, sort_keys=False)
    return Document("overlay.yaml", text, value)


# ---- what is committed ---------------------------------------------------------------------------------


def test_every_generated_file_is_what_derivation_gives() -> None:
    files = generated(operations_of(ROOT), OVERLAY_FILE)
    assert set(files) == {
        OPENAPI,
        *(f"schemas/login/{part}.json" for part in ("request", "envelope", "success", "refusal")),
    }
    for name, text in files.items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, f"{name}: make contract"


def test_every_generated_file_says_that_it_is() -> None:
    for name in generated(operations_of(ROOT), OVERLAY_FILE):
        assert "`make contract`: edit those." in (ROOT / name).read_text(encoding="utf-8")


def test_another_fact_makes_another_contract() -> None:
    codes = (*FACTS.codes, replace(FACTS.codes[-1], code="98", text="하나 더"))
    changed = generated({"login": replace(FACTS, codes=codes)}, OVERLAY_FILE)
    before = generated({"login": FACTS}, OVERLAY_FILE)
    assert {name for name in before if before[name] != changed[name]} == {
        OPENAPI,
        "schemas/login/envelope.json",
        "schemas/login/refusal.json",
    }


def test_the_recorded_facts_hold_no_prose() -> None:
    text = (ROOT / "contracts" / "login" / "facts.yaml").read_text(encoding="utf-8")
    data = yaml.safe_load(text)
    described = {
        one["name"]: one["description"] for one in data["parameters"] if "description" in one
    }
    assert described == {"Content-Type": "application/json", "header.request_code": "1001Q"}
    assert "title" not in data["operation"]
    assert FACTS.edition == contract().edition
    assert FACTS.sha256 == contract().page_sha256


def test_prose_is_printed_and_not_recorded() -> None:
    facts = read_page((PAGES / "login.ko.md").read_bytes())
    assert "고객사 부호" in str(as_data(facts, prose=True))
    text = recorded(facts)
    for prose in ("고객사 부호", "담당자 메일주소", "회원 접속", "아래 두 멤버"):
        assert prose not in text
    read_again = from_data(yaml.safe_load(text))
    assert read_again == replace(
        facts,
        title="",
        parameters=tuple(
            replace(one, description=stated_value(facts, one)) for one in facts.parameters
        ),
    )


def test_the_schema_refuses_facts_that_are_none(tmp_path: Path) -> None:
    text = (ROOT / "contracts" / "login" / "facts.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("method: POST", "method: post"),
        ("in: path", "in: cookie"),
        ("language: ko", "language: fr"),
        ("status: 200", "status: 20"),
        ("kind: success", "kind: maybe"),
        ("- - path companyId", "- - companyId"),
    ):
        assert old in text
        path = tmp_path / "facts.yaml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ContractError) as refused:
            read_facts(path, tmp_path)
        assert "facts.yaml" in str(refused.value)


# ---- bindings and clauses ------------------------------------------------------------------------------


def test_the_clauses_judge_exactly_the_equalities_that_the_page_binds() -> None:
    judged = {
        (one.parameters["pointer"], one.parameters["equals"])
        for one in contract().clauses.values()
        if one.check == "success-equals"
    }
    assert judged == {(one.pointer, one.equals) for one in equalities(FACTS)}
    assert {one.id for one in contract().clauses.values() if one.check == "success-equals"} == {
        "SUC-2",
        "SUC-5",
        "SUC-16",
    }


def test_a_binding_that_no_clause_judges_is_told(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.replace(
        "contracts/login/facts.yaml",
        "- - path companyId\n  - response 200 /body/comp_id",
        "- - path companyId\n  - response 200 /body/device_id\n  - response 200 /body/comp_id",
    )
    problem = tree.problem()
    assert problem.file == "contracts/login/facts.yaml"
    assert (
        problem.message == "the page binds /body/device_id to path companyId, and no clause says so"
    )


def test_a_clause_that_judges_what_the_page_does_not_bind_is_told(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    line = tree.replace(
        "contracts/login/clauses.yaml",
        "equals: request /body/memb_email",
        "equals: request /body/memb_pwd",
    )
    problems = tree.problems()
    assert {one.file for one in problems} == {
        "contracts/login/facts.yaml",
        "contracts/login/clauses.yaml",
    }
    (of_clause,) = [one for one in problems if one.file.endswith("clauses.yaml")]
    assert of_clause.message == "the page does not bind /body/memb_email to request /body/memb_pwd"
    assert 0 < line - of_clause.line < 30


def test_clauses_of_another_edition_than_the_recorded_page_are_told(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.replace("contracts/login/facts.yaml", "edition: kor_20210407", "edition: kor_20300101")
    assert "edition" in str(tree.problem())


# ---- the overlay ---------------------------------------------------------------------------------------


def test_every_clause_that_the_overlay_names_is_there() -> None:
    for action in OVERLAY_FILE.value["actions"]:
        assert set(action["x-clauses"]) <= set(contract().clauses)


def test_an_update_merges_objects_appends_to_arrays_and_replaces_the_rest() -> None:
    target = {"a": {"b": 1, "c": [1]}, "d": "x"}
    merge(target, {"a": {"c": [2], "e": {"f": 1}}, "d": ["y"]})
    assert target == {"a": {"b": 1, "c": [1, 2], "e": {"f": 1}}, "d": ["y"]}


def test_actions_apply_in_their_order_to_all_that_they_match() -> None:
    document = {"list": [{"n": 1}, {"n": 2}, {"n": 3}], "o": {"x": {}, "y": {}}}
    before = copy.deepcopy(document)
    result = apply_overlay(
        document,
        overlay(
            {"target": "$.list[?@.n < 3]", "remove": True},
            {"target": "$.list", "update": {"n": 4}},
            {"target": "$.o.*", "update": {"k": [1]}},
            {"target": "$.o.x", "update": {"k": [2]}},
        ),
    )
    assert result == {
        "list": [{"n": 3}, {"n": 4}],
        "o": {"x": {"k": [1, 2]}, "y": {"k": [1]}},
    }
    assert document == before


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"target": "$.nowhere", "update": {}}, "matches nothing"),
        ({"target": "$", "remove": True}, "the whole document"),
        ({"target": "$.a[?", "update": {}}, "is no JSONPath"),
    ],
)
def test_an_action_that_cannot_apply_is_told_with_its_line(
    action: dict[str, Any], message: str
) -> None:
    fine = {"target": "$.a", "update": {"b": 1}}
    with pytest.raises(ContractError) as refused:
        apply_overlay({"a": {}}, overlay(fine, action))
    (problem,) = refused.value.problems
    assert message in str(problem)
    assert problem.line > 8


def test_an_overlay_gives_a_reason_for_every_action() -> None:
    schema = json.loads((resources.schemas() / "overlay.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(OVERLAY_FILE.value)
    for spoilt in ("description", "target", "update", "x-clauses"):
        value = copy.deepcopy(OVERLAY_FILE.value)
        del value["actions"][0][spoilt]
        assert not validator.is_valid(value)


def test_make_contract_writes_the_files_of_any_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = Tree(tmp_path)
    for name in (OPENAPI, "schemas/login/success.json"):
        (tree.root / name).unlink()
    assert main([str(tree.root)]) == 0
    for name in re.findall(r"\S+", capsys.readouterr().out):
        assert (tree.root / name).read_bytes() == (ROOT / name).read_bytes()
    tree.replace(OVERLAY, "$.info", "$.infos")
    assert main([str(tree.root)]) == 1
    assert "contracts/overlay.yaml:7: " in capsys.readouterr().err
