"""REQ-2, REJ-7 and REJ-13: which JSON value a body is, and which parser reads it."""

from __future__ import annotations

import contextlib
import gzip
import importlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml

from esignon_conformance.contract.model import Case
from esignon_conformance.transport.json_reader import read_json
from selftest.support.exchanges import OF_OTHER_PASSWORDS, contract, request_of

CASES = contract().cases


def bodies(clause_id: str) -> Iterator[tuple[Case, bytes]]:
    """Yield each case of a clause with the bytes of its body."""
    for case in contract().cases_of(clause_id):
        yield case, request_of(case.id).body


def of_clause(clause_id: str) -> list[Any]:
    """Return the cases of a clause as parameters."""
    return [pytest.param(case, body, id=case.id) for case, body in bodies(clause_id)]


# ---- REQ-2: the same JSON value ----------------------------------------------------------------------


@pytest.mark.parametrize(("case", "body"), of_clause("REQ-2"))
def test_a_variant_is_the_same_value_in_other_bytes(case: Any, body: bytes) -> None:
    other = request_of(case.same_as)
    mine = request_of(case.id)
    assert json.loads(body) == json.loads(other.body)
    # Or in the same bytes, under a field that the page is silent on, or in pieces.
    assert (body == other.body) == bool(case.headers or mine.in_pieces)
    assert (mine.method, mine.target) == (other.method, other.target)
    given = {name.lower(): value for name, value in case.headers.items() if value is not None}
    # RFC 9110 §5.1: in whatever letter case a name stands.
    fields, of_other = (
        {name.lower(): value for name, value in one.headers} for one in (mine, other)
    )
    assert fields == of_other | given
    assert len(mine.headers) == len(fields)
    assert mine.as_documented
    text = read_json(body)
    assert text.problem is None
    assert text.duplicates == ()


# ---- REJ-7 and REJ-13: which parser reads what -------------------------------------------------------


Parser = Callable[[bytes], object]


def lax_json(data: bytes) -> object:
    """Read as Python does, control characters in texts allowed."""
    return json.loads(data, strict=False)


def first_value(data: bytes) -> object:
    """Read the first value and leave the rest, as parsers of streams do."""
    return json.JSONDecoder().raw_decode(data.decode())[0]


def replaced_bytes(data: bytes) -> object:
    """Read what is not UTF-8 as replacement characters."""
    return json.loads(data.decode("utf-8", errors="replace"))


def as_yaml(data: bytes) -> object:
    """Read as YAML, which takes numbers with leading zeros."""
    return yaml.safe_load(data.decode())


def lenient_parsers() -> dict[str, Parser]:
    """Return the lenient parsers that are there, by name."""
    found: dict[str, Parser] = {"json": json.loads, "lax json": lax_json}
    for name, function in (("json5", "loads"), ("pyjson5", "decode")):
        with contextlib.suppress(ImportError):
            found[name] = of_text(getattr(importlib.import_module(name), function))
    return found


def of_text(parse: Callable[[str], object]) -> Parser:
    """Return a parser of texts as one of bytes."""
    return lambda data: parse(data.decode())


def readers(data: bytes, parsers: dict[str, Parser]) -> set[str]:
    """Return the names of the parsers that read a text."""
    found = set()
    for name, parse in parsers.items():
        try:
            parse(data)
        except Exception:  # noqa: BLE001,S112 - each parser has errors of its own
            continue
        found.add(name)
    return found


@pytest.mark.parametrize(("case", "body"), of_clause("REJ-7"))
def test_no_parser_reads_a_rej_7_body(case: Any, body: bytes) -> None:
    assert readers(body, lenient_parsers()) == set()
    assert case.situation == "malformed"


@pytest.mark.parametrize("name", ["json5", "pyjson5"])
def test_rej_7_was_held_against_this_parser(name: str) -> None:
    pytest.importorskip(name)
    assert name in lenient_parsers()


@pytest.mark.parametrize(("case", "body"), of_clause("REJ-13"))
def test_a_strict_parser_refuses_a_rej_13_body_and_a_lenient_one_reads_it(
    case: Any, body: bytes
) -> None:
    text = read_json(body)
    assert text.problem is not None or text.duplicates
    more: dict[str, Parser] = {
        "first value": first_value,
        "replaced bytes": replaced_bytes,
        "yaml": as_yaml,
    }
    found = readers(body, {**lenient_parsers(), **more})
    only_elsewhere = not {"json5", "pyjson5"} & set(lenient_parsers())
    assert found or only_elsewhere
    assert case.situation == "malformed"


def of_other_form(case: Case) -> bool:
    """Tell whether a case has the form of another one that is no JSON."""
    return bool(case.where) and CASES[case.where["case"]].clause in ("REQ-7", "REJ-13")


@pytest.mark.parametrize(
    "case", [pytest.param(one, id=one.id) for one in CASES.values() if one.where]
)
def test_a_case_that_hangs_on_another_has_its_form(case: Case) -> None:
    other, mine = CASES[case.where["case"]], request_of(case.id)
    # Multipart is another form, in which a right login is sent where one as form data was let in.
    if case.situation != "right":
        assert mine.headers == request_of(other.id).headers
        # What stands for more than the form is the name of a member.
        assert case.raw[: len(other.raw)] == other.raw


def test_what_is_not_malformed_is_json() -> None:
    for case in CASES.values():
        other_clause = case.burst or case.method is not None or case.clause in ("REQ-7", "REQ-5")
        # In the form in which a right login of REQ-7 was let in, or a body of REJ-13 read.
        other_clause = other_clause or of_other_form(case)
        not_made = case.id in OF_OTHER_PASSWORDS
        if case.situation != "malformed" and not other_clause and not not_made:
            assert read_json(request_of(case.id).body).problem is None, case.id


def test_rej_8_bodies_lack_something_documented() -> None:
    def is_valid(document: Any) -> bool:
        body = document.get("body") if isinstance(document, dict) else None
        header = document.get("header") if isinstance(document, dict) else None
        return (
            isinstance(header, dict)
            and isinstance(body, dict)
            and isinstance(body.get("memb_email"), str)
            and isinstance(body.get("memb_pwd"), str)
        )

    for case, body in bodies("REJ-8"):
        if of_other_form(case):
            continue
        assert not is_valid(json.loads(body)), case.id
    for clause_id in ("REJ-1", "REJ-2", "REJ-5", "REJ-9", "SEC-6", "SEC-7"):
        for case, body in bodies(clause_id):
            is_other = case.clause == "REJ-9" and not case.id.startswith("request-code")
            if not (is_other or of_other_form(case)):
                assert is_valid(json.loads(body)), case.id


def test_an_undeclared_gzip_body_is_the_valid_text() -> None:
    body = gzip.decompress(request_of("gzip-body-undeclared").body)
    assert read_json(body).problem is None
