"""The frozen corpus: it belongs to the contract, is what a rebuild makes, and blames nobody in the box."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.contract.model import DRAWN_CLAUSES
from esignon_conformance.contract.yaml_document import ContractError
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.runner.fuzzing import corpus
from esignon_conformance.runner.fuzzing.classification import EMAIL, PASSWORD, classify
from esignon_conformance.runner.fuzzing.corpus import (
    MOST,
    choose,
    load,
    path_of,
    pool,
    stored,
    with_corpus,
)
from esignon_conformance.runner.fuzzing.draws import WAYS, Draw, drawn, with_draws
from esignon_conformance.runner.requests.builder import build
from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.runner.schedule.order import needed, ordered
from selftest.support.exchanges import (
    COMPANY,
    MADE_UP,
    MAIN,
    OTHER,
    SECOND,
    TARGET,
    contract,
    plain,
)

SCHEMA = contract().operation.request_schema
PATH = path_of(contract().operation)
DRAWS = load(contract(), PATH)
WITH_DRAWS = with_corpus(contract())


def sent(draw: Draw) -> bytes:
    """Return the bytes that a draw sends to the target of the tests."""
    return build(draw.as_case(), contract(), TARGET, lambda _secret, _name: None).body


def test_bodies_whose_digests_begin_alike_have_ids_of_their_own() -> None:
    # SHA-256 has the same first 32 bits of both, and of some pair in every 80,000 draws.
    first, second = (replace(DRAWS[0], body=body) for body in (b"69235", b"95303"))
    assert first.id[:13] == second.id[:13] == "draw-c11eb5e6"
    assert first.id != second.id


def test_the_corpus_is_large_small_and_broad_enough() -> None:
    assert 300 <= len(DRAWS) <= MOST
    assert len({draw.id for draw in DRAWS}) == len(DRAWS)
    assert {draw.way for draw in DRAWS} == set(WAYS) - {"shrunk"}
    clauses = Counter(draw.kind.clause for draw in DRAWS)
    assert set(clauses) == {*DRAWN_CLAUSES, "ENV-10"}
    assert min(clauses.values()) >= 10
    assert PATH.stat().st_size < 40_000


def test_each_draw_is_what_the_corpus_says() -> None:
    for draw in DRAWS:
        assert classify(draw.body, SCHEMA) == draw.kind, draw.body


def test_no_draw_names_a_real_account_but_those_that_must_issue() -> None:
    for draw in DRAWS:
        body, is_right = sent(draw), draw.kind.account == "main"
        for account in (MAIN, SECOND, OTHER):
            assert plain(account.password).encode() not in body or (is_right and account is MAIN)
            assert plain(account.email).encode() not in body or (is_right and account is MAIN)
        assert COMPANY.encode() not in body or is_right


def test_right_draws_are_right_logins_once_filled_in() -> None:
    for draw in DRAWS:
        if draw.kind.account == "main":
            credentials = json.loads(sent(draw))["body"]
            assert (credentials["memb_email"], credentials["memb_pwd"]) == (
                plain(MAIN.email),
                plain(MAIN.password),
            )


@pytest.mark.parametrize("password", ['a"b\\c', "비밀번호!7", "x\ty", "\\u0041bc"])
def test_what_is_filled_in_is_the_account_however_it_is_spelt(password: str) -> None:
    odd = replace(MAIN, password=Secret(password))
    target = replace(TARGET, accounts={**TARGET.accounts, "main": odd})
    for draw in DRAWS:
        if draw.kind.clause == "REQ-2":
            request = build(draw.as_case(), contract(), target, lambda _secret, _name: None)
            assert json.loads(request.body)["body"]["memb_pwd"] == password


def test_a_body_that_keeps_its_markers_holds_the_made_up_password() -> None:
    cut = drawn(
        json.dumps({"body": {"memb_email": EMAIL, "memb_pwd": PASSWORD}}).encode()[:-1],
        "cut",
        SCHEMA,
    )
    assert plain(MADE_UP.password).encode() in sent(cut)
    assert PASSWORD.encode() not in sent(cut)


def test_no_draw_is_a_request_that_a_case_sends_already() -> None:
    bodies = set()
    for case in contract().cases.values():
        try:
            bodies.add(build(case, contract(), TARGET, lambda _secret, _name: None).body)
        except NotApplicable:
            continue
    again = [draw for draw in DRAWS if sent(draw) in bodies]
    assert len(again) <= 20, [draw.body for draw in again]


# ---- it belongs to the contract --------------------------------------------------------------------


def rewritten(tmp_path: Path, change: Callable[[list[Any]], object]) -> str:
    """Return the problem of a corpus with its lines changed."""
    rows = [json.loads(line) for line in gzip.decompress(PATH.read_bytes()).splitlines()]
    change(rows)
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    with pytest.raises(ContractError) as caught:
        load(contract(), path)
    (problem,) = caught.value.problems
    return str(problem)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows[0].update(request_schema="0" * 64), "does not belong"),
        (lambda rows: rows[0].update(format=2), "does not belong"),
        (lambda rows: rows.pop(), "does not belong"),
        (lambda rows: rows[1].update(clause="REJ-99"), "REJ-99"),
        (lambda rows: rows[1].update(way="magic"), "ways"),
        (lambda rows: rows[1].update(body="zz"), "cannot be read"),
        (lambda rows: rows[1].pop("clause"), "cannot be read"),
        (lambda rows: rows.clear(), "cannot be read"),
    ],
)
def test_another_corpus_is_refused(
    tmp_path: Path, change: Callable[[list[Any]], object], says: str
) -> None:
    message = rewritten(tmp_path, change)
    assert says in message
    assert "make corpus" in message
    assert "contracts/login/corpus.jsonl.gz" in message


def test_no_corpus_and_a_damaged_one_are_problems_of_the_contract(tmp_path: Path) -> None:
    (tmp_path / "damaged.gz").write_bytes(PATH.read_bytes()[:-99])
    for name in ("absent.gz", "damaged.gz"):
        with pytest.raises(ContractError, match="make corpus"):
            with_corpus(contract(), tmp_path / name)


def test_another_request_schema_has_another_corpus() -> None:
    operation = replace(contract().operation, request_schema={"type": "object"})
    with pytest.raises(ContractError, match="does not belong"):
        load(replace(contract(), operation=operation), PATH)


def test_loading_needs_no_hypothesis() -> None:
    code = (
        "import sys; from esignon_conformance.runner.requests.contract_check import load; "
        "from esignon_conformance.runner.fuzzing.corpus import with_corpus; with_corpus(load()); "
        "print([name for name in sys.modules if name in ('hypothesis', 'schemathesis')])"
    )
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == "[]\n"


# ---- it is made anew ---------------------------------------------------------------------------------


def test_a_rebuild_makes_the_same_bytes() -> None:
    made = [
        stored(contract().operation, choose(contract(), pool(contract().operation, 30, 100), 30))
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_what_is_stored_is_what_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(stored(contract().operation, DRAWS))
    assert load(contract(), path) == DRAWS
    assert path.read_bytes() == stored(contract().operation, DRAWS)


def test_the_command_says_what_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert corpus.main([]) == 0
    assert f"{len(DRAWS)} draws" in capsys.readouterr().out


# ---- its cases ---------------------------------------------------------------------------------------


def test_draws_come_after_the_plain_cases_and_before_the_hostile_ones() -> None:
    order = ordered(WITH_DRAWS.cases.values())
    drawn_at = [index for index, case in enumerate(order) if case.is_drawn]
    hostile_at = [
        index for index, case in enumerate(order) if case.tagged("hostile") and not case.is_drawn
    ]
    assert drawn_at == list(range(drawn_at[0], drawn_at[0] + len(DRAWS)))
    assert drawn_at[-1] < min(hostile_at)


def test_a_part_sends_the_draws_of_the_clauses_that_were_chosen() -> None:
    def drawn_of(*given: Any) -> set[str]:
        return {name for name in needed(WITH_DRAWS, *given) if WITH_DRAWS.cases[name].is_drawn}

    unreadable = {draw.id for draw in DRAWS if draw.kind.clause == "REJ-7"}
    assert drawn_of((), ("REJ-15", "ENV-3", "REJ-11")) == set()
    assert drawn_of((), (), ("REJ-7",)) == unreadable
    assert drawn_of((), (), ("ENV-3",)) == {draw.id for draw in DRAWS}
    one = next(iter(unreadable))
    assert drawn_of((one,), ()) == {one}
    assert "right-login" in needed(WITH_DRAWS, (), (), ("REQ-2",))


def test_a_body_that_is_there_already_is_no_second_draw() -> None:
    assert with_draws(WITH_DRAWS, DRAWS).cases == WITH_DRAWS.cases
