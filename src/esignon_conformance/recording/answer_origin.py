"""What an answer tells of who gave it: the application, or something that stands before it.  Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from ..contract.model import Case, Codes
from ..transport.delivery import GATEWAY, is_limit
from ..transport.json_reader import member
from ..transport.messages import Answer, Exchange
from .response import FIREWALL, read

# What a right login is answered by a gateway, a proxy, a redirect, another web server, a dead backend; and
# what by its definition no origin server says of its own resource: 421 (RFC 9110 §15.5.20), 511 (RFC 6585
# §6), and those of Cloudflare among a gateway's.
_STATUSES = frozenset({*range(300, 400), 401, 403, 404, 405, 407, 421, 501, *GATEWAY, 511})
# What a web server of its own accord answers to a path or a method that it does not know.
_TO_ODD_PATHS = frozenset({*range(300, 400), 400, 403, 404, 405, 414})
_TO_OTHER_METHODS = frozenset({400, 403, 404, 405, 411, 501})
_OK, _REDIRECT, _BAD_REQUEST, _SERVER_ERROR = 200, 300, 400, 500
_XML = re.compile(r"/xml$|\+xml$")
_HTML_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE\s+html\b|<html\b)", re.IGNORECASE)
# No request holds this name, so that a page that repeats one is not taken for the application's.
_OF_THE_ENVELOPE = re.compile(rb'"result_code"\s*:\s*"')
# The pages that Apache, nginx and lighttpd write themselves: no application has them.
_OF_A_WEB_SERVER = re.compile(
    rb'<!DOCTYPE HTML PUBLIC "-//(?:IETF//DTD HTML 2\.0|W3C//DTD HTML 4\.01)//EN"[^>]*>\s*<html><head>\s*'
    rb"<title>\d{3} |<hr><center>(?:nginx|openresty)"
    rb'|^<\?xml version="1\.0" encoding="iso-8859-1"\?>\s*<!DOCTYPE html PUBLIC '
    rb'"-//W3C//DTD XHTML 1\.0 Transitional//EN"[^>]*>\s*<html[^>]*>\s*<head>\s*<title>\d{3} '
)
_FAR_ENOUGH = 4096
# By which a firewall says that it kept a request back until its riddle for browsers is solved, whatever the
# status: AWS WAF's challenge comes over 202 (AWS WAF API Reference, ChallengeAction), Cloudflare's has this
# field (its documentation, Detect a Challenge Page response), Akamai's is an object of JSON over 428.
_OF_A_RIDDLE = ("X-Amzn-Waf-Action", "CF-Mitigated")
_RIDDLE = b'"sec-cp-challenge"'
_PLAIN_TO_TLS = re.compile(rb"\b(?:HTTPS|TLS|SSL)\b")
# How often in a row something else than the application answers before a right login is sent to see.
_OFTEN, _OFTEN_AS_USUAL = 3, 4

# Seconds after which an error is no better than none: a tarpit answers so.
LATE = 5.0

Likeness = tuple[int | str, str | None]


def is_from_application(exchange: Exchange) -> bool:
    """Tell whether an answer has the form of the page's envelope, whatever it holds.

    With something before or after it, such as a warning of PHP or the comment of a page, it is one still.
    """
    present, header = member(read(exchange).text.value, "/header")
    if present and isinstance(header, dict):
        return True
    return exchange.answer is not None and _OF_THE_ENVELOPE.search(exchange.answer.body) is not None


def is_from_between(exchange: Exchange) -> bool:
    """Tell whether an answer is such as something that stands before the application gives.

    "No envelope and one of 3xx, 401, 403, 404, 405, 407, 501, 502, 503, 504, or 200 with HTML, or
    neither HTTP nor TLS; never 500 or a drop."
    """
    answer = exchange.answer
    if answer is None:
        return exchange.fault is not None and exchange.fault.kind == "not-http"
    if is_from_application(exchange):
        return False
    if _is_riddle(answer):
        return True
    if answer.status == _OK:
        return _is_html(answer)
    if answer.status == _BAD_REQUEST:
        # The port of HTTPS, asked in plain HTTP.
        return _PLAIN_TO_TLS.search(answer.body) is not None
    return answer.status in _STATUSES


def _is_riddle(answer: Answer) -> bool:
    is_named = any(answer.header(name) is not None for name in _OF_A_RIDDLE)
    return is_named or _RIDDLE in answer.body[:_FAR_ENOUGH]


def is_of_a_web_server(exchange: Exchange) -> bool:
    """Tell whether an answer is a page that Apache, nginx or lighttpd writes."""
    return _OF_A_WEB_SERVER.search(read(exchange).content[:_FAR_ENOUGH]) is not None


def _is_html(answer: Answer) -> bool:
    media_type = (answer.header("Content-Type") or "").partition(";")[0].strip().lower()
    # Spring answers in XML where a converter for it is at hand: that is the application.
    if _XML.search(media_type):
        return _HTML_ROOT.match(answer.body) is not None
    return media_type == "text/html" or answer.body.lstrip()[:1] == b"<"


def is_gateways_error(exchange: Exchange) -> bool:
    """Tell whether an answer is that of a gateway whose backend is away or busy."""
    answer = exchange.answer
    return answer is not None and answer.status in GATEWAY and not is_from_application(exchange)


def kept_waiting(exchange: Exchange) -> bool:
    """Tell whether an answer did not come in time, or an error in its place came late."""
    answer = exchange.answer
    if answer is None:
        return exchange.fault is not None and exchange.fault.kind == "timed-out"
    is_late = exchange.ended - exchange.began >= LATE
    is_error = answer.status >= _SERVER_ERROR and not is_from_application(exchange)
    return answer.ended == "silent" or (is_late and is_error)


def likeness(exchange: Exchange, codes: Codes) -> Likeness:
    """Return by what one refusal is known from another: the status, or the fault, and the code."""
    code = read(exchange).result_code
    if exchange.answer is None:
        return (exchange.fault.kind if exchange.fault is not None else "", None)
    return (exchange.answer.status, code if code != codes.issued else None)


def is_refused(exchange: Exchange, codes: Codes) -> bool:
    """Tell whether a right login was refused, by whatever status or code; a breakdown is no refusal."""
    answer, code = exchange.answer, read(exchange).result_code
    if answer is None or code == codes.issued:
        return False
    if answer.status < _REDIRECT:
        return code is not None
    return answer.status < _SERVER_ERROR or exchange.gave_up or is_from_between(exchange)


class Signs:
    """Counts the answers in a row that are not the application's."""

    def __init__(self) -> None:
        self._in_a_row = self._unusual = 0

    def clear(self) -> None:
        """Begin again: a right login was let in."""
        self._in_a_row = self._unusual = 0

    def call_for_a_look(self, case: Case, exchange: Exchange, method: str) -> bool:
        """Tell whether a right login has to show by now whether the application is still there."""
        if not is_from_between(exchange):
            self._in_a_row = self._unusual = 0
            return False
        self._in_a_row += 1
        self._unusual += not _is_usual(case, exchange, method)
        often = self._unusual >= _OFTEN or self._in_a_row >= _OFTEN_AS_USUAL
        # 503 with Retry-After was waited for, and right logins were let in meanwhile.
        is_away = is_gateways_error(exchange) and not is_limit(exchange.answer)
        is_due = often or is_away
        if is_due:
            self._in_a_row = self._unusual = 0
        return is_due


