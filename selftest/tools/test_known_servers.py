"""The known-bad and known-good servers: what each is, and how they are shared out."""

from __future__ import annotations

from esignon_conformance import resources
from esignon_conformance.runner.requests import contract_check
from esignon_conformance.tools.proof.parts import all_servers, part_of
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.tools.reference.liberties import LIBERTIES
from esignon_conformance.tools.reference.world import load_world

CONTRACT = contract_check.load()
WORLD = load_world(resources.contracts() / "accounts.yaml")
MUST = [each for each in FAULTS.values() if each.level == "must"]


def test_every_must_clause_has_faults() -> None:
    must = {clause.id for clause in CONTRACT.clauses.values() if clause.level == "must"}
    assert {each.clauses[0] for each in MUST} == must


def test_the_level_of_a_fault_is_that_of_its_clauses() -> None:
    for each in FAULTS.values():
        levels = {CONTRACT.clauses[clause].level for clause in each.clauses}
        assert levels == {each.level}, each.name


def test_there_are_many_of_both_and_no_name_comes_twice() -> None:
    assert len(FAULTS) >= 150
    assert len(LIBERTIES) >= 50
    assert len(all_servers()) == len(FAULTS) + len(LIBERTIES)
    assert all(name == server.name for name, server in all_servers().items())


def test_every_server_is_told_in_one_sentence() -> None:
    sentences = [server.docstring for server in all_servers().values()]
    assert [one for one in sentences if "\n" in one or len(one) > 100 or one[-1:] != "."] == []


def test_sentences_tell_servers_apart() -> None:
    sentences = [server.docstring for server in all_servers().values()]
    assert sorted(set(sentences)) == sorted(sentences)


def test_every_server_can_be_built() -> None:
    for server in all_servers().values():
        assert server.build(WORLD) is not None


def test_parts_are_the_whole_and_each_has_every_clause() -> None:
    servers = all_servers()
    parts = [part_of(servers, part, 4) for part in (1, 2, 3, 4)]
    assert set.union(*parts) == set(servers)
    assert sum(map(len, parts)) == len(servers)
    for part in parts:
        named = {FAULTS[name].clauses[0] for name in part & set(FAULTS)}
        assert named >= {each.clauses[0] for each in MUST}


def test_a_small_part_has_a_quarter_of_the_liberties() -> None:
    servers = all_servers()
    parts = [part_of(servers, part, 48) for part in range(1, 49)]
    assert set.union(*parts) == set(servers)
    assert all(len(part & set(LIBERTIES)) >= len(LIBERTIES) // 4 for part in parts)
