"""ENV-1: bytes that are no JSON text, or not of the length that was announced."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any, get_args

import pytest

from esignon_conformance.recording.response import read
from esignon_conformance.transport.answer_reader import LONGEST_BODY
from esignon_conformance.transport.messages import Exchange, Framing
from selftest.support.envelope import WHOLE, failed, inside
from selftest.support.exchanges import PAGE, answered, header_of
from selftest.support.judged import got, verdict


def coded(coding: str, body: bytes, **varied: Any) -> Exchange:
    """Return a refusal under a content coding."""
    return answered("wrong-password", body, headers={"Content-Encoding": coding}, **varied)


NO_JSON_TEXT: dict[str, tuple[bytes, str]] = {
    "a byte order mark": (b"\xef\xbb\xbf" + WHOLE, "json-byte-order-mark"),
    "UTF-16 with a mark": (WHOLE.decode().encode("utf-16"), "json-byte-order-mark"),
    "UTF-16 without a mark": (WHOLE.decode().encode("utf-16-be"), "json-not-utf-8"),
    "UTF-32": (WHOLE.decode().encode("utf-32-be"), "json-not-utf-8"),
    "EUC-KR": (WHOLE.decode().encode("euc-kr"), "json-not-utf-8"),
    "a surrogate as UTF-8": (WHOLE.replace(b"1001A", b"\xed\xa0\x80"), "json-not-utf-8"),
    "NaN": (inside("NaN"), "json-not-a-number"),
    "Infinity": (inside("Infinity"), "json-not-a-number"),
    "-Infinity deep inside": (inside('[{"a": -Infinity}]'), "json-not-a-number"),
    "a second value": (WHOLE + b"{}", "json-text-after-value"),
    "a brace too many": (WHOLE + b"}", "json-text-after-value"),
    "NUL after it": (WHOLE + b"\0", "json-text-after-value"),
    "a form feed after it": (WHOLE + b"\f", "json-text-after-value"),
    "U+00A0 after it": (WHOLE + "\u00a0".encode(), "json-text-after-value"),
    "nothing": (b"", "json-no-json-text"),
    "white space": (b" \r\n", "json-no-json-text"),
    "a page": (PAGE, "json-not-json"),
    "a cut text": (WHOLE[:-1], "json-not-json"),
    "single quotes": (WHOLE.replace(b'"', b"'"), "json-not-json"),
    "a trailing comma": (WHOLE[:-1] + b",}", "json-not-json"),
    "a comment": (b"/* c */" + WHOLE, "json-not-json"),
    "a raw line end in a text": (WHOLE.replace(b"1001A", b"1001A\n"), "json-not-json"),
    "a leading zero": (inside("007"), "json-not-json"),
    "nesting that nobody reads": (inside("[" * 200_000), "json-not-json"),
    "header twice": (WHOLE[:-1] + b', "header": {}}', "json-name-twice"),
    "body twice, escaped": (WHOLE[:-1] + b', "\\u0062ody": {}}', "json-name-twice"),
    "a code twice": (
        WHOLE.replace(b'"session', b'"result_code": "10", "session'),
        "json-name-twice",
    ),
}


@pytest.mark.parametrize(("body", "key"), NO_JSON_TEXT.values(), ids=NO_JSON_TEXT)
def test_env_1_sees_what_is_no_json_text(body: bytes, key: str) -> None:
    exchange = answered("wrong-password", body)
    assert failed(exchange) == {"ENV-1"}
    assert got(verdict("ENV-1", exchange)) == [key]


@pytest.mark.parametrize(
    ("varied", "key"),
    [
        ({"missing": 3, "ended": "closed"}, "body-cut-closed"),
        ({"missing": 3, "ended": "silent"}, "body-cut-silent"),
        ({"missing": -1, "ended": "closed"}, "body-cut-closed"),
    ],
)
def test_env_1_sees_a_body_shorter_than_announced(varied: dict[str, Any], key: str) -> None:
    for content in (WHOLE, WHOLE[:-3]):
        exchange = answered("wrong-password", content, **varied)
        assert failed(exchange) == {"ENV-1"}
        assert got(verdict("ENV-1", exchange)) == [key]


@pytest.mark.parametrize("framing", [one for one in get_args(Framing) if one])
@pytest.mark.parametrize("missing", [0, -1])
def test_env_1_sees_broken_framing_and_env_10_does_not(framing: Framing, missing: int) -> None:
    for content in (WHOLE, b""):
        exchange = answered("wrong-password", content, missing=missing, framing=framing)
        assert failed(exchange) == {"ENV-1"}
        assert got(verdict("ENV-1", exchange)) == [f"framing-{framing}"]


@pytest.mark.parametrize(
    "exchange",
    [
        coded("gzip", WHOLE),
        coded("gzip", gzip.compress(WHOLE)[:-9]),
        coded("deflate", WHOLE),
        coded("br", WHOLE),
        coded("gzip", gzip.compress(b"")),
        coded("gzip", gzip.compress(WHOLE + b" " * LONGEST_BODY)),
        coded("deflate", zlib.compress(WHOLE + b" " * LONGEST_BODY)),
    ],
    ids=[
        "not gzip",
        "cut gzip",
        "not deflate",
        "a coding that nobody asked for",
        "nothing in gzip",
        "more in gzip than is read",
        "more in deflate than is read",
    ],
)
def test_env_1_undoes_the_content_coding(exchange: Exchange) -> None:
    assert failed(exchange) == {"ENV-1"}


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_no_more_is_unpacked_than_is_read(coding: str, pack: Callable[[bytes], bytes]) -> None:
    # Cut at its end, which nobody gets to.
    exchange = coded(coding, pack(WHOLE + b" " * 2 * LONGEST_BODY)[:-9])
    assert read(exchange).coding_problem == f"more than {LONGEST_BODY} bytes when unpacked"


LIBERTIES: dict[str, bytes] = {
    "white space around": b" \r\n\t" + WHOLE + b"\n\n",
    "escapes only": json.dumps({"header": header_of("10")}).encode(),
    "an undocumented member twice": WHOLE[:-1] + b', "more": 1, "more": 2}',
    "a documented name twice where it is not documented": inside('{"header": 1, "header": 2}'),
    "a large integer": inside("9" * 5000),
    "1e400": inside("1e400"),
    "nesting of 200": inside("[" * 200 + "]" * 200),
    "an emoji": inside('"😀"'),
    "a lone surrogate, escaped": inside('"\\ud800"'),
    "an escaped NUL": inside('"\\u0000"'),
}


@pytest.mark.parametrize("body", LIBERTIES.values(), ids=LIBERTIES)
def test_env_1_takes_every_json_text(body: bytes) -> None:
    assert failed(answered("wrong-password", body)) <= {"ENV-8"}


@pytest.mark.parametrize(
    "exchange",
    [
        coded("gzip", gzip.compress(WHOLE)),
        coded("X-GZIP", gzip.compress(WHOLE)),
        coded("deflate", zlib.compress(WHOLE)),
        coded("deflate", zlib.compress(WHOLE)[2:-4]),
        coded("identity", WHOLE),
        coded("deflate, gzip", gzip.compress(zlib.compress(WHOLE))),
    ],
)
def test_env_1_takes_every_content_coding_that_was_asked_for(exchange: Exchange) -> None:
    assert failed(exchange) == set()
