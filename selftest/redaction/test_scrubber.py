"""Nothing that is written shows a secret: every form of it, tokens too, and equal ones by equal names."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import io
import json
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.packed_text import packed
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.redaction.unescape import layers, views
from esignon_conformance.transport.messages import Fault
from selftest.support.exchanges import answered, header_of, plain, recording, success

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
        PLAIN[:5],
        f"{PLAIN[:5]} {PLAIN[5:10]} {PLAIN[10:]}",
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


ESCAPED = (
    *(r"%41", r"%C3%A9", r"%ff", r"%00", r"\x41", r"\xff", r"\u0041", r"\ud83d\ude00"),
    *(r"\101", "\\", "&amp;", "%", "a", "[65, 66, 67, 68]"),
)
ESCAPES = st.lists(st.sampled_from([*ESCAPED, "\0", "\x1b[1m"]), max_size=12).map("".join)


@given(ESCAPES)
def test_layers_are_the_texts_of_the_views(text: str) -> None:
    assert list(layers(text)) == [view.text for view in views(text)]


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


# ---- mixes of escapes --------------------------------------------------------------------------------


def by_turns(secret: str, *ways: Callable[[str], str]) -> str:
    """Return a secret with its characters escaped in one way after the other."""
    return "".join(ways[index % len(ways)](one) for index, one in enumerate(secret))


def unit(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) > 0x7E else f"\\u{ord(character):04x}"


def percent(character: str) -> str:
    return "".join(f"%{octet:02X}" for octet in character.encode())


def itself(character: str) -> str:
    return json.dumps(character, ensure_ascii=False)[1:-1]


MIXES: dict[str, Callable[[str], str]] = {
    "units by turns": lambda text: by_turns(text, unit, itself),
    "percent by turns": lambda text: by_turns(text, percent, str),
    "percent and units": lambda text: by_turns(text, percent, unit, itself),
    "entities by turns": lambda text: by_turns(text, lambda one: f"&#{ord(one)};", html.escape),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "JSON in JSON in JSON": lambda text: json.dumps(json.dumps(json.dumps(text)))[7:-7],
    "a URL in a URL": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML in HTML": lambda text: html.escape(html.escape(text)),
    "JSON in a page": lambda text: html.escape(json.dumps(text)[1:-1]),
    "JSON in a URL": lambda text: quote(json.dumps(text)[1:-1], safe=""),
    "octets of Python": lambda text: repr(text.encode())[2:-1],
    "octets one by one": lambda text: "".join(f"\\x{octet:02x}" for octet in text.encode()),
    "NUL between": "\0".join,
    "NUL between, in JSON": lambda text: json.dumps("\0".join(text))[1:-1],
    "an array of characters": lambda text: json.dumps(list(text), ensure_ascii=False)[2:-2],
    "a dense array": lambda text: json.dumps(list(text), separators=(",", ":"))[2:-2],
    "UTF-8 read as Latin-1": lambda text: text.encode().decode("latin-1"),
    "UTF-16": lambda text: text.encode("utf-16-le").decode(errors="backslashreplace"),
    "MD5": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper(),
    "SHA-256": lambda text: hashlib.sha256(text.encode()).hexdigest(),
    "SHA-512 in base64": lambda text: base64.b64encode(
        hashlib.sha512(text.encode()).digest()
    ).decode(),
}


@pytest.mark.parametrize(
    "secret", [SECRET, PLAIN, "가나다라마바", "p😀ssw😀rd", "50%41&amp;\\u0041\\n"]
)
@pytest.mark.parametrize("mix", MIXES)
def test_a_secret_is_masked_in_every_mix_of_escapes(secret: str, mix: str) -> None:
    masked = scrubber(pwd=secret).scrub(f"[{MIXES[mix](secret)}]")
    assert masked.replace("hash of ", "").replace("\0", "") == "[<pwd>]"


@pytest.mark.parametrize("encoding", ["cp949", "utf-16-le", "utf-16-be"])
def test_a_secret_is_masked_in_bytes_of_another_encoding(encoding: str) -> None:
    data = "비밀번호-한글-17".encode(encoding)
    assert "<pwd>" in scrubber(pwd="비밀번호-한글-17").scrub_bytes(b"\xff" + data)


@pytest.mark.parametrize("size", [6, 7, 8, 11])
@pytest.mark.parametrize("start", range(3))
@pytest.mark.parametrize("form", ["plain", "JSON, all escaped", "percent-encoded", "HTML"])
def test_a_piece_of_a_password_is_masked(form: str, start: int, size: int) -> None:
    piece = PLAIN[start : start + size]
    assert scrubber(pwd=PLAIN).scrub(f"({forms(piece)[form]})") == "(<part of pwd>)"


@pytest.mark.parametrize("before", ["", "u", "us"])
@pytest.mark.parametrize("start", range(4))
def test_a_piece_of_a_password_within_base64_leaves_less_than_six_characters(
    before: str, start: int
) -> None:
    text = base64.b64encode(f"{before}{PLAIN[start : start + 8]}:x".encode()).decode()
    masked = scrubber(pwd=PLAIN).scrub(text)
    assert "<part of pwd>" in masked
    assert len(masked.replace("<part of pwd>", "")) * 6 < (len(before) + 5 + 2) * 8


def test_a_piece_that_is_a_public_word_stays_and_the_rest_does_not() -> None:
    made = Scrubber(public="a wrong password is refused")
    made.register_password("Password-7431", "pwd")
    assert made.scrub("a wrong password is refused") == "a wrong password is refused"
    assert (
        made.scrub("Password-7431, password-743, word-7431")
        == "<pwd>, <part of pwd>, <part of pwd>"
    )
    made = Scrubber(public="a wrong password is refused")
    made.register_password("password", "pwd")
    assert made.scrub("a wrong password is refused") == "a wrong <pwd> is refused"


def test_what_is_made_of_a_secret_and_public_is_no_secret() -> None:
    made = Scrubber(public="https://staging.gaon.invalid/prefix")
    made.register("gaon.invalid", "main email: as domain")
    assert made.scrub("https://staging.gaon.invalid") == "https://staging.gaon.invalid"


def test_pieces_of_an_email_are_no_secret_and_neither_are_they_in_a_password() -> None:
    made = Scrubber()
    made.register_email("nari.kim@gaon.invalid", "email")
    made.register_password("nari.kim-7431", "pwd")
    assert made.scrub("host gaon.invalid") == "host gaon.invalid"
    assert made.scrub("nari.kim") == "nari.kim"
    assert (
        made.scrub("NARI.KIM@gaon.invalid nari.kim-7431 im-7431") == "<email> <pwd> <part of pwd>"
    )


def test_a_value_made_of_a_secret_is_named_as_what_it_is() -> None:
    made = Scrubber()
    made.register_password(PLAIN, "pwd")
    for name, value in (("cut", PLAIN[:-1]), ("swapped", PLAIN.swapcase()), ("half", PLAIN[:7])):
        made.register(value, name)
    text = f"{PLAIN} {PLAIN[:-1]} {PLAIN.swapcase()} {PLAIN[:7]} {PLAIN[1:]}"
    assert made.scrub(text) == "<pwd> <cut> <swapped> <half> <part of pwd>"


# In each of the forms in which standard base64 with + / = is written.
TOKEN_FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON with its slashes escaped": lambda token: token.replace("/", "\\/"),
    "JSON in JSON": lambda token: json.dumps(json.dumps(token)).replace("/", "\\/"),
    "JSON with units": lambda token: token.replace("+", "\\u002b").replace("=", "\\u003D"),
    "a URL": lambda token: quote(token, safe=""),
    "a URL in a URL": lambda token: quote(quote(token, safe=""), safe=""),
    "a form": quote_plus,
    "a form, read wrongly": lambda token: token.replace("+", " "),
    "HTML": html.escape,
    "HTML with numbers": lambda token: token.replace("+", "&#43;").replace("/", "&#x2F;"),
    "HTML with names": lambda token: token.replace("+", "&plus;").replace("=", "&equals;"),
    "the other alphabet": lambda token: token.replace("+", "-").replace("/", "_").rstrip("="),
    "a line of a shell": lambda token: f"-H 'Authorization: Bearer {token}'",
}


@pytest.mark.parametrize("form", TOKEN_FORMS)
def test_a_token_of_standard_base64_is_masked_in_every_form(form: str) -> None:
    # Long stretches between its signs, and signs that stand close.
    token = "aB3xQ9+k/L2m+/pZ7wYtR5vN8c+D4e/F6g+h1J" + "Ux0yKs2WqLzP" * 8 + "+Tn/Gb="
    scrubber = Scrubber()
    scrubber.register_token(token)
    masked = scrubber.scrub(f"x {TOKEN_FORMS[form](token)} y")
    assert "<token 1>" in masked or "<part of token 1>" in masked
    for piece in ("aB3xQ9", "L2m", "pZ7wYtR5", "D4e", "h1J", "Ux0yKs", "Gb"):
        assert piece not in masked


def test_tokens_that_begin_alike_are_told_apart_and_their_pieces_are_masked() -> None:
    made, head = Scrubber(), "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ"
    ends = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(50)]
    for end in ends:
        made.register_token(head + end)
    for number, end in enumerate(ends, 1):
        assert made.scrub(f"({head}{end})") == f"(<token {number}>)"
        assert made.scrub(f"({end[5:30]}…)") == f"(<part of token {number}>…)"
        assert made.scrub(head) != head


def test_a_text_that_was_clean_is_looked_through_again_for_what_became_known() -> None:
    made = Scrubber()
    made.register_password(PLAIN, "pwd")
    text = "the token is token-one-1 \\u0061bcdef-7"
    for _ in range(2):
        assert made.scrub(text) == text
    made.register_token("token-one-1")
    assert made.scrub(text) == "the token is <token 1> \\u0061bcdef-7"
    made.register_password("abcdef-7", "other")
    assert made.scrub(text) == "the token is <token 1> <other>"
    assert made.scrub("(a1!)") == "(a1!)"
    made.register_password("a1!", "short")
    assert made.scrub("(a1!)") == "(<short>)"


def test_data_is_masked_text_by_text_so_that_it_stays_data() -> None:
    secret = 'a","b": "c'
    made = scrubber(pwd=secret)
    data = {"x": ["a", "b", "c", 1, None, True], "y": {"z": (secret, 'q"')}}
    assert made.scrub_all(data) == {
        "x": ["a", "b", "c", 1, None, True],
        "y": {"z": ["<pwd>", 'q"']},
    }


def test_a_long_secret_that_repeats_itself_is_masked_in_no_time() -> None:
    scrubber = Scrubber()
    secret = "Zq7xw" * 1000
    scrubber.register(secret, "long password")
    for shift in range(40):
        scrubber.register(secret[shift:], f"long password {shift}")
    began = time.process_time()
    shown = scrubber.scrub(f'{{"echo": "{secret}", "again": "{secret[:2500]}"}}')
    assert time.process_time() - began < 2
    assert "Zq7xw" not in shown


# ---- several lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["first part\nsecond half", "Kx4!vT\nnZr8mWd9", "ab\ncdef"])
def test_a_secret_of_several_lines_is_masked_as_a_whole(secret: str) -> None:
    masked = scrubber(password=secret).scrub(f"one line\n{secret}\nanother line")
    assert masked == "one line\n<password>\nanother line"


def test_what_becomes_known_later_is_masked_in_a_line_that_was_clean_before() -> None:
    known = scrubber(password=SECRET)
    text = f"a line of a report\n{PLAIN}\nanother one"
    assert known.scrub(text) is text
    known.register(PLAIN, "second")
    assert known.scrub(text) == "a line of a report\n<second>\nanother one"
    known.register("split\nhere it goes on", "third")
    assert known.scrub(f"{text}\nsplit\nhere it goes on") == (
        "a line of a report\n<second>\nanother one\n<third>"
    )


# ---- an order to end in between ------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["register_token", "register_password", "register_email"])
def test_a_secret_that_was_cut_off_while_it_became_known_becomes_known_the_next_time(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    known, secret = Scrubber(), "Kx4!vTnZr8mWd9@mail.invalid"
    given = (secret,) if method == "register_token" else (secret, "main")
    with monkeypatch.context() as patched:
        patched.setattr(Scrubber, "_add", interrupt)
        with pytest.raises(KeyboardInterrupt):
            getattr(known, method)(*given)
    getattr(known, method)(*given)
    assert known.scrub(secret) in ("<token 1>", "<main>")


@pytest.mark.parametrize(
    "odd", ["\0", "\u00a0", "\x01", ","], ids=["nul", "blank", "control", "comma"]
)
@pytest.mark.parametrize("at", [0, 7, len(PLAIN)], ids=["before", "inside", "after"])
@pytest.mark.parametrize("listed", ["numbers", "characters", "JSON of characters"])
def test_a_list_that_spells_a_secret_is_masked_where_an_odd_character_is_in_it(
    at: int, listed: str, odd: str
) -> None:
    made = Scrubber()
    made.register_password(PLAIN, "pwd")
    spelled = f"{PLAIN[:at]}{odd}{PLAIN[at:]}"
    numbers = ", ".join(str(ord(one)) for one in spelled)
    characters = f"[{', '.join(spelled)}]"
    text = {
        "numbers": numbers,
        "characters": characters,
        "JSON of characters": json.dumps(characters),
    }
    masked = made.scrub(text[listed])
    assert "pwd" in masked
    for piece in (PLAIN[:at][-6:], PLAIN[at:][:6]):
        assert not piece or ", ".join(piece) not in masked
        assert not piece or ", ".join(str(ord(one)) for one in piece) not in masked
