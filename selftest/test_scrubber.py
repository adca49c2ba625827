"""Nothing that is written shows a secret: every form of it, tokens too, and equal ones by equal names."""

from __future__ import annotations

import base64
import html
import io
import json
from urllib.parse import quote, quote_plus

import pytest

from esignon_conformance.recording import Recording
from esignon_conformance.scrubber import Scrubber
from selftest.exchanges import answered, header_of, plain, success

SECRET = 'Tz6!m"Qw#/Lp2 한&<>\\x'
PLAIN = "Kx4!vTnZr8mWd9"


def scrubber(**secrets: str) -> Scrubber:
    """Return a scrubber that knows secrets by name."""
    made = Scrubber()
    for name, secret in secrets.items():
        made.register(secret, name)
    return made


def forms(secret: str) -> dict[str, str]:
    """Return the forms in which a secret may be written, by name."""
    data = secret.encode()
    units = secret.encode("utf-16-be").hex()
    return {
        "plain": secret,
        "upper case": secret.upper(),
        "lower case": secret.lower(),
        "JSON": json.dumps(secret)[1:-1],
        "JSON in UTF-8": json.dumps(secret, ensure_ascii=False)[1:-1],
        "JSON, all escaped": "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)),
        "JSON, all escaped in capitals": "".join(
            f"\\u{units[at : at + 4].upper()}" for at in range(0, len(units), 4)
        ),
        "a Python literal": repr(secret)[1:-1],
        "HTML": html.escape(secret),
        "percent-encoded": quote(secret, safe=""),
        "percent-encoded in small letters": quote(secret, safe="").lower(),
        "form data": quote_plus(secret),
        "base64": base64.b64encode(data).decode(),
        "base64 without padding": base64.b64encode(data).decode().rstrip("="),
        "base64 for URLs": base64.urlsafe_b64encode(data).decode(),
        "hexadecimal": data.hex(),
        "hexadecimal in capitals": data.hex().upper(),
    }


@pytest.mark.parametrize(
    "secret", [SECRET, PLAIN, "abcdef", "가나다라마바", "p😀ssw😀rd", "1234567890"]
)
@pytest.mark.parametrize("form", forms(PLAIN))
def test_a_secret_is_masked_in_every_form(secret: str, form: str) -> None:
    text = forms(secret)[form]
    assert scrubber(pwd=secret).scrub(f"it is {text}, is it?") == "it is <pwd>, is it?"


@pytest.mark.parametrize("before", ["u", "us", "usr", "user:"])
@pytest.mark.parametrize("after", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("secret", [PLAIN, PLAIN[:-1], PLAIN[:-2]])
def test_a_secret_within_base64_leaves_at_most_the_bits_that_it_shares(
    before: str, after: str, secret: str
) -> None:
    text = base64.b64encode(f"{before}{secret}{after}".encode()).decode()
    masked = scrubber(pwd=secret).scrub(text)
    assert "<pwd>" in masked
    first, last = masked.split("<pwd>")
    # What is left decodes to less than a whole character of the secret at either end.
    assert len(first) * 6 < (len(before) + 1) * 8
    assert len(last.rstrip("=")) * 6 <= (len(after) + 1) * 8


def test_equal_secrets_have_equal_names_and_the_first_name_stays() -> None:
    made = scrubber(first=PLAIN, second=PLAIN)
    assert made.scrub(f"{PLAIN} {PLAIN}") == "<first> <first>"
    assert made.name_of(PLAIN) == "<first>"
    assert made.name_of("no secret") == "no secret"


def test_the_longest_secret_at_a_place_is_the_one_that_is_named() -> None:
    for order in ({"short": PLAIN[:8], "long": PLAIN}, {"long": PLAIN, "short": PLAIN[:8]}):
        made = scrubber(**order)
        assert made.scrub(f"{PLAIN} {PLAIN[:8]}.") == "<long> <short>."
    assert scrubber(all=PLAIN, tail=PLAIN[4:]).scrub(f"{PLAIN}|{PLAIN[4:]}") == "<all>|<tail>"


def test_short_secrets_are_masked_and_shorter_ones_are_none() -> None:
    assert scrubber(pwd="a1!").scrub("(a1!)") == "(<pwd>)"
    assert scrubber(pwd="a1!").scrub("(A1!)") == "(<pwd>)"
    assert scrubber(pwd="a1").scrub("(a1)") == "(a1)"
    assert scrubber(pwd="").scrub("text") == "text"


@pytest.mark.parametrize("value", [None, 12345678, True, ["Kx4!vTnZr8"], {"a": 1}, 1.5])
def test_what_is_no_text_is_no_secret(value: object) -> None:
    made = Scrubber()
    made.register(value, "pwd")
    made.register_token(value)
    assert made.scrub("12345678 Kx4!vTnZr8 True") == "12345678 Kx4!vTnZr8 True"


def test_a_text_without_a_secret_stays_as_it_is() -> None:
    made = scrubber(pwd=PLAIN)
    for text in (
        "",
        "x",
        PLAIN[:-1],
        PLAIN[1:],
        f"{PLAIN[:5]} {PLAIN[5:]}",
        "İstanbul ẞ 한글 " * 9,
    ):
        assert made.scrub(text) == text


def test_letters_that_grow_when_lowered_shift_nothing() -> None:
    assert scrubber(pwd=PLAIN).scrub(f"İİ {PLAIN} İ") == "İİ <pwd> İ"
    assert scrubber(pwd="İstanbul-34").scrub("a İstanbul-34 b") == "a <pwd> b"


def test_many_secrets_in_one_text_are_all_masked() -> None:
    secrets = {f"n{number}": f"secret-number-{number:03d}" for number in range(60)}
    made = scrubber(**secrets)
    text = made.scrub(" ".join(secrets.values()))
    assert text == " ".join(f"<{name}>" for name in secrets)
    assert made.scrub("".join(secrets.values())) == "".join(f"<{name}>" for name in secrets)


def test_bytes_are_masked_too_and_shown_where_they_are_no_text() -> None:
    assert scrubber(pwd=PLAIN).scrub_bytes(PLAIN.encode() + b"\xff\x00") == "<pwd>\\xff\x00"


# ---- tokens ----------------------------------------------------------------------------------------


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
    ],
)
def test_a_token_in_an_answer_is_masked_in_what_is_written(body: object) -> None:
    assert PLAIN not in written(json.dumps(body).encode())


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


@pytest.mark.parametrize(
    "header",
    [
        ("Set-Cookie", f"JSESSIONID={PLAIN}; Path=/"),
        ("Access-Token", PLAIN),
        ("access_token", PLAIN),
        ("X-Auth-Token", PLAIN),
        ("Authorization", f"Bearer {PLAIN}"),
    ],
)
def test_a_token_in_the_head_of_an_answer_is_masked(header: tuple[str, str]) -> None:
    content = json.dumps({"header": header_of("00")}).encode()
    assert PLAIN not in written(content, (header,))


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
