"""What an answer holds of tokens and names as a secret is masked in all that is written."""

from __future__ import annotations

import base64
import gzip
import io
import json
import zlib
from dataclasses import replace

import pytest

from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.packed_text import packed
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.redaction.unescape import layers
from esignon_conformance.transport.messages import Fault
from selftest.support.exchanges import answered, header_of, plain, success
from selftest.support.judged import recording
from selftest.support.scrubbers import PLAIN, scrubber


def test_tokens_are_numbered_and_equal_ones_alike() -> None:
    made = Scrubber()
    for token in ("token-one-1", "token-two-2", "token-one-1"):
        made.register_token(token)
    assert made.scrub("token-two-2 token-one-1") == "<token 2> <token 1>"
    made.register_token("abc")
    assert made.scrub("abc") == "abc"
    made.register(PLAIN, "pwd")
    made.register_token(PLAIN)
    assert made.scrub(PLAIN) == "<pwd>"


@pytest.mark.parametrize(
    "body",
    [
        {"body": {"access_token": PLAIN}},
        {"body": {"accessToken": PLAIN}},
        {"header": {"session_id": PLAIN}},
        {"refresh_token": PLAIN},
        {"body": {"deep": [{"TOKEN": PLAIN}]}},
        {"body": {"tokens": [PLAIN]}},
        {"body": {"token": {"value": PLAIN}}},
        {"memb_pwd": PLAIN},
        {"client_secret": PLAIN},
        {"api-key": PLAIN},
        {"jwt": PLAIN},
        {"header": {"session_id": "abcdefgh"}, "debug": "abcdefgh " + PLAIN[:0]},
        {"result_msg": f"the session_id={PLAIN}-0123 is there"},
    ],
)
def test_a_token_in_an_answer_is_masked_in_what_is_written(body: object) -> None:
    text = written(json.dumps(body).encode())
    assert PLAIN not in text
    assert "abcdefgh" not in text


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + json.dumps({"body": {"access_token": PLAIN}}).encode(),
        json.dumps({"body": {"access_token": PLAIN}}).encode()[:-2],
        json.dumps({"body": {"access_token": PLAIN}}).encode()[:-3],
        json.dumps({"body": {"access_token": PLAIN}}).encode() + b"x",
        b'{"access_token": "%s", "access_token": "other-token-1"}' % PLAIN.encode(),
        b"{'access_token': '%s'}" % PLAIN.encode(),
        b'{"access_token": "%s",}' % PLAIN.encode(),
        b'{"n": NaN, "access_token": "%s"}' % PLAIN.encode(),
        b"{access_token: '%s'}" % PLAIN.encode(),
        b"access_token=%s.0123" % PLAIN.encode(),
        b'{"x": "\xff", "access_token":"%s"}' % PLAIN.encode(),
        json.dumps({"body": {"access_token": PLAIN}}).encode("utf-16"),
        json.dumps({"body": {"access_token": PLAIN}}).encode("utf-32"),
    ],
    ids=[
        "mark",
        "cut",
        "cut-more",
        "more",
        "twice",
        "quotes",
        "comma",
        "NaN",
        "name",
        "form",
        "bytes",
        "UTF-16",
        "UTF-32",
    ],
)
def test_a_token_in_an_answer_that_is_no_json_is_masked_too(content: bytes) -> None:
    assert PLAIN not in written(content)


NUMBER = "73190046281537"
NAMED = f'{{"access_token": "{PLAIN}"}}'
NUMBERED = f'{{"access_token": {NUMBER}}}'


def twice(text: str) -> str:
    """Return JSON in JSON in JSON."""
    return json.dumps({"outer": json.dumps({"inner": text})})


NAMING_ANSWERS: list[bytes] = [
    f"{{}}{NAMED}".encode(),
    f'{{"a": 1}}\n{{"b": 2}}\n{NUMBERED}'.encode(),
    NUMBERED.encode(),
    f'{{"session_id": [{NUMBER}, -{NUMBER}.50]}}'.encode(),
    f'{{"body": {{"access_token": {{"value": {NUMBER}}}}}}}'.encode(),
    f'{{"access_token": {NUMBER}'.encode(),
    f'{{"access_token": {NUMBER}, "access_token": 1}}'.encode(),
    twice(NAMED).encode(),
    twice(NUMBERED).encode(),
    twice(twice(NUMBERED)).encode(),
    f"{{}}{twice(NAMED)}".encode(),
    f"<xml><access_token>{PLAIN}.more.more</access_token></xml>".encode(),
    f"<token>{NUMBER}</token>".encode(),
    b"%7B%22access_token%22%3A%20" + NUMBER.encode() + b"%7D",
    json.dumps({"state": base64.b64encode(NAMED.encode()).decode()}).encode(),
    json.dumps({"state": base64.b64encode(zlib.compress(NAMED.encode())).decode()}).encode(),
    json.dumps({"state": zlib.compress(NUMBERED.encode()).hex()}).encode(),
    gzip.compress(NAMED.encode(), mtime=0),
    zlib.compress(f"{{}}{NUMBERED}".encode()),
    b'{"access_token":[' + b"[" * 400 + f'"{PLAIN}"'.encode() + b"]" * 400 + b"]}",
    f'{{"access_token": {"7" * 5000}}}'.encode(),
]


