"""`make mutants`, but for what needs Cosmic Ray: names, our operators, the fates and the list."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from esignon_conformance.tools import reference
from selftest.mutants.judging import Judged, Stated, compared, steady
from selftest.mutants.mutant import (
    Change,
    Name,
    annotated,
    definitions,
    difference,
    mutants_of,
    program,
)
from selftest.mutants.own_operators import own_changes
from selftest.mutants.serving import serving_changed
from selftest.mutants.survivors import KINDS, Listed, read, tally

SERVER = Path(reference.__file__).parent
SOURCE = '''"""Docstring."""

LIMIT = 3


class Box:
    """A box."""

    def takes(self, text: str) -> bool:
        """Tell."""
        # 가: letters of more than one byte stand before what is replaced
        return "가" in text and len(text.strip()) < LIMIT
'''


def _texts(operator: str, source: str = SOURCE) -> list[str]:
    changes = [one for one in own_changes(source) if one.operator == f"own/{operator}"]
    return [mutant.name.after for mutant in mutants_of("box.py", source, changes)]


@pytest.mark.parametrize(
    ("operator", "afters"),
    [
        ("other-text", ["return '가X' in text and len(text.strip()) < LIMIT"]),
        (
            "constant-condition",
            [
                "return True",
                "return False",
                "return (len(text.strip()) < LIMIT)",
                "return ('가' in text)",
            ],
        ),
        ("forgotten-statement", ["return None"]),
        ("forgotten-call", ['return "가" in text and len(text) < LIMIT']),
        ("forgotten-argument", []),
        ("forgotten-handler", []),
    ],
)
def test_our_operators_change_one_thing(operator: str, afters: list[str]) -> None:
    assert _texts(operator) == afters


@pytest.mark.parametrize(
    ("operator", "line", "afters"),
    [
        ("forgotten-member", 'D = {"a": 1, "b": 2}', ['D = {"b": 2}', 'D = {"a": 1, }']),
        ("forgotten-member", "T = (1, 2)", ["T = (2)", "T = (1, )"]),
        ("forgotten-member", "T = (1,)", ["T = ()"]),
        ("forgotten-argument", "f(x, a=1, b=2)", ["f(x, b=2)", "f(x, a=1, )"]),
        ("forgotten-handler", "try:\n    f()\nexcept E:\n    pass", ["except ():"]),
        ("other-text", "A = b'x'", [r"A = b'xX'"]),
        ("other-text", "A = f'x{y}'", []),
    ],
)
def test_what_is_forgotten_is_cut_out(operator: str, line: str, afters: list[str]) -> None:
    assert _texts(operator, f"{line}\n") == afters


def test_a_name_holds_where_other_lines_move() -> None:
    changed = Change("any", 0, SOURCE.replace("LIMIT = 3", "LIMIT = 4"))
    moved = SOURCE.replace("LIMIT", "# A remark.\n\nOTHER = 1\nLIMIT", 1)
    elsewhere = Change("any", 0, moved.replace("LIMIT = 3", "LIMIT = 4"))
    (one,), (other,) = (
        mutants_of("box.py", SOURCE, [changed]),
        mutants_of("box.py", moved, [elsewhere]),
    )
    assert one.name == other.name == Name("box.py", "", "LIMIT = 3", "LIMIT = 4")
    assert one.line != other.line


def test_mutants_of_the_same_texts_are_numbered() -> None:
    source = "def f():\n    g(1)\n    h()\n    g(1)\n"
    changes = [
        Change("any", 0, "def f():\n    g(2)\n    h()\n    g(1)\n"),
        Change("any", 1, "def f():\n    g(1)\n    h()\n    g(2)\n"),
    ]
    assert [str(one.name) for one in mutants_of("x.py", source, changes)] == [
        "x.py: f: g(1) -> g(2)",
        "x.py: f: g(1) -> g(2) [2]",
    ]


@pytest.mark.parametrize(
    "text",
    [
        SOURCE,
        SOURCE.replace("text: str", "text: bytes | None"),
        SOURCE.replace("-> bool", "-> int"),
        SOURCE.replace("A box.", "Another box."),
        SOURCE.replace("# 가", "# 나"),
        SOURCE.replace("LIMIT = 3", "LIMIT ="),
    ],
)
def test_what_runs_alike_or_not_at_all_is_no_mutant(text: str) -> None:
    assert list(mutants_of("box.py", SOURCE, [Change("any", 0, text)])) == []


def test_the_same_program_made_twice_is_one_mutant() -> None:
    changed = SOURCE.replace("LIMIT = 3", "LIMIT = 4")
    changes = [Change("one", 0, changed), Change("other", 0, changed.replace(" 4", "  4"))]
    assert len(list(mutants_of("box.py", SOURCE, changes))) == 1


def test_definitions_and_annotations_are_found_by_place() -> None:
    places = definitions(SOURCE)
    assert places[6] == "Box"
    assert places[12] == "Box.takes"
    assert 3 not in places
    assert (9, SOURCE.splitlines()[8].index("str")) in annotated(SOURCE)
    assert (9, SOURCE.splitlines()[8].index("text")) not in annotated(SOURCE)


def test_the_difference_leaves_out_comments() -> None:
    with_remark = "f(\n    # why\n    a=1,\n)\n"
    assert difference(with_remark, "f(\n)\n") == (2, "a=1,", "")
    assert program(with_remark) == program("f(a=1)\n")


RIGHT = Stated({"ENV-1": "holds", "SEC-5": "not-judged"}, {"REJ-12": {"body": "absent"}})


@pytest.mark.parametrize(
    ("verdicts", "observed", "fate"),
    [
        ({}, {}, "survived"),
        ({"ENV-1": "fails"}, {}, "failed"),
        ({"ENV-1": "advisory"}, {}, "other-verdict"),
        ({"ENV-1": "could-not-judge"}, {"body": "null"}, "other-verdict"),
        ({}, {"body": "null"}, "only-observed"),
        ({}, {"another": 1}, "survived"),
    ],
)
def test_the_fate_of_a_mutant(
    verdicts: dict[str, str], observed: dict[str, object], fate: str
) -> None:
    seen = Stated(
        {**RIGHT.verdicts, **verdicts}, {"REJ-12": {**RIGHT.observed["REJ-12"], **observed}}
    )
    assert compared(RIGHT, seen).fate == fate


def test_what_changes_from_run_to_run_counts_for_nothing() -> None:
    other = Stated(dict(RIGHT.verdicts), {"REJ-12": {"body": "null"}})
    assert compared(steady(RIGHT, other), RIGHT).fate == "survived"
    assert compared(steady(RIGHT, other), other).fate == "survived"


def test_the_list_covers_a_change_a_line_or_a_definition() -> None:
    name = Name("x.py", "f", "a", "b", 2)
    assert Listed("x.py", "f", "open", "Why.").covers(name)
    assert Listed("x.py", "f", "open", "Why.", "a").covers(name)
    assert Listed("x.py", "f", "open", "Why.", "a", "b").covers(name)
    assert not Listed("x.py", "f", "open", "Why.", "a", "c").covers(name)
    assert not Listed("x.py", "f.g", "open", "Why.").covers(name)
    assert not Listed("y.py", "f", "open", "Why.").covers(name)


def test_survivors_without_a_reason_and_entries_without_a_survivor_are_told() -> None:
    lives, seen, dies, unjudged = (Name("x.py", "f", "a", str(number)) for number in range(4))
    fates = {lives: Judged("survived"), seen: Judged("only-observed"), dies: Judged("failed")}
    entries = [
        Listed("x.py", "f", "open", "Why.", "a", after) for after in ("0", "2", "3", "elsewhere")
    ]
    told = tally(fates, [lives, seen, dies, unjudged], entries)
    assert told.unlisted == (seen,)
    assert told.listed == {lives: entries[0]}
    assert told.killed == (entries[1],)
    assert told.gone == (entries[3],)


def test_every_entry_of_the_list_stands_in_the_server_as_it_is() -> None:
    entries = read()
    assert len(entries) > 20
    assert {entry.reason for entry in entries} <= set(KINDS)
    for entry in entries:
        source = (SERVER / entry.file).read_text("utf-8")
        lines, places = source.splitlines(), definitions(source)
        assert not entry.where or entry.where in places.values(), str(entry)
        mine = [
            text for number, text in enumerate(lines, 1) if places.get(number, "") == entry.where
        ]
        joined = "".join("".join(line for line in mine if not line.strip().startswith("#")).split())
        assert "".join((entry.before or "").split()) in joined, str(entry)


def test_what_is_served_is_the_changed_server() -> None:
    source = (SERVER / "answering.py").read_text("utf-8")
    changed = source.replace('"session_id": ""', '"session_id": "changed"')
    assert changed != source
    for text, expected in ((source, ""), (changed, "changed")):
        with serving_changed("answering.py", text) as base_url:
            answer = requests.post(
                f"{base_url}/api/nobody/login",
                json={"memb_email": "nobody@gaon.invalid", "memb_pwd": "Zq7!made-up-password"},
                timeout=10,
            )
        assert answer.json()["header"]["session_id"] == expected


def test_a_server_that_does_not_start_has_no_address() -> None:
    with serving_changed("answering.py", "raise SystemExit(3)\n") as base_url:
        assert base_url == ""
