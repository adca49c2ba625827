"""Which secrets are masked, under which name, and what stays as it is."""

from __future__ import annotations

import base64
import json
import time

import pytest

from esignon_conformance.redaction.scrubber import Scrubber
from selftest.support.scrubbers import PLAIN, SECRET, forms, scrubber


@pytest.mark.parametrize("before", ["u", "us", "usr", "user:"])
@pytest.mark.parametrize("after", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("secret", [PLAIN, PLAIN[:-1], PLAIN[:-2]])
def test_a_secret_within_base64_leaves_at_most_the_bits_that_it_shares(
    before: str, after: str, secret: str
) -> None:
    text = base64.b64encode(f"{before}{secret}{after}".encode()).decode()
    masked = scrubber(pwd=secret).scrub(text)
    assert "<pwd: as base64>" in masked
    first, last = masked.split("<pwd: as base64>")
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
    assert "<part of pwd: as base64>" in masked
    assert len(masked.replace("<part of pwd: as base64>", "")) * 6 < (len(before) + 5 + 2) * 8


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