@pytest.mark.parametrize(
    "content", NAMING_ANSWERS, ids=[str(at) for at in range(len(NAMING_ANSWERS))]
)
def test_a_secret_that_an_answer_names_is_masked_in_every_form(content: bytes) -> None:
    for body in (content, content + b" ", b'{"a":"' + b"x" * 100_000 + b'"}' + content):
        text = written(body)
        for layer in layers(text):
            insides = [layer, *packed(layer)]
            for secret in (PLAIN, NUMBER, "7" * 1000):
                assert not any(secret in one for one in insides)


def test_a_number_that_is_a_token_is_masked_in_what_is_said_of_it() -> None:
    made = recording([answered("right-login", f'{{"body": {NUMBERED}}}'.encode())])
    assert made.scrubber.scrub(f"Got: {NUMBER}") == "Got: <token 1>"


@pytest.mark.parametrize("field", ["came", "detail"])
def test_a_secret_in_what_is_no_http_is_masked(field: str) -> None:
    file = io.StringIO()
    fault = Fault("not-http", f"bad line: {NAMED}") if field == "detail" else Fault("not-http", "")
    came = replace(fault, came=NAMED.encode() if field == "came" else b"")
    made = Recording(Scrubber(), file)
    made.add(replace(answered("right-login", b""), answer=None, fault=came))
    assert PLAIN not in file.getvalue()
    assert made.scrubber.knows(PLAIN)


@pytest.mark.parametrize(
    "header",
    [
        ("Set-Cookie", f"JSESSIONID={PLAIN}; Path=/"),
        ("Set-Cookie", f'sid="{PLAIN}"'),
        ("X-Api-Key", PLAIN),
        ("X-Client-Secret", PLAIN),
        ("Access-Token", PLAIN),
        ("access_token", PLAIN),
        ("X-Auth-Token", PLAIN),
        ("Authorization", f"Bearer {PLAIN}"),
        ("Location", f"/done?access_token={PLAIN}.more"),
        ("X-Debug", json.dumps({"session_id": PLAIN})),
    ],
)
def test_a_token_in_the_head_of_an_answer_is_masked(header: tuple[str, str]) -> None:
    content = json.dumps({"header": header_of("00")}).encode()
    assert PLAIN not in written(content, (header,))


@pytest.mark.parametrize(
    "body",
    [
        {"errors": {"memb_pwd": ["This field is required."]}, "note": "This field is required."},
        {"memb_pwd": "required", "note": "it is required"},
        {"token_type": "bearer-x1", "note": "bearer-x1"},
        {"expires": "2031-01-01 10:00", "token_expires": "2031-01-01", "note": "2031-01-01"},
    ],
)
def test_what_is_said_of_a_secret_is_none(body: dict[str, object]) -> None:
    assert json.dumps(json.dumps(body))[1:-1] in written(json.dumps(body).encode())


def written(content: bytes, headers: tuple[tuple[str, str], ...] = ()) -> str:
    """Return what a recording writes of an answer."""
    file = io.StringIO()
    Recording(Scrubber(), file).add(answered("right-login", content, headers=dict(headers)))
    # What is one text for a reader is one text here: UTF-16 has NUL between the letters.
    return file.getvalue().replace("\\u0000", "")


def test_what_is_written_of_an_exchange_shows_no_credentials() -> None:
    file = io.StringIO()
    recording = Recording(Scrubber(), file)
    exchange = success()
    recording.scrubber.register(plain(exchange.request.password), "main password")
    recording.scrubber.register(plain(exchange.request.memb_email), "main email")
    recording.add(exchange)
    text = file.getvalue()
    assert plain(exchange.request.password) not in text
    assert plain(exchange.request.memb_email) not in text
    assert "<main password>" in text
    assert "<token 1>" in text


def test_stray_bytes_are_written_masked() -> None:
    file = io.StringIO()
    recording = Recording(scrubber(pwd=PLAIN), file)
    exchange = success()
    recording.add(exchange)
    recording.note_stray(exchange.id, PLAIN.encode())
    assert PLAIN not in file.getvalue()
    assert recording.exchanges[0].stray == PLAIN.encode()
