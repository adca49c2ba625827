"""Which clause a drawn body falls under: a table, and that the cases of the files fall alike."""

from __future__ import annotations

import json

import pytest

from esignon_conformance.runner.fuzzing.classification import EMAIL, KINDS, PASSWORD, classify
from esignon_conformance.runner.fuzzing.lenient import may_be_read
from esignon_conformance.runner.fuzzing.mutation import valid
from selftest.support.exchanges import contract, request_of

SCHEMA = contract().operation.request_schema
VALID = json.dumps(valid())


def changed(old: str, new: str) -> bytes:
    """Return the valid text with one part replaced."""
    assert old in VALID
    return VALID.replace(old, new).encode("utf-8", "surrogateescape")


HEADER, CODE = '"header": {"request_code": "1001Q"}', '"1001Q"'

TABLE: dict[str, dict[str, bytes]] = {
    "REQ-2": {
        "as it is": VALID.encode(),
        "white space": changed(": {", "\r\n:\t{"),
        "an escape": changed("@", "\\u0040"),
        "around": b"\n " + VALID.encode() + b"\t\r\n",
    },
    "REQ-4": {
        "beside header": changed('{"header"', '{"trace": {"id": [1, null]}, "header"'),
        "in header": changed(CODE, '"1001Q", "version": "1.0.0"'),
        "in body": changed('"memb_pwd"', '"메모": "글", "memb_pwd"'),
    },
    "ENV-10": {
        "NUL in a member that is not documented": changed(CODE, '"1001Q", "x": "\\u0000"'),
        "a lone surrogate": changed(CODE, '"1001Q", "x": "\\ud800"'),
        "1e400": changed(CODE, '"1001Q", "x": 1e400'),
        "deep": changed(CODE, '"1001Q", "x": ' + "[" * 12 + "]" * 12),
        "deeper than Python": changed(CODE, '"1001Q", "x": ' + "[" * 90 + "]" * 90),
        "a name in another letter case": changed(CODE, '"1001Q", "Header": 1'),
        "no name": changed(CODE, '"1001Q", "": 1'),
        "a name of Java's": changed(CODE, '"1001Q", "__proto__": 1'),
    },
    "REJ-2": {
        "another email": changed(EMAIL, "nobody@conformance.invalid"),
        "another password": changed(PASSWORD, "x"),
        "both empty": changed(EMAIL, "").replace(PASSWORD.encode(), b""),
        "NUL": changed(EMAIL, "\\u0000"),
    },
    "REJ-7": {
        "empty": b"",
        "white space": b" \r\n",
        "cut in a string": VALID[:50].encode(),
        "cut before the last brace": VALID[:-1].encode(),
        "a bracket for a brace": VALID[:-1].encode() + b"]",
        "a colon too few": changed('"body":', '"body"'),
        "a colon too many": changed('"body":', '"body"::'),
        "a comma too few": changed("},", "}"),
        "a quotation mark too few": changed('"memb_email"', '"memb_email'),
        "no value": changed(CODE, ""),
        "words": changed(CODE, "yes please"),
        "an escape of no digits": changed("@", "\\u00zz"),
        "a letter after a string": changed(CODE, CODE + "x"),
        "a comment without end": changed('"body":', '/* "body":'),
        "an array with members": changed('"body": {', '"body": ['),
    },
    "REJ-8": {
        "no object": b"[]",
        "null": b"null",
        "header missing": changed(HEADER + ", ", ""),
        "both missing": b"{}",
        "an email that is a number": changed(f'"{EMAIL}"', "1"),
        "a password that is null": changed(f'"{PASSWORD}"', "null"),
        "a code and an email": changed(CODE, "1").replace(f'"{EMAIL}"'.encode(), b"1"),
        "an array of 200": b"[" * 200 + b"]" * 200,
    },
    "REJ-9": {
        "another code": changed(CODE, '"1001A"'),
        "null": changed(CODE, "null"),
        "missing": changed(HEADER, '"header": {}'),
        "another code and more": changed(CODE, '"", "version": 1'),
    },
    "REJ-13": {
        "after the value": VALID.encode() + b" x",
        "a second value": VALID.encode() + b"{}",
        "NUL after the value": VALID.encode() + b"\0",
        "a brace too early": changed(HEADER, HEADER + "}"),
        "a comma too many": changed("}}", ",}}"),
        "two commas": changed("},", "},,"),
        "a semicolon": changed("},", "};"),
        "an equals sign": changed('"body":', '"body"='),
        "an arrow": changed('"body":', '"body" =>'),
        "single quotes": VALID.replace('"', "'").encode(),
        "no quotes": changed('"body"', "body"),
        "a quotation mark in a word": changed('"body"', 'body"'),
        "a value without quotes": changed(CODE, "1001Q"),
        "NaN": changed(CODE, '"1001Q", "n": NaN'),
        "007": changed(CODE, '"1001Q", "n": 007'),
        "0x1F": changed(CODE, '"1001Q", "n": 0x1F'),
        "+1": changed(CODE, '"1001Q", "n": +1'),
        ".5": changed(CODE, '"1001Q", "n": .5'),
        "a missing element": changed(CODE, '"1001Q", "n": [1,,2]'),
        "a comment": changed('"body":', '/* c */ "body":'),
        "a line comment": changed('"body":', '// c\n"body":'),
        "a hash comment": changed('"body":', '# c\n"body":'),
        "a name twice": changed(CODE, '"1001Q", "request_code": "1001Q"'),
        "a byte order mark": b"\xef\xbb\xbf" + VALID.encode(),
        "UTF-16": VALID.encode("utf-16"),
        "UTF-16BE": VALID.encode("utf-16-be"),
        "UTF-32": VALID.encode("utf-32"),
        "not UTF-8 in a string": changed("@", "@\udcff"),
        "not UTF-8 between": changed(": {", ": \udcff{"),
        "a raw line end": changed("@", "@\n"),
        "a raw NUL": changed("@", "@\0"),
        "NUL between": changed(": {", ":\0{"),
        "an unknown escape": changed("@", "\\@"),
        "no-break space": changed(": {", ":\u00a0{"),
        "a prefix against inclusion": b")]}'\n" + VALID.encode(),
        "text": b"hello",
    },
}


