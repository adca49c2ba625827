"""Broken data is told with file and line, and all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.contract.checked_note import fingerprint_of, text_of
from esignon_conformance.contract.yaml_document import ContractError, Document, Problem, read
from esignon_conformance.runner.requests.contract_check import load, note_checked
from selftest.support.contract_tree import CLAUSES, RIGHT, UNKNOWN, Tree, assert_told, case
from selftest.support.exchanges import contract

OPENAPI = "contracts/openapi.yaml"
FACTS = "contracts/login/facts.yaml"


def test_the_data_as_it_is_has_no_problem(tmp_path: Path) -> None:
    loaded = load(Tree(tmp_path).root)
    assert loaded == contract()
    assert len(loaded.fingerprint) == len(loaded.page_sha256.split()[0]) == 64


def test_the_fingerprint_changes_with_any_file_and_any_schema() -> None:
    files, schemas = [Document("a", "x", None), Document("b", "y", None)], {"s.json": {"a": 1}}
    others = [
        (files[:1], schemas),
        ([Document("a", "x ", None), files[1]], schemas),
        (files, {"s.json": {"a": 2}}),
        (files, {"t.json": {"a": 1}}),
    ]
    fingerprints = {fingerprint_of(one, text_of(of)) for one, of in [(files, schemas), *others]}
    assert len(fingerprints) == 5


# ---- unreadable ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("  - {id: x", "is not YAML"),
        ("  - id: [", "is not YAML"),
        ("  - \tid: x", "is not YAML"),
        ("  - id: 'x", "is not YAML"),
        ("  - {id: x, id: y}", "the name 'id' stands twice"),
        ("  - {id: x, value: {{password}}}", "is not YAML"),
        ("  - {id: x, ? [a, b] : c}", "is not YAML"),
        ("  - !!python/object/apply:os.system [x]", "is not YAML"),
        ("  - *nobody", "is not YAML"),
    ],
)
def test_unreadable_yaml_is_told_with_its_line(tmp_path: Path, entry: str, said: str) -> None:
    (tmp_path / "cases.yaml").write_text(f"cases:\n  - {{id: a}}\n{entry}\n", encoding="utf-8")
    with pytest.raises(ContractError) as refused:
        read(tmp_path / "cases.yaml", tmp_path)
    (problem,) = refused.value.problems
    assert problem.file == "cases.yaml"
    assert problem.line in (3, 4)
    assert said in str(problem)


def test_a_name_that_stands_twice_is_told_where_it_stands_again(tree: Tree) -> None:
    line = tree.replace(CLAUSES, "    level: must\n", "    level: must\n    level: should\n")
    assert (tree.problem().file, tree.problem().line) == (CLAUSES, line + 1)


def test_files_that_are_absent_or_no_text_are_told(tree: Tree) -> None:
    (tree.root / CLAUSES).unlink()
    assert str(tree.problem()) == f"{CLAUSES}: cannot be read: No such file or directory"
    (tree.root / CLAUSES).write_bytes(b"operation: \xff\n")
    problem = tree.problem()
    assert str(problem) == f"{CLAUSES}:1: is not UTF-8"


def test_several_unreadable_files_are_told_at_once(tree: Tree) -> None:
    for file in (RIGHT, UNKNOWN, CLAUSES):
        tree.append(file, "  - {id: x")
    assert {problem.file for problem in tree.problems()} == {RIGHT, UNKNOWN, CLAUSES}


@pytest.mark.parametrize("file", ["schemas/cases.json", "schemas/login/request.json"])
def test_a_schema_that_is_no_json_is_told_with_its_line(tree: Tree, file: str) -> None:
    (tree.root / file).write_text('{\n "a": 1,\n}\n', encoding="utf-8")
    problem = tree.problem()
    assert (problem.file, problem.line) == (file, 3)


def test_an_absent_record_of_the_page_is_told(tree: Tree) -> None:
    (tree.root / FACTS).unlink()
    assert tree.problem().file == FACTS


@pytest.mark.parametrize(
    "text",
    ["paths: []", "paths: {/x: {post: {operationId: login, requestBody: {content: {}}}}}"],
)
def test_a_description_without_the_operation_is_told(tree: Tree, text: str) -> None:
    (tree.root / OPENAPI).write_text(text, encoding="utf-8")
    problem = tree.problem()
    assert problem.file == OPENAPI
    assert "login" in str(problem)


# ---- against the schemas -----------------------------------------------------------------------------


def test_clauses_that_break_the_schema_are_told_with_their_lines(tree: Tree) -> None:
    expected = {}
    for old, new, said in (
        ("level: must", "level: shall", "'shall' is not one of"),
        ("basis: page", "basis: opinion", "'opinion' is not one of"),
        ("id: REQ-1\n", "id: REQ-01\n", "does not match"),
        ("check: same-outcome", "check: Same Outcome", "does not match"),
        ("edition: kor_20210407", "edition: ''", "should be non-empty"),
        ("en: Member order, white", "en: Too short #", "is too short"),
    ):
        expected[tree.replace(CLAUSES, old, new)] = said
    assert_told(tree, CLAUSES, expected)


def test_a_member_that_is_absent_is_told_with_the_line_of_its_clause(tree: Tree) -> None:
    line = tree.replace(CLAUSES, "    reference: RFC 8259 §2, §7, RFC 9112 §7.1\n", "")
    problem = tree.problem()
    assert (problem.file, problem.line) == (CLAUSES, line - 3)
    assert "'reference' is a required property" in str(problem)


CASES_THAT_BREAK_THE_SCHEMA = [
    ({"situation": "sideways"}, "'sideways' is not one of"),
    ({"account": "third"}, "'third' is not one of"),
    ({"patch": "[{op: test, path: /x}]"}, "'test' is not one of"),
    ({"patch": "[{op: add, path: /x}]"}, "is not valid under any"),
    ({"patch": "[{op: add, path: x, value: 1}]"}, "does not match"),
    ({"patch": "[]"}, "should be non-empty"),
    ({"patch": "[{op: add, path: /x, secret: {account: third, field: email}}]"}, "'third'"),
    ({"patch": "[{op: add, path: /x, secret: {account: main, field: email, as: rot13}}]"}, "rot13"),
    ({"raw": "[{cut: {last: 0}}]"}, "less than the minimum"),
    ({"raw": "[{explode: 1}]"}, "explode"),
    ({"raw": "[{append: x, prepend: y}]"}, "too many properties"),
    ({"repeat": "0"}, "less than the minimum"),
    ({"tags": "[unheard]"}, "'unheard' is not one of"),
    ({"expect": "[refuse]"}, "'refuse' is not one of"),
    ({"colour": "red"}, "'colour' was unexpected"),
    ({"title": "{en: A login that should work, ko: 값}"}, "should not be valid"),
    ({"title": "{en: x}"}, "'ko' is a required property"),
    ({"clause": "REJ"}, "does not match"),
]


def test_cases_that_break_the_schema_are_told_with_their_lines(tree: Tree) -> None:
    expected = {
        tree.append(UNKNOWN, case(f"x{number}", **members)): said
        for number, (members, said) in enumerate(CASES_THAT_BREAK_THE_SCHEMA)
    }
    assert_told(tree, UNKNOWN, expected)


def test_a_case_without_id_and_a_file_without_cases_are_told(tree: Tree) -> None:
    line = tree.append(UNKNOWN, "  - {clause: REJ-2, title: {en: x, ko: 값}}")
    problem = tree.problem()
    assert (problem.file, problem.line) == (UNKNOWN, line)
    assert "'id' is a required property" in str(problem)
    (tree.root / UNKNOWN).write_text("cases: []\n", encoding="utf-8")
    assert any("non-empty" in str(one) for one in tree.problems())


# ---- a contract that was found right before ------------------------------------------------------------


def test_the_contract_of_the_suite_is_right_and_noted_so(tmp_path: Path) -> None:
    root = Tree(tmp_path).root
    noted = (root / "contracts" / "login" / "checked.sha256").read_text("ascii")
    assert note_checked(root, "login").read_text("ascii") == noted, "make contract"


def test_what_was_noted_to_be_right_is_not_checked_again_and_nothing_else(tree: Tree) -> None:
    noted = note_checked(tree.root, "login")
    first = load(tree.root)
    assert noted.read_text("ascii").startswith(first.fingerprint)
    tree.append(UNKNOWN, case("x", clause="REJ-99"))
    with pytest.raises(ContractError):
        load(tree.root)
    with pytest.raises(ContractError):
        note_checked(tree.root, "login")
    assert noted.read_text("ascii").startswith(first.fingerprint)


@pytest.mark.parametrize("note", ["", "0" * 64, "\xff\xfe"])
def test_a_note_of_anything_else_is_not_believed(tree: Tree, note: str) -> None:
    tree.append(UNKNOWN, case("x", clause="REJ-99"))
    (tree.root / "contracts" / "login" / "checked.sha256").write_text(note, encoding="latin-1")
    with pytest.raises(ContractError):
        load(tree.root)


# ---- lines -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pointer", "line"),
    [
        ((), 1),
        (("cases",), 2),
        (("cases", 0), 3),
        (("cases", 0, "id"), 3),
        (("cases", 1), 4),
        (("cases", 1, "title", "ko"), 6),
        (("cases", 1, "nowhere"), 4),
        (("cases", 9), 2),
        (("nowhere",), 1),
    ],
)
def test_a_place_in_a_file_has_a_line(pointer: tuple[str | int, ...], line: int) -> None:
    text = "defaults: {}\ncases:\n  - {id: a}\n  - id: b\n    title:\n      ko: x\n"
    assert Document("x.yaml", text, None).line(pointer) == line


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_has_a_first_line(text: str) -> None:
    assert Document("x.yaml", text, None).line(("cases", 0)) == 1


def test_a_file_outside_the_tree_is_shown_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(ContractError, match=r"^a\.yaml:"):
        read(tmp_path / "a.yaml", tmp_path / "elsewhere")


def test_a_problem_reads_as_editors_expect() -> None:
    assert str(Problem("a/b.yaml", 7, "x")) == "a/b.yaml:7: x"
    assert ContractError([Problem("a", 1, "x")]).problems == (Problem("a", 1, "x"),)
