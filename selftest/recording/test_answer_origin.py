"""Which answers are the application's, and which are given by something that stands before it."""

from __future__ import annotations

import pytest

from esignon_conformance.recording.answer_origin import is_from_between, is_of_a_web_server
from selftest.support.exchanges import answered


@pytest.mark.parametrize(
    ("media_type", "body", "between"),
    [
        ("text/html; charset=utf-8", "<title>Sign in</title>", True),
        ("text/html", "Sign in", True),
        ("text/plain", "<html><title>Sign in</title></html>", True),
        (None, "<!doctype html><title>Sign in</title>", True),
        ("application/xhtml+xml", '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-">', True),
        ("text/xml", "<HTML><title>Sign in</title></HTML>", True),
        # The application, which writes the envelope in XML: ENV-1 has something to say on that.
        ("application/xml;charset=UTF-8", "<LinkedHashMap><header/></LinkedHashMap>", False),
        ("text/xml", '<?xml version="1.0"?><Map><header/></Map>', False),
        ("Application/Problem+XML", "<problem/>", False),
        ("application/json", "true", False),
        # An envelope after something else: the application, which printed a warning first.
        ("text/html", '<br />\n<b>Deprecated</b>\n{"header": {"result_code": "00"}}', False),
        (None, '<!-- header.jsp -->{"header":{"result_code":"00"}}', False),
        # A page that repeats the request.
        ("text/html", '<pre>{"header":{"request_code":"1001Q"}}</pre>', True),
    ],
)
def test_a_page_of_html_is_no_answer_of_the_application(
    media_type: str | None, body: str, between: bool
) -> None:
    exchange = answered("right-login", body.encode(), headers={"Content-Type": media_type})
    assert is_from_between(exchange) is between


@pytest.mark.parametrize(
    ("status", "headers", "body", "between"),
    [
        (202, {"X-Amzn-Waf-Action": "challenge", "Content-Type": "text/html"}, b"", True),
        (200, {"CF-Mitigated": "challenge"}, b"{}", True),
        (428, {}, b'{"sec-cp-challenge": "true", "provider": "crypto"}', True),
        (202, {"Content-Type": "text/html"}, b"", False),
        (428, {}, b'{"provider": "crypto"}', False),
        # Whatever stands beside it, an envelope is the application's.
        (200, {"CF-Mitigated": "challenge"}, b'{"header": {"result_code": "10"}}', False),
    ],
)
def test_a_riddle_for_browsers_is_no_answer_of_the_application(
    status: int, headers: dict[str, str], body: bytes, between: bool
) -> None:
    exchange = answered("right-login", body, status=status, headers=headers)
    assert is_from_between(exchange) is between


_LIGHTTPD = b"""<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
         "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>400 Bad Request</title>
 </head>
"""


def test_lighttpds_own_page_is_known() -> None:
    assert is_of_a_web_server(answered("get-with-body", _LIGHTTPD, status=400))
    other = _LIGHTTPD.replace(b"400 Bad Request", b"Sign in")
    assert not is_of_a_web_server(answered("get-with-body", other, status=400))
