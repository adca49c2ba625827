"""What no schema can say of a contract, with the line and the id of each case and clause."""

from __future__ import annotations

import pytest

from esignon_conformance.runner.requests.contract_check import load
from selftest.support.contract_tree import CLAUSES, RIGHT, UNKNOWN, Tree, assert_told, case

MEMBERS = "contracts/login/cases/members.yaml"


def clause(clause_id: str, **members: str) -> str:
    """Return a line with a clause in the manner of the file."""
    rest = {
        "level": "must",
        "basis": "page",
        "place": "x",
        "title": "{en: x, ko: 값}",
        "rationale": "{en: A text of twenty letters., ko: 열 글자가 넘는 문장이다.}",
        "check": "answered",
        **members,
    }
    return (
        "  - {id: " + clause_id + "".join(f", {name}: {text}" for name, text in rest.items()) + "}"
    )


# ---- what no schema can say --------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2030-06-01", "2026-02-30"])
def test_a_date_is_a_text_as_in_json(tree: Tree, day: str) -> None:
    patch = f"[{{op: add, path: /body/day, value: {day}}}]"
    tree.append(UNKNOWN, case("x", patch=patch))
    assert load(tree.root).cases["x"].patch[0]["value"] == day


CASES_THAT_FIT_NOTHING = [
    ({"clause": "REJ-99"}, "there is no clause 'REJ-99'"),
    ({"same_as": "nobody"}, "there is no case 'nobody'"),
    ({"clause": "SUC-1"}, "the check 'success-member' of SUC-1 never looks at it"),
    ({"builds_on": "nobody"}, "there is no case 'nobody'"),
    (
        {"clause": "SUC-9", "burst": "{size: 2, rounds: 1, mix: [right-login, nobody]}"},
        "there is no case 'nobody'",
    ),
    ({"breaks_too": "[SEC-2]"}, "it breaks 'SEC-2', too, which REJ-2 does not name"),
    ({"patch": "[{op: remove, path: /nowhere}]"}, "the patch does not apply"),
    ({"patch": "[{op: replace, path: /body/nowhere/x, value: 1}]"}, "the patch does not apply"),
    ({"patch": "[{op: move, from: /nowhere, path: /x}]"}, "the patch does not apply"),
    ({"raw": "[{cut: {after: nowhere}}]"}, "the request cannot be made"),
    ({"raw": "[{replace: {find: nowhere, with: x}}]"}, "the request cannot be made"),
]


def test_cases_that_fit_nothing_are_told_with_their_lines_and_ids(tree: Tree) -> None:
    expected = {}
    for number, (members, said) in enumerate(CASES_THAT_FIT_NOTHING):
        line = tree.append(UNKNOWN, case(f"x{number}", **members))
        expected[line] = f"case x{number}: {said}"
    assert_told(tree, UNKNOWN, expected)


def test_a_case_id_that_stands_twice_is_told_in_one_file_and_in_two(tree: Tree) -> None:
    first = tree.append(UNKNOWN, case("unknown-email"))
    # A case that the contract multiplied may not stand twice either.
    second = tree.append(UNKNOWN, case("missing-memb-email"))
    third = tree.append(UNKNOWN, case("right-login"))
    told = {first: "unknown-email", second: "missing-memb-email", third: "right-login"}
    assert_told(tree, UNKNOWN, {line: f"{name} stands twice" for line, name in told.items()})


def test_a_member_without_a_clause_is_told(tree: Tree) -> None:
    line = tree.replace(MEMBERS, "memb_email: REJ-8, memb_pwd: REJ-8}", "memb_email: REJ-8}")
    # What names one of the cases that cannot be made now is told after it.
    problem = tree.problems()[0]
    assert problem.file == MEMBERS
    assert line - 6 <= problem.line <= line
    assert "no clause for the member 'memb_pwd'" in str(problem)


CLAUSES_THAT_FIT_NOTHING = [
    ({"check": "unheard-of"}, "no check 'unheard-of'"),
    ({"depends_on": "[REJ-99]"}, "no clause 'REJ-99'"),
    ({"sees": "[ENV-99]"}, "no clause 'ENV-99'"),
    ({"with": "{let_in_by: {email: REJ-99}}"}, "no clause 'REJ-99'"),
    ({"check": "outcome-of", "with": "{clause: REJ-99, outcomes: ['10']}"}, "no clause 'REJ-99'"),
    (
        {"check": "indistinguishable", "with": "{cases: [wrong-password, nobody]}"},
        "no case 'nobody'",
    ),
    (
        {"check": "outcome", "with": "{outcomes: [refused]}"},
        "nothing judges it, since no case names it",
    ),
    ({"check": "never-issues", "level": "should"}, "nothing judges it, since no case names it"),
]


def test_clauses_that_fit_nothing_are_told_with_their_lines(tree: Tree) -> None:
    expected = {tree.append(CLAUSES, clause("REJ-1")): "the clause id REJ-1 stands twice"}
    for number, (members, said) in enumerate(CLAUSES_THAT_FIT_NOTHING):
        line = tree.append(CLAUSES, clause(f"SUC-5{number}", **members))
        expected[line] = f"SUC-5{number}: {said}"
    assert_told(tree, CLAUSES, expected)


def test_clauses_that_build_on_each_other_are_told(tree: Tree) -> None:
    first = tree.append(CLAUSES, clause("SUC-50", depends_on="[SUC-51]"))
    second = tree.append(CLAUSES, clause("SUC-51", depends_on="[SUC-50]"))
    problem = tree.problem()
    assert (problem.file, problem.line in (first, second)) == (CLAUSES, True)
    assert "builds on itself" in str(problem)


def test_a_case_may_not_close_a_circle_of_clauses(tree: Tree) -> None:
    tree.append(UNKNOWN, case("x", clause="REJ-1", builds_on="password-cut-last"))
    problem = tree.problem()
    assert problem.file == CLAUSES
    assert "builds on itself, by way of" in str(problem)


# ---- several at once ---------------------------------------------------------------------------------


def test_everything_that_does_not_fit_is_told_at_once(tree: Tree) -> None:
    expected = {
        (UNKNOWN, tree.append(UNKNOWN, case("unknown-email"))),
        (UNKNOWN, tree.append(UNKNOWN, case("x1", clause="REJ-99"))),
        (UNKNOWN, tree.append(UNKNOWN, case("x2", account="third"))),
        (RIGHT, tree.append(RIGHT, case("x3", patch="[{op: remove, path: /nowhere}]"))),
        (CLAUSES, tree.append(CLAUSES, clause("SUC-1"))),
        (CLAUSES, tree.append(CLAUSES, clause("SUC-60", check="unheard-of"))),
        (CLAUSES, tree.append(CLAUSES, clause("SUC-61", depends_on="[SUC-99]"))),
        (CLAUSES, tree.append(CLAUSES, clause("SUC-62", check="never-issues"))),
    }
    assert {(one.file, one.line) for one in tree.problems()} == expected


def test_every_violation_of_a_schema_is_told_at_once(tree: Tree) -> None:
    expected = {
        (CLAUSES, tree.replace(CLAUSES, "level: must", "level: shall")),
        (CLAUSES, tree.append(CLAUSES, clause("SUC-60", colour="red"))),
        (UNKNOWN, tree.append(UNKNOWN, "  - {clause: REJ-2, title: {en: x, ko: 값}}")),
        (RIGHT, tree.append(RIGHT, "  - {id: x}")),
    }
    assert {(one.file, one.line) for one in tree.problems()} == expected
