"""Exchanges written by hand: a conforming success and refusal, and any variation of them.

A variation is one call: `refusal("wrong-password", {"/header/session_id": ABSENT}, status=400)`.
"""

from __future__ import annotations

import copy
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any, Final

from esignon_conformance.contract.model import Case, Contract
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.runner.requests.builder import build
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.target.target import Account, Target
from esignon_conformance.transport.messages import Answer, Exchange, Fault, FaultKind, Request

ABSENT: Final = object()
Changes = Mapping[str, Any]

COMPANY = "gaon3021"
plain = Secret.get_secret_value
MAIN = Account(COMPANY, Secret("nari.ok@gaon.invalid"), Secret("Tz6!mQw#Lp2_xVbN"))
SECOND = Account(COMPANY, Secret("dori.pyo@gaon.invalid"), Secret("gH8_rKs.Wd4!nJcY"))
OTHER = Account("byeol5512", Secret("haneul.seo@byeol.invalid"), Secret("Px3#vTb.Qm7!zLfD"))
BLOCKED = Account("noeul8846", Secret("maru.je@noeul.invalid"), Secret("cR5!kNw_Hs9.tGyB"))
MADE_UP = Account(
    COMPANY, Secret("nobody.qwzx@conformance.example.com"), Secret("Zq7!eYtUvBpXnKaMhDcWsRfL")
)
# Cases that no password of the target below makes: each is of passwords of one kind.
OF_OTHER_PASSWORDS = (
    *("password-as-number", "password-zero-before", "password-other-letter-beyond-ascii"),
    *("password-other-emoji", "password-thai-for-question-mark"),
)
TARGET = Target(
    base_url="http://127.0.0.1:9",
    kind="server",
    accounts={
        "main": MAIN,
        "second": SECOND,
        "other": OTHER,
        "blocked": BLOCKED,
        "made-up": MADE_UP,
    },
    unknown_company="nocompany314159",
)
LOGINS = {"main": "right-login", "second": "right-login-second", "other": "right-login-other"}

JSON_HEADERS: Mapping[str, str] = {"Content-Type": "application/json", "Cache-Control": "no-store"}
PAGE = b'<html><head><script src="/static/app.js"></script></head><body>Not Allowed</body></html>'
PAGE_HEADERS: Mapping[str, str | None] = {"Content-Type": "text/html", "Cache-Control": None}

_FEW = 4
_numbers = itertools.count(1)
_ANSWER = {each.name for each in fields(Answer)}
_REQUEST = {each.name for each in fields(Request)}
# What a server that holds every clause answers, by situation.
_CODES = {
    "right": "00",
    "wrong-password": "10",
    "unknown-email": "10",
    "unknown-company": "10",
    "other-company": "10",
    "blocked": "95",
    "malformed": "12",
    "missing": "12",
    "wrong-type": "12",
    "odd": "10",
    "hostile": "10",
}


@cache
def contract() -> Contract:
    """Return the contract of this clone, read once."""
    return load()


@cache
def _request(case_id: str) -> Request:
    return build(contract().cases[case_id], contract(), TARGET, lambda _secret, _name: None)


def request_of(case_id: str, target: Target = TARGET) -> Request:
    """Return the request of a case.  Raises `NotApplicable` as `build` does."""
    if target is TARGET:
        return _request(case_id)
    return build(contract().cases[case_id], contract(), target, lambda _secret, _name: None)


def changed(document: Any, changes: Changes) -> Any:
    """Return a document with members set, or taken out where the value is `ABSENT`.

    The pointer "" stands for the whole document.
    """
    document = copy.deepcopy(document)
    for pointer, value in changes.items():
        if not pointer:
            document = value
            continue
        *parents, name = pointer.split("/")[1:]
        holder = document
        for parent in parents:
            holder = holder[parent]
        if value is ABSENT:
            holder.pop(name, None)
        else:
            holder[name] = value
    return document


def header_of(code: str, language: str = "ko") -> dict[str, Any]:
    """Return the `header` that the page, or its edition in a language, documents for a result code."""
    return {
        "response_code": "1001A",
        "result_code": code,
        "result_msg": contract().text_of(code, language) or contract().documented_texts[code],
        "session_id": "",
    }


def success_document(request: Request) -> dict[str, Any]:
    """Return the documented answer to a right login; each account has its own device and tokens."""
    body = {
        "access_token": f"token.of.{request.account}.{next(_numbers):014d}",
        "comp_id": request.company,
        "device_id": f"device-of-{request.account}",
        "expire_date": "2999-12-31 23:59:59",
        "memb_email": request.said("memb_email"),
    }
    return {"header": header_of("00", request.language), "body": body}


def answered(case_id: str, content: Any, **varied: Any) -> Exchange:
    """Return an exchange with an answer: `content` is bytes as they are, or a document.

    What is varied is named as in `Answer` (`headers` changes those of a conforming answer, None
    takes one out), `Request` or `Exchange`; `target` is the server under test.
    """
    headers = {**JSON_HEADERS, **varied.pop("headers", {})}
    of_answer = {name: varied.pop(name) for name in list(varied) if name in _ANSWER}
    answer = Answer(
        **{
            "status": 200,
            "reason": "OK",
            "version": "HTTP/1.1",
            "headers": tuple((k, v) for k, v in headers.items() if v is not None),
            "body": content if isinstance(content, bytes) else json.dumps(content).encode(),
            **of_answer,
        }
    )
    return _exchange(case_id, answer=answer, **varied)


