"""The forms by which an answer that gateways, firewalls and web servers write is known.  Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from ..recording.answer_origin import is_from_application
from ..recording.response import read
from ..transport.messages import Exchange

_FAR_ENOUGH = 4096
# The page that HAProxy writes itself: its 500 comes of a tarpit, and never of an error of the application.
_OF_HAPROXY = re.compile(rb"^<html><body><h1>(\d{3}) [A-Za-z ]+</h1>\n[^<>]+\n</body></html>\n?$")
# Texts of firewalls' pages (F5, Imperva and FortiWeb, as wafw00f knows them), plain ones of Envoy, and that
# by which Korean ones name themselves, often in EUC-KR.
_TEXTS = re.compile(
    rb"the requested url was rejected\. please consult with your administrator|incapsula incident id"
    rb"|your support id is|\bweb ?firewall\b|"
    + b"|".join("웹 ?방화벽".encode(coding) for coding in ("utf-8", "euc-kr"))
    + rb"|fgd_icon|rbac: access denied|no healthy upstream"
    rb"|upstream connect error or disconnect/reset before headers",
    re.IGNORECASE,
)
# What Amazon's API Gateway says by {"message": ...} alone.
_OF_AMAZON = frozenset(
    {"Forbidden", "Missing Authentication Token", "Limit Exceeded", "Endpoint request timed out"}
)
_OF_NGINX = re.compile(rb"<hr><center>(?:nginx|openresty)")
_BAD_REQUEST, _BREAKDOWN = 400, 500
_NUMBERS, _MANY = re.compile(rb"[0-9a-fA-F-]*[0-9][0-9a-fA-F-]*"), 5
_CONTROL = 0x20


def is_haproxys(exchange: Exchange) -> bool:
    """Tell whether an answer is a page that HAProxy writes: its heading names the status of the answer."""
    page = _OF_HAPROXY.match(_beginning(exchange))
    return page is not None and int(page[1]) == status_of(exchange)


def is_nginxs_breakdown(exchange: Exchange) -> bool:
    """Tell whether an answer is nginx's own page of 500, as where a script within nginx breaks down."""
    return status_of(exchange) == _BREAKDOWN and _OF_NGINX.search(_beginning(exchange)) is not None


def is_of_a_gateways_form(exchange: Exchange) -> bool:
    """Tell whether an answer is of a form by which a gateway or a firewall reports its own errors."""
    if exchange.answer is None or is_from_application(exchange):
        return False
    value = read(exchange).text.value
    return (
        _is_of_json(value) if isinstance(value, dict) else bool(_TEXTS.search(_beginning(exchange)))
    )


def _is_of_json(value: dict[str, Any]) -> bool:
    fault = value.get("fault")
    if isinstance(fault, dict):
        # Apigee and WSO2.
        return "faultstring" in fault or {"code", "message"} <= fault.keys()
    if value.keys() == {"supportID"}:
        # F5, to whoever asks by JSON.
        return True
    if value.keys() == {"message"}:
        return value["message"] in _OF_AMAZON
    # Kong; IBM API Connect; what Amazon's own services say.
    is_kongs = value.keys() == {"message", "request_id"}
    is_ibms = {"httpCode", "httpMessage"} <= value.keys()
    return is_kongs or is_ibms or "__type" in value


def is_path_decoded(exchange: Exchange) -> bool:
    """Tell whether a path that is no HTTP unless it is encoded was refused as no HTTP.

    nginx with a variable in `proxy_pass` passes a path on decoded: RFC 9112 §3.2 allows no blank in it.
    """
    encoded = exchange.request.target.partition("?")[0]
    path = unquote_to_bytes(encoded)
    is_needed = "%" in encoded and any(one <= _CONTROL or not chr(one).isascii() for one in path)
    return is_needed and status_of(exchange) == _BAD_REQUEST and not is_from_application(exchange)


def is_odd(exchange: Exchange) -> bool:
    """Tell whether a request holds what the page does not document, as a firewall's rules look at."""
    return not exchange.request.as_documented or b"\0" in exchange.request.body


def is_one_page_over_many_statuses(shown: Sequence[Exchange]) -> bool:
    """Tell whether errors of several statuses got one and the same text in HTML, as a gateway writes it.

    `proxy_intercept_errors` of nginx puts a page in the place of what the application answered.
    """
    answers = [one.answer for one in shown if one.answer is not None]
    is_html = all("html" in (one.header("Content-Type") or "") for one in answers)
    statuses = {one.status for one in answers}
    is_error = len(answers) == len(shown) and all(one >= _BAD_REQUEST for one in statuses)
    texts = {read(one).content for one in shown}
    return is_html and is_error and len(statuses) > 1 and len(texts) == 1 and all(texts)


def is_one_answer(exchanges: Sequence[Exchange]) -> bool:
    """Tell whether one answer came whatever was sent, but for numbers such as that of an incident."""
    answers = {(status_of(one), _NUMBERS.sub(b"", read(one).content)) for one in exchanges}
    return len(exchanges) >= _MANY and len(answers) == 1 and all(text for _, text in answers)


def _beginning(exchange: Exchange) -> bytes:
    return read(exchange).content[:_FAR_ENOUGH]


def status_of(exchange: Exchange) -> int:
    """Return the status of an answer, 0 where there is none."""
    return exchange.answer.status if exchange.answer is not None else 0
