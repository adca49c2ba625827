"""Checks of the envelope: what holds for every answer, looked at one exchange at a time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..contract.model import Clause
from ..i18n.message import say
from ..recording.response import is_exempt, is_firewall_page, is_refusal, read
from ..transport.json_reader import member
from ..transport.messages import Answer, Exchange
from .deviation import Deviation
from .view import Judged, View, describe, document, got_value

_AN_ANSWER, _ONE_JSON_TEXT = say("an-answer"), say("one-json-text")
_FRAMED = say("framed-answer")
_NOT_IMPLEMENTED = 501
_SERVER_ERROR = 500


def answered(view: View, _clause: Clause, exchange: Exchange) -> Deviation | None:
    # ENV-10: whatever is sent, the server answers: no HTTP 5xx, no dropped connection, no answer
    # that never comes.  Not this clause: 501 to another method.
    if exchange.fault is not None:
        if exchange.fault.kind in ("unreachable", "untrusted"):
            return None
        return Deviation(_AN_ANSWER, say(f"fault-{exchange.fault.kind}"))
    answer = exchange.answer
    if answer is not None and answer.missing and not answer.body and not answer.framing:
        # The head alone is no answer: what it announced never came.  Broken framing is ENV-1's finding.
        return Deviation(_AN_ANSWER, say(f"head-only-{answer.ended}"), group="head only")
    if answer is None or answer.status < _SERVER_ERROR:
        return None
    if is_exempt(exchange, frozenset(), view.contract.codes):
        return None
    if answer.status == _NOT_IMPLEMENTED and not view.is_documented_method(exchange):
        return None
    return Deviation(_AN_ANSWER, say("http-status", status=answer.status), group="5xx")


def json_text(view: View, _clause: Clause, exchange: Exchange) -> Deviation | None:
    # ENV-1: the body is one JSON text in UTF-8 without a byte order mark, no NaN/Infinity, no
    # documented member twice, nothing but JSON white space after it, as long as its Content-Length
    # says.
    answer, reading = exchange.answer, read(exchange)
    if answer is None:
        return None
    if answer.framing:
        # RFC 9112: where one reader takes more for the body than another does, the text is not one.
        return Deviation(_FRAMED, say(f"framing-{answer.framing}"), group=answer.framing)
    if answer.missing:
        missing = "?" if answer.missing < 0 else str(answer.missing)
        key = f"body-cut-{answer.ended or 'closed'}"
        return Deviation(_ONE_JSON_TEXT, say(key, came=answer.came, missing=missing), group=key)
    if reading.coding_problem:
        problem = say("content-coding", detail=reading.coding_problem)
        return Deviation(_ONE_JSON_TEXT, problem, group="coding")
    if reading.text.problem:
        got = say(f"json-{reading.text.problem}", detail=reading.text.detail, status=answer.status)
        return Deviation(_ONE_JSON_TEXT, got, group=reading.text.problem)
    if not reading.text.duplicates:
        return None
    documented = _documented_pointers(view)
    twice = [pointer for pointer in reading.text.duplicates if pointer in documented]
    if twice:
        return Deviation(_ONE_JSON_TEXT, say("json-name-twice", name=twice[0]), pointer=twice[0])
    return None


def media_type(view: View, clause: Clause, exchange: Exchange) -> Deviation | None:
    # ENV-2: `Content-Type` is `application/json`, parameters allowed.
    assert exchange.answer is not None  # noqa: S101 - ENV-2 sees ENV-1
    wanted = clause.parameters["is"]
    found = exchange.answer.all_headers("Content-Type")
    if found and all(value.partition(";")[0].strip().lower() == wanted for value in found):
        return None
    got = (
        say("header-is", name="Content-Type", value=", ".join(found))
        if found
        else say("no-header", name="Content-Type")
    )
    return Deviation(say("header-is", name="Content-Type", value=wanted), got)


def envelope(view: View, _clause: Clause, exchange: Exchange) -> Deviation | None:
    # ENV-3: an object with an object member `header`; `body`, where present, is an object or null.
    # If `header` holds none of the documented names, that is this clause's finding too.
    value = document(exchange)
    if not isinstance(value, dict):
        return Deviation(say("type-object"), got_value(value), group="no object")
    present, header = member(value, "/header")
    if not present:
        status = exchange.answer.status if exchange.answer is not None else 0
        got = say("absent-from-answer", status=status)
        return Deviation(say("type-object"), got, "/header", "absent")
    if not isinstance(header, dict):
        return Deviation(say("type-object"), got_value(header), "/header", "no object")
    if not set(header) & set(documented_names(view, "/header")):
        return Deviation(say("documented-names"), got_value(header), "/header", "no name")
    present, body = member(value, "/body")
    if present and body is not None and not isinstance(body, dict):
        return Deviation(say("object-or-null"), got_value(body), "/body", "no object")
    return None


def envelope_member(view: View, clause: Clause, exchange: Exchange) -> Deviation | None:
    # ENV-4 to ENV-7: a member of the header fits the schema of the contract.
    pointer, schema = clause.parameters["pointer"], clause.parameters["schema"]
    present, value = member(document(exchange), pointer)
    if present and view.is_valid(schema, value):
        return None
    got, group = (got_value(value), "value") if present else (say("absent"), "")
    sister = clause.parameters.get("sister_codes", {})
    if isinstance(value, str) and value in sister:
        # A code that other operations of the API document is most likely meant as there.
        key = "sister-code" if sister[value] else "sister-code-unknown"
        got, group = say(key, value=value, meant=sister[value]), value
    return Deviation(describe(view.schema_of(schema)), got, pointer, group)


def documented_members(view: View, _clause: Clause, exchange: Exchange) -> Deviation | None:
    # ENV-8: no member that the page does not document.
    value = document(exchange)
    for pointer in ("", "/header", "/body"):
        _, part = member(value, pointer)
        names = documented_names(view, pointer)
        extra = [name for name in part if name not in names] if isinstance(part, dict) else ()
        if extra:
            name = min(extra)
            got = say("undocumented", name=name)
            return Deviation(say("documented-names"), got, f"{pointer}/{name}", f"{pointer}/{name}")
    return None


def refusal_status(view: View, clause: Clause) -> Judged:
    # ENV-9: refusals with a documented code come over HTTP 200.  A firewall's page is told here too.
    for exchange in view.exchanges:
        answer = exchange.answer
        if not view.is_documented_method(exchange) or answer is None:
            continue
        tags = view.case(exchange).tags
        firewall = is_firewall_page(exchange, tags, view.contract.codes)
        if not firewall and not is_refusal(view.outcome(exchange)):
            continue
        expected = say("http-status", status=clause.parameters["status"])
        if answer.status == clause.parameters["status"]:
            yield exchange, None
        else:
            key = "http-status-firewall" if firewall else "http-status"
            yield exchange, Deviation(expected, say(key, status=answer.status))


def documented_names(view: View, pointer: str) -> tuple[str, ...]:
    """Return the names that the contract documents in an answer's object at `pointer`."""
    known = view.names.get(pointer)
    if known is not None:
        return known
    names: dict[str, Any] = {}
    for file in ("envelope", "success"):
        schema = view.contract.schemas[f"{view.contract.operation.id}/{file}.json"]
        for step in pointer.split("/")[1:]:
            schema = schema.get("properties", {}).get(step, {})
        names |= schema.get("properties", {})
    view.names[pointer] = tuple(names)
    return view.names[pointer]


def _documented_pointers(view: View) -> set[str]:
    return {
        f"{at}/{name}" for at in ("", "/header", "/body") for name in documented_names(view, at)
    }


def header_tokens(answer: Answer, name: str) -> frozenset[str]:
    """Return the comma-separated members of a header field, lowered and without parameters."""
    return _tokens_of(",".join(answer.all_headers(name)))


# The same few values come again and again.
@lru_cache(maxsize=256)
def _tokens_of(joined: str) -> frozenset[str]:
    return frozenset(
        part.partition(";")[0].partition("=")[0].strip().lower() for part in joined.split(",")
    )
