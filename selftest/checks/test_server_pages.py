"""SEC-4 and SEC-1 on what real platforms print: default pages pass, debug pages do not."""

from __future__ import annotations

import html
import json
from urllib.parse import quote, unquote_plus

import pytest

from selftest.support.exchanges import MAIN, answered, page, plain, refusal, request_of
from selftest.support.judged import verdict
from selftest.support.leaking import word
from selftest.support.server_pages import GIVING_AWAY, PLAIN


@pytest.mark.parametrize("status", [404, 500])
@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_a_default_page_shows_nothing_of_a_server(text: str, status: int) -> None:
    for exchange in (
        page("get-with-body", status, body=text.encode()),
        page("empty-body", status, body=text.encode()),
    ):
        assert word("SEC-4", exchange) == "holds"
        assert word("SEC-1", exchange) == "holds"


@pytest.mark.parametrize("text", GIVING_AWAY.values(), ids=GIVING_AWAY)
def test_a_debug_page_shows_the_inside_of_a_server(text: str) -> None:
    in_a_page = f"<html><body>{text}</body></html>".encode()
    for exchange in (
        page("empty-body", 500, body=text.encode()),
        page("empty-body", 200, body=in_a_page),
        page("get-with-body", 500, body=in_a_page),
        page("empty-body", 415, body=b"x" * 300_000 + b"\n" + in_a_page),
    ):
        assert word("SEC-4", exchange) == "fails"


@pytest.mark.parametrize("text", GIVING_AWAY.values(), ids=GIVING_AWAY)
def test_a_debug_page_in_a_member_is_seen_as_it_is_and_once_more_escaped(text: str) -> None:
    for told in (text, html.escape(text), json.dumps({"detail": text})):
        assert word("SEC-4", refusal("empty-body", {"/body": {"error": told}})) == "fails"


# ---- pages that repeat the URL ----------------------------------------------------------------------

TARGET = request_of("get-with-query").target
BACKSLASH = chr(92)
QUERY = TARGET.partition("?")[2]
PASSWORD = plain(MAIN.password)

REPEATED: dict[str, str] = {
    "Express": f"<pre>Cannot GET {html.escape(TARGET)}</pre>",
    "Fastify": json.dumps({"message": f"Route GET:{TARGET} not found", "statusCode": 404}),
    "decoded": f"<p>The requested URL {html.escape(unquote_plus(TARGET))} was not found.</p>",
    "decoded, and not escaped": f"nothing at {unquote_plus(TARGET)}",
    "each sign as an entity": "".join(f"&#{ord(one)};" for one in TARGET),
    "escaped for a script": f"<script>at = {json.dumps(TARGET).replace('&', BACKSLASH + 'u0026')}",
    "encoded once more": f'<a href="/login?next={quote(TARGET, safe="")}">sign in</a>',
    "the query alone": f"<tr><td>QUERY_STRING</td><td>{html.escape(QUERY)}</td></tr>",
    "as a link": f'<a href="http://127.0.0.1:9{html.escape(TARGET)}">http://127.0.0.1:9{html.escape(TARGET)}</a>',
}


@pytest.mark.parametrize("text", REPEATED.values(), ids=REPEATED)
def test_a_page_of_another_method_may_repeat_the_url_and_nothing_else(text: str) -> None:
    repeated = page("get-with-query", 404, body=text.encode())
    assert word("SEC-1", repeated) == "holds"
    moved = page(
        "get-with-query", 301, body=text.encode(), headers={"Location": f"{TARGET}&again=1"}
    )
    assert word("SEC-1", moved) == "holds"
    # Judged where the password stands by itself, and where the page is that of a login.
    more = f"{text}<td>memb_pwd</td><td>{html.escape(PASSWORD)}</td>"
    assert word("SEC-1", page("get-with-query", 404, body=more.encode())) == "fails"
    login = answered("post-query-credentials-empty-body", text.encode(), status=404)
    assert word("SEC-1", login) == "fails"


def test_a_page_that_only_repeats_the_url_is_not_counted() -> None:
    repeated = page("get-with-query", 404, body=REPEATED["Express"].encode())
    silent = page("get-with-query", 404)
    counts = [verdict("SEC-1", one).exchanges for one in (repeated, silent)]
    assert counts[1] - counts[0] == 1