def success(
    case_id: str = "right-login", changes: Changes | None = None, **varied: Any
) -> Exchange:
    """Return a right login that was let in as documented, with members of the answer changed."""
    document = success_document(request_of(case_id, varied.get("target", TARGET)))
    return answered(case_id, changed(document, changes or {}), **varied)


def refusal(
    case_id: str = "wrong-password", changes: Changes | None = None, code: str = "", **varied: Any
) -> Exchange:
    """Return a request that was refused with the code that fits its situation, or with `code`."""
    wanted = code or code_of(contract().cases[case_id])
    header = header_of(wanted, request_of(case_id).language)
    return answered(case_id, changed({"header": header}, changes or {}), **varied)


def page(case_id: str = "wrong-password", status: int = 404, **varied: Any) -> Exchange:
    """Return a request that was answered with a page of HTML."""
    headers = {**PAGE_HEADERS, **varied.pop("headers", {})}
    return answered(case_id, PAGE, status=status, headers=headers, **varied)


def fault(case_id: str = "wrong-password", kind: FaultKind = "dropped", **varied: Any) -> Exchange:
    """Return a request that got no answer."""
    return _exchange(case_id, fault=Fault(kind, "made up"), **varied)


def _exchange(case_id: str, **varied: Any) -> Exchange:
    case, number = contract().cases[case_id], next(_numbers)
    request = request_of(case_id, varied.pop("target", TARGET))
    request = replace(
        request, **{name: varied.pop(name) for name in list(varied) if name in _REQUEST}
    )
    return Exchange(
        **{
            "id": f"e{number}",
            "case": case_id,
            "situation": case.situation,
            "role": "login" if case.is_plain_right_login and case.account in LOGINS else "case",
            "request": request,
            "answer": None,
            "fault": None,
            "began": float(number),
            "ended": number + 0.5,
            "answered_at": time.time(),
            "connection": 1,
            **varied,
        }
    )


# ---- a whole run that holds every clause -----------------------------------------------------------


def code_of(case: Case) -> str:
    """Return the code that a server which holds every clause gives a case."""
    if case.same_as is not None:
        return code_of(contract().cases[case.same_as])
    return "99" if case.clause == "REQ-7" else _CODES[case.situation]


def conforming(case_id: str, **varied: Any) -> Exchange:
    """Return a case with the answer of a server that holds every clause."""
    case = contract().cases[case_id]
    if case.method is not None:
        headers = {"Content-Type": None, "Cache-Control": None, "Allow": "POST"}
        return answered(case_id, b"", status=405, headers=headers, **varied)
    return success(case_id, **varied) if code_of(case) == "00" else refusal(case_id, **varied)


@cache
def conforming_run(*more: str) -> tuple[Exchange, ...]:
    """Return a run on a server that holds every clause: cases of every clause and every situation.

    Of each clause there are a few cases of one situation, since more of them cost time and show
    nothing more; `more` names cases that have to be among them.
    """
    exchanges: list[Exchange] = []
    counts: Counter[tuple[str, str]] = Counter()
    for case in contract().cases.values():
        counts[case.clause, case.situation] += 1
        if counts[case.clause, case.situation] > _FEW and case.id not in (*more, *LOGINS.values()):
            continue
        try:
            if case.burst:
                exchanges += burst(case)
            else:
                exchanges += [conforming(case.id) for _ in range(max(2, case.repeat))]
        except NotApplicable:
            continue
        if case.situation == "malformed":
            exchanges.append(conforming("right-login", role="follow-up", after=case.id))
    return tuple(exchanges)


def burst(case: Case, number: int = 0, **varied: Any) -> list[Exchange]:
    """Return one round of a burst: all of it overlaps."""
    began = float(next(_numbers))
    times = {"began": began, "ended": began + 0.5, "burst": number or next(_numbers)}
    chosen = itertools.islice(itertools.cycle(case.burst["mix"]), case.burst["size"])
    return [conforming(name, role="burst", **times, **varied) for name in chosen]


def where(
    exchanges: Iterable[Exchange],
    chosen: Callable[[Exchange], bool],
    change: Callable[[Exchange], Exchange],
) -> list[Exchange]:
    """Return exchanges with those chosen replaced."""
    return [change(one) if chosen(one) else one for one in exchanges]


def with_answer(exchange: Exchange, changes: Changes | None = None, **varied: Any) -> Exchange:
    """Return an exchange with members and attributes of its answer changed."""
    assert exchange.answer is not None
    body = exchange.answer.body
    if changes:
        body = json.dumps(changed(json.loads(body), changes)).encode()
    return replace(exchange, answer=replace(exchange.answer, **{"body": body, **varied}))


def is_refusal(exchange: Exchange) -> bool:
    """Tell whether an exchange was answered with a documented failure code."""
    return exchange.answer is not None and any(
        f'"result_code": "{code}"'.encode() in exchange.answer.body
        for code in contract().codes.refused
    )