def _is_usual(case: Case, exchange: Exchange, method: str) -> bool:
    status = exchange.answer.status if exchange.answer is not None else 0
    if exchange.request.method != method and status in _TO_OTHER_METHODS:
        return True
    if case.tagged("odd-path") and status in _TO_ODD_PATHS:
        return True
    return case.tagged("hostile") and status in FIREWALL


def tail(exchanges: Sequence[Exchange]) -> Sequence[Exchange]:
    """Return the exchanges at the end, in an unbroken row, that the application had no part in.

    The row begins with an answer of the kind of the last: a web server's own 405 to another method,
    say, is none of a gateway's.  Where it begins in a burst, all such answers of that burst belong to it:
    what overlapped is recorded in the order in which it was made.
    """
    at = len(exchanges)
    while at and _is_foreign(exchanges[at - 1]):
        at -= 1
    found = list(exchanges[at:])
    number, begin = exchanges[at - 1].burst if at else 0, at
    while number and begin and exchanges[begin - 1].burst == number:
        begin -= 1
    found = [one for one in exchanges[begin:at] if _is_foreign(one)] + found
    kind = kind_of_answer(exchanges[-1]) if exchanges else ""
    return list(itertools.dropwhile(lambda one: kind_of_answer(one) != kind, found))


def since(exchanges: Sequence[Exchange], first: Exchange) -> Sequence[Exchange]:
    """Return the exchanges from one on."""
    at = next(number for number, one in enumerate(exchanges) if one.id == first.id)
    return exchanges[at:]


def kind_of_answer(exchange: Exchange) -> int | str:
    """Return the status, one for all errors of a gateway, or what came instead."""
    if exchange.answer is None:
        return exchange.fault.kind if exchange.fault is not None else ""
    return "gateway" if is_gateways_error(exchange) else exchange.answer.status


def _is_foreign(exchange: Exchange) -> bool:
    limited = exchange.gave_up and not is_from_application(exchange)
    return is_from_between(exchange) or limited
