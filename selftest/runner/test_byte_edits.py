"""Byte operations: what YAML and JSON Patch cannot say, and the texts that are one JSON value."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from esignon_conformance.runner.requests.byte_edits import (
    apply_raw,
    as_bytes,
    made_text,
    made_value,
    serialise,
)

DOCUMENT = {
    "header": {"request_code": "1001Q"},
    "body": {"memb_email": "nari@gaon.invalid", "memb_pwd": '비밀 "x" 😀'},
}
DATA = serialise(DOCUMENT)


def applied(operation: dict[str, Any], data: bytes = DATA) -> bytes:
    """Return the bytes after one operation."""
    return apply_raw(data, operation, DOCUMENT)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("가", b"\xea\xb0\x80"),
        ("", b""),
        ("\ud800", b"\xed\xa0\x80"),
        ({"hex": "00ff"}, b"\x00\xff"),
        ({"hex": ""}, b""),
        ({"repeat": "[", "times": 3}, b"[[["),
        ({"repeat": "a", "times": 2, "prefix": "<", "suffix": ">"}, b"<aa>"),
    ],
)
def test_bytes_are_given_as_text_hexadecimal_or_many_times(value: Any, expected: bytes) -> None:
    assert as_bytes(value) == expected


def test_large_values_are_made() -> None:
    assert made_text({"repeat": "ab", "times": 2}) == "abab"
    assert (
        made_value({"repeat": "a", "times": 284, "suffix": "@x.invalid"})
        == "a" * 284 + "@x.invalid"
    )
    assert made_value({"nest": "array", "depth": 3}) == [[[]]]
    assert made_value({"nest": "object", "depth": 3}) == {"n": {"n": {}}}
    assert made_value({"nest": "array", "depth": 1}) == []
    assert made_value({"members": 2}) == {"member_0": 0, "member_1": 1}
    deep = made_value({"nest": "array", "depth": 200})
    assert serialise(deep) == b"[" * 200 + b"]" * 200


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"literal": "{"}, b"{"),
        ({"literal": ""}, b""),
        ({"append": {"hex": "00"}}, DATA + b"\0"),
        ({"prepend": {"hex": "efbbbf"}}, b"\xef\xbb\xbf" + DATA),
        ({"cut": {"last": 1}}, DATA[:-1]),
        ({"cut": {"after": '"header"'}}, b'{"header"'),
        ({"cut": {"before": '"header"'}}, b"{"),
        ({"replace": {"find": "1001Q", "with": "1001A"}}, DATA.replace(b"1001Q", b"1001A")),
        ({"replace": {"find": '"', "with": "'"}}, DATA.replace(b'"', b"'")),
        ({"replace": {"find": "@", "with": {"hex": "40ff"}}}, DATA.replace(b"@", b"@\xff")),
        ({"encode": "base64"}, base64.b64encode(DATA)),
    ],
)
def test_an_operation_changes_bytes(operation: dict[str, Any], expected: bytes) -> None:
    assert applied(operation) == expected


def test_encodings_can_be_undone() -> None:
    assert gzip.decompress(applied({"encode": "gzip"})) == DATA
    assert applied({"encode": "gzip"}) == applied({"encode": "gzip"})
    assert applied({"encode": "utf-16"}).decode("utf-16") == DATA.decode()
    assert applied({"encode": "utf-16"})[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert applied({"encode": "utf-16-be"}).decode("utf-16-be") == DATA.decode()
    assert applied({"encode": "utf-32"}).decode("utf-32") == DATA.decode()
    assert applied({"encode": "euc-kr"}, '"메모"'.encode()).decode("euc-kr") == '"메모"'
    assert json.loads(json.loads(applied({"encode": "json-string"}))) == DOCUMENT
    assert b"{" not in applied({"encode": "percent"})
    form = applied({"form": True})
    assert form.startswith(b"memb_email=nari%40gaon.invalid&memb_pwd=")
    assert b"&body%5Bmemb_email%5D=nari%40gaon.invalid&" in form
    dotted = applied({"form": "dotted"})
    assert dotted.startswith(b"header.request_code=1001Q&body.memb_email=nari%40gaon.invalid&")
    assert b"%5B" not in dotted


@pytest.mark.parametrize(
    "operation",
    [
        {"replace": {"find": "no such text", "with": ""}},
        {"cut": {"after": "no such text"}},
        {"cut": {"before": "no such text"}},
        {"unheard-of": 1},
    ],
)
def test_an_operation_that_finds_nothing_is_an_error(operation: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"finds no|there is no"):
        applied(operation)


WAYS: list[dict[str, Any]] = [
    {},
    {"order": "reversed"},
    {"indent": 4},
    {"indent": "\t", "line_end": "\r\n"},
    {"compact": True},
    {"separators": [" , ", " : "]},
    {"escape": "values"},
    {"escape": "values", "upper": True},
    {"escape": "names"},
]


@pytest.mark.parametrize("how", WAYS, ids=str)
def test_every_way_to_write_a_value_is_the_same_value(how: dict[str, Any]) -> None:
    text = applied({"serialise": how})
    assert json.loads(text) == DOCUMENT
    assert (text == DATA) == (not how)


def test_each_way_is_what_it_says() -> None:
    assert serialise(DOCUMENT, {"order": "reversed"}).startswith(b'{"body": {"memb_pwd"')
    assert b" " not in serialise({"a": {"b": "c"}, "d": 1}, {"compact": True})
    assert b"\r\n\t" in serialise(DOCUMENT, {"indent": "\t", "line_end": "\r\n"})
    assert b'"1001Q"' not in serialise(DOCUMENT, {"escape": "values"})
    assert b'"header"' in serialise(DOCUMENT, {"escape": "values"})
    assert b'"header"' not in serialise(DOCUMENT, {"escape": "names"})
    assert b"\\ud83d\\ude00" in serialise(DOCUMENT, {"escape": "values"})
    assert b"\\uD83D\\uDE00" in serialise(DOCUMENT, {"escape": "values", "upper": True})


def test_texts_are_sent_as_utf_8_and_not_escaped() -> None:
    assert "비밀".encode() in DATA
    assert serialise({"a": [1, True, None, 1.5]}) == b'{"a": [1, true, null, 1.5]}'
