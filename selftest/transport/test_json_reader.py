"""Strict JSON from bytes: what any parser may rely on, and the reason for all else."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from esignon_conformance.checks.view import shown
from esignon_conformance.transport.json_nesting import MOST_NESTED, flattened, is_deep
from esignon_conformance.transport.json_reader import (
    member,
    numbers,
    read_json,
    strings,
    word_bound,
    written,
)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"{}", {}),
        (b"[]", []),
        (b"null", None),
        (b"true", True),
        (b"0", 0),
        (b"-0", 0),
        (b"-1.5e-3", -0.0015),
        (b"1E+2", 100.0),
        (b'""', ""),
        (b'"\\u00e9\\ud83d\\ude00"', "é😀"),
        ('"é😀"'.encode(), "é😀"),
        (b'"\\ud800"', "\ud800"),
        (b'"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'),
        (b'"\x7f"', "\x7f"),
        ('"\u2028\ufeff"'.encode(), "\u2028\ufeff"),
        (b' \t\r\n{"a" : [ 1 , 2 ] } \r\n', {"a": [1, 2]}),
        (b'{"": {"": 1}}', {"": {"": 1}}),
        (b'{"a": 1e400}', {"a": float("inf")}),
        (b"9" * 5000, float("inf")),
    ],
)
def test_a_json_text_is_read(data: bytes, value: Any) -> None:
    text = read_json(data)
    assert (text.value, text.problem, text.duplicates, text.readable) == (value, None, (), True)


PROBLEMS: dict[str, list[bytes]] = {
    "byte-order-mark": [
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"\xfe\xff\0{\0}",
        "{}".encode("utf-32"),
    ],
    "not-utf-8": [
        b'{"a": "\xff"}',
        b'"\xc0\xaf"',
        b'"\xed\xa0\x80"',
        b'"\xf5\x80\x80\x80"',
        b'"\xe2\x82',
        '{"가": 1}'.encode("euc-kr"),
    ],
    "no-json-text": [b"", b" ", b"\r\n\t "],
    "not-a-number": [b"NaN", b"[Infinity]", b'{"a": -Infinity}'],
    "not-json": [
        b"{",
        b'{"a"}',
        b'{"a":}',
        b"{'a': 1}",
        b"{a: 1}",
        b"[1,]",
        b'{"a": 1,}',
        b"[1 2]",
        b"+1",
        b".5",
        b"TRUE",
        b"nul",
        b'"a',
        b'"a\nb"',
        b'"\t"',
        b'"\x00"',
        b'"\\x41"',
        b'"\\u00zz"',
        b"// c\n{}",
        b"\xc2\xa0{}",
        b"\x0c{}",
        b"<html></html>",
        b"[" * 100_000,
    ],
    "text-after-value": [
        b"{} x",
        b"{}{}",
        b"{}}",
        b"1 2",
        b"01",
        b"0x1F",
        b"1.",
        b"{}\x00",
        b"{}\x0c",
        b"{}// c",
        b"{}\xc2\xa0",
        b"nullnull",
    ],
}


@pytest.mark.parametrize(
    ("problem", "data"), [(k, one) for k, rows in PROBLEMS.items() for one in rows]
)
def test_what_only_a_lenient_parser_reads_has_its_reason(problem: str, data: bytes) -> None:
    text = read_json(data)
    assert text.problem == problem
    assert len(text.detail) < 200
    # After a whole value that value is known all the same; else there is none.
    assert text.readable == (problem == "text-after-value")


def test_integers_of_any_length_are_read() -> None:
    assert read_json(b"9" * 3999).value == 10**3999 - 1
    assert read_json(b"9" * 5000).value == float("inf")
    assert read_json(b"-" + b"9" * 5000).value == float("-inf")


def test_nesting_of_200_is_read() -> None:
    assert read_json(b"[" * 200 + b"]" * 200).problem is None
    assert read_json(b'{"n":' * 200 + b"1" + b"}" * 200).problem is None


@pytest.mark.parametrize(
    ("data", "duplicates"),
    [
        (b'{"a": 1, "a": 1}', ("/a",)),
        (b'{"a": 1, "\\u0061": 2}', ("/a",)),
        (b'{"a": 1, "b": 2, "a": 3, "b": 4, "a": 5}', ("/a", "/b")),
        (b'{"h": {"c": 1, "c": 2}}', ("/h/c",)),
        (b'[{"c": 1, "c": 2}]', ("/0/c",)),
        (b'{"a": {"x": 1}, "a": {"y": 1, "y": 2}}', ("/a", "/a/y")),
        (b'{"a": 1, "A": 2}', ()),
    ],
)
def test_a_name_that_stands_twice_is_found(data: bytes, duplicates: tuple[str, ...]) -> None:
    text = read_json(data)
    assert (text.duplicates, text.problem) == (duplicates, None)


def test_a_member_that_is_null_is_not_absent() -> None:
    value = {"a": {"b": None, "": 1}, "l": [{"c": 1}]}
    assert member(value, "") == (True, value)
    assert member(value, "/a/b") == (True, None)
    assert member(value, "/a/") == (True, 1)
    for pointer in ("/b", "/a/c", "/a/b/c", "/l/0", "/l/c"):
        assert member(value, pointer) == (False, None)
    assert member(None, "/a") == (False, None)


def test_every_string_is_found_with_the_names() -> None:
    value = {"a": "x", "b": [{"c": "y"}, "z", 5, None]}
    found = set(strings(value))
    assert found == {
        ("/a", "a"),
        ("/a", "x"),
        ("/b", "b"),
        ("/b/0/c", "c"),
        ("/b/0/c", "y"),
        ("/b/1", "z"),
    }
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    assert [text for _, text in strings(deep)] == ["x"]


def test_what_is_read_is_what_python_reads() -> None:
    value = {"header": {"code": "00", "list": [1, 2.5, True, None, "가"]}, "body": {}}
    for indent in (None, 2):
        for ascii_only in (True, False):
            text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
            assert read_json(text.encode()).value == value


def test_an_excerpt_cuts_no_word_in_two() -> None:
    email = "a.name.of.some.length@company.invalid"
    text = f'{{"memb_email": "{email}",}}'
    assert email in read_json(text.encode()).detail
    assert word_bound(text, text.index("@"), -1) == text.index("a.name")
    assert word_bound(text, text.index("@"), 1) == text.index('",}')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("short", '"short"'),
        ("a" * 400, '"' + "a" * 118 + "…"),
        (
            "x " * 55 + "kim.main@company.invalid and more",
            '"' + "x " * 55 + "kim.main@company.invalid…",
        ),
    ],
)
def test_a_value_is_shown_cut_but_at_no_word(value: str, expected: str) -> None:
    assert shown(value) == expected


# ---- what is large ---------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [1, 100, MOST_NESTED - 2, MOST_NESTED, 850, 960, 5000, 100_000])
@pytest.mark.parametrize("marks", ["[]", "{}"])
def test_a_text_is_read_however_deep_it_is_nested(depth: int, marks: str) -> None:
    begin = "[" if marks == "[]" else '{"a":'
    inner = "[]" if marks == "[]" else "{}"
    deep = begin * depth + inner + marks[1] * depth
    text = read_json(f'{{"header": {{"x": 1}}, "deep": {deep}, "last": "}}]"}}'.encode())
    assert (text.problem, text.readable, text.is_cut) == (None, True, depth + 2 > MOST_NESTED)
    assert (text.value["header"], text.value["last"]) == ({"x": 1}, "}]")
    level, value = 0, text.value["deep"]
    while value:
        level, value = level + 1, value[0] if marks == "[]" else value["a"]
    assert level == min(depth, MOST_NESTED - 1)


@pytest.mark.parametrize(
    ("before", "inner", "after"),
    [
        ("[", "", ""),
        ("[", "1,", "]"),
        ("[", "tru", "]"),
        ("[", "01", "]"),
        ("[", "1 2", "]"),
        ("[", '"\n"', "]"),
        ("[", '{"a" 1}', "]"),
        ("[", "{1: 2}", "]"),
        ("[", "}", "]"),
        ("[", "NaN", "]"),
        ('{"a":', "", "}"),
        ('{"a":', "1", "]"),
        ('{"a":', '{"b": 1,}', "}"),
    ],
)
def test_what_is_nested_too_deep_is_json_or_not_by_its_grammar(
    before: str, inner: str, after: str
) -> None:
    depth = MOST_NESTED + 50
    text = read_json((before * depth + inner + after * depth).encode())
    assert (text.problem, text.readable) == ("not-json", False)


def test_what_follows_a_deep_value_is_told_as_ever() -> None:
    deep = b"[" * 1000 + b"]" * 1000
    assert read_json(deep + b" ").problem is None
    assert read_json(deep + b"[").problem == "text-after-value"
    assert read_json(b"[" * 300).problem == "not-json"


@pytest.mark.parametrize("count", [5000, 100_000])
def test_names_that_stand_twice_are_found_in_linear_time(count: int) -> None:
    rows = b",".join([b'"a": 1'] * count)
    began = time.monotonic()
    assert read_json(b"{" + rows + b"}").duplicates == ("/a",)
    assert time.monotonic() - began < 2


def test_a_number_that_nothing_holds_is_shown_as_it_was_written() -> None:
    long = "9" * 5000
    text = read_json(f'{{"a": [{long}, 1e999, 1.50, 3]}}'.encode())
    assert written(text.value) == f'{{"a": [{long}, 1e999, 1.5, 3]}}'
    assert shown(text.value["a"][0]).startswith("99999")
    assert "Infinity" not in shown(text.value)
    assert {"1.50", "1.5", "3", "1e999", long} == {one for _, one in numbers(text.value)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"[" * MOST_NESTED + b"]" * MOST_NESTED, False),
        (b"[" * MOST_NESTED + b"{}" + b"]" * MOST_NESTED, True),
        (b"[" + b"[{}]," * MOST_NESTED + b"1]", False),
        (b'["\\"' + b"[" * MOST_NESTED + b'\\\\", "' + b"{" * MOST_NESTED + b'"]', False),
        (b'["\\\\", ' + b"[" * MOST_NESTED, True),
    ],
)
def test_what_is_wide_or_stands_in_a_string_is_not_deep(text: bytes, expected: bool) -> None:
    assert is_deep(text) is expected
    if text.endswith(b"]"):
        assert flattened(text.decode())[1] is expected
