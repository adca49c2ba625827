"""Broken data is told with file and line, and all of it at once."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.contract.checked_note import fingerprint_of
from esignon_conformance.contract.yaml_document import ContractError, Document, Problem, read
from esignon_conformance.runner.requests.contract_check import load, note_checked
from selftest.support.exchanges import contract

CLAUSES = "contracts/login/clauses.yaml"
RIGHT = "contracts/login/cases/right.yaml"
UNKNOWN = "contracts/login/cases/unknown.yaml"
MEMBERS = "contracts/login/cases/members.yaml"
OPENAPI = "contracts/openapi.yaml"
FACTS = "contracts/login/facts.yaml"


class Tree:
    """A copy of the contract's data that is damaged and read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("contracts", "schemas"):
            shutil.copytree(resources.data_root() / name, root / name)

    def replace(self, file: str, old: str, new: str, count: int = 1) -> int:
        """Replace a text in a file and return the line on which it stood first."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} holds no {old!r}"
        path.write_text(text.replace(old, new, count), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def append(self, file: str, entry: str) -> int:
        """Add a line to a file and return its number."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text + entry + "\n", encoding="utf-8")
        return text.count("\n") + 1

    def problems(self) -> list[Problem]:
        """Return the problems with which the data is refused."""
        with pytest.raises(ContractError) as refused:
            load(self.root)
        problems = list(refused.value.problems)
        assert str(refused.value).splitlines() == [str(one) for one in problems]
        return problems

    def problem(self) -> Problem:
        """Return the one problem with which the data is refused."""
        (problem,) = self.problems()
        return problem

    def thin_out(self) -> None:
        """Keep two cases of each clause in a file, and what others name: that is read in half the time."""
        cases = contract().cases.values()
        named = {name for one in cases for name in (one.same_as, one.builds_on)}
        named |= {name for one in cases for name in (*one.burst.get("mix", ()), *one.shares)}
        named |= {
            name for one in contract().clauses.values() for name in one.parameters.get("cases", ())
        }
        for path in (self.root / "contracts" / "login" / "cases").glob("*.yaml"):
            lines, counts = [], Counter[str]()
            for line in path.read_text(encoding="utf-8").splitlines():
                entry = re.match(r"  - \{id: ([\w-]+), clause: ([A-Z]+-\d+)", line)
                if entry is not None and entry[1] not in named:
                    counts[entry[2]] += 1
                    if counts[entry[2]] > 2:
                        continue
                lines.append(line)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a copy of the contract's data with fewer cases."""
    made = Tree(tmp_path)
    made.thin_out()
    return made


def case(case_id: str, **members: str) -> str:
    """Return a line with a case in the manner of the files."""
    rest = {"clause": "REJ-2", "situation": "unknown-email", "title": "{en: x, ko: 값}", **members}
    return "  - {id: " + case_id + "".join(f", {name}: {text}" for name, text in rest.items()) + "}"


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
    fingerprints = {fingerprint_of(*one) for one in [(files, schemas), *others]}
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
    assert str(tree.problem()) == f"{CLAUSES}:1: cannot be read: No such file or directory"
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


def assert_told(tree: Tree, file: str, expected: dict[int, str]) -> None:
    """See that each line of a file, and nothing else, has a problem that says so."""
    problems = tree.problems()
    assert {(one.file, one.line) for one in problems} == {(file, line) for line in expected}
    for problem in problems:
        assert expected[problem.line] in str(problem)


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