@pytest.mark.parametrize(
    ("clause", "name"), [(clause, name) for clause, rows in TABLE.items() for name in rows]
)
def test_a_body_falls_under_a_clause(clause: str, name: str) -> None:
    assert classify(TABLE[clause][name], SCHEMA).clause == clause


def test_the_table_has_every_clause() -> None:
    assert set(TABLE) == {kind.clause for kind in KINDS}


# The cases of the files about bodies are classified as their authors did, but where the classifier
# is more careful: it lets off what it does not know.
MORE_CAREFUL = {
    *("one-closing-brace", "plain-text-body", "hangul-text-body", "form-data-body", "xml-body"),
    *("text-before-value", "value-in-call"),
    *("percent-encoded-body", "base64-body", "gzip-body-undeclared", "binary-body"),
}


@pytest.mark.parametrize("clause", ["REJ-7", "REJ-13"])
def test_the_cases_of_the_files_fall_alike(clause: str) -> None:
    found = {
        case.id: classify(request_of(case.id).body, SCHEMA).clause
        for case in contract().cases_of(clause)
        if not case.headers
    }
    other = {name for name, of_it in found.items() if of_it != clause}
    assert other <= MORE_CAREFUL
    assert {found[name] for name in other} <= {"REJ-13"}


def test_only_what_may_be_read_by_nobody_is_unreadable() -> None:
    assert not may_be_read(b"")
    assert may_be_read(b'{"a":1' + b"\xff" + b"}")


def test_right_credentials_are_sent_for_what_must_issue_only() -> None:
    assert {kind.account for kind in KINDS if kind.clause in ("REQ-2", "REQ-4")} == {"main"}
    assert {kind.account for kind in KINDS if kind.clause not in ("REQ-2", "REQ-4")} == {"made-up"}
