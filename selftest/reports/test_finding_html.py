"""The letter in the report: what it says, what it marks, and what never stands in it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from esignon_conformance.i18n.language import Language
from esignon_conformance.i18n.message import say
from esignon_conformance.reports.finding_html import letter_page, promise_page
from esignon_conformance.reports.history import FormerRun
from esignon_conformance.reports.marked_exchange import answer_lines
from esignon_conformance.reports.observed_text import (
    flat_observed,
    observed_name,
    observed_value,
)
from esignon_conformance.runner.run import Run
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.model import Finding
from selftest.app.test_outcomes import run_of
from selftest.support.exchanges import (
    ABSENT,
    MAIN,
    TARGET,
    answered,
    conforming,
    contract,
    page,
    refusal,
    success,
)
from selftest.support.judged import basis

SERVER = replace(TARGET, kind="server")


def letter_of(run: Run, clause: str, language: Language = "en", *former: FormerRun) -> str:
    verdict = run.by_clause[clause]
    return letter_page(run, verdict, verdict.findings, list(former), language)


def text_of(html: str) -> str:
    return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html))


def marked(html: str) -> list[str]:
    return [unescape(one) for one in re.findall(r"<mark>(.*?)</mark>", html, re.DOTALL)]


def wrong_code() -> Run:
    names = ["wrong-password-digits", "wrong-password-hangul", "second-wrong-password"]
    return run_of([*basis(), *(refusal(name, code="99") for name in names)])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_letter_tells_promise_request_expectation_answer_and_how_to_see_it_again(
    language: Language,
) -> None:
    run = wrong_code()
    text = text_of(letter_of(run, "REJ-1", language))
    clause = contract().clauses["REJ-1"]
    assert clause.impact is not None
    assert clause.impact.consequence[language] in text
    assert clause.place in text
    assert "POST /api/gaon3021/login" in text
    assert 'result_code "10"' in text
    assert 'result_code "99"' in text
    assert "HTTP 200" in text
    assert "--case wrong-password-digits --show" in text
    assert "printf '" in text
    assert "ESIGNON_MEMB_EMAIL" in text


def test_a_letter_says_each_thing_once_and_how_to_see_it_again_before_the_exchange() -> None:
    text = text_of(letter_of(wrong_code(), "REJ-1"))
    order = [
        "Expected",
        "Got",
        "See it again",
        "What was sent",
        "What came",
        "Evidence and history",
        "Rationale",
    ]
    assert [text.count(one) for one in order] == [1] * len(order)
    assert sorted(order, key=text.index) == order
    assert contract().clauses["REJ-1"].title["en"] not in text, "the title above says it"


def test_what_one_request_may_not_show_is_to_be_sent_several_times() -> None:
    several = "send it several times"
    names = ["unknown-email", "unknown-email", "unknown-email"]
    codes = ["10", "99", "10"]
    turns = [refusal(name, code=code) for name, code in zip(names, codes, strict=True)]
    run = run_of([*basis(), *turns])
    assert several in text_of(letter_of(run, "REJ-11"))
    assert several not in text_of(letter_of(wrong_code(), "REJ-1"))


def test_a_login_that_shows_what_a_case_left_behind_names_that_case() -> None:
    after = replace(success(headers={"Cache-Control": None}), after="get-with-body")
    text = text_of(letter_of(run_of([*basis(), after]), "SUC-11"))
    assert "[right-login], directly after [get-with-body]" in text
    assert "--case get-with-body --show" in text


def test_the_code_that_deviates_is_marked_where_it_stands() -> None:
    assert marked(letter_of(wrong_code(), "REJ-1")) == ['"result_code": "99",']


def test_a_member_that_is_absent_is_marked_where_it_is_missing() -> None:
    run = run_of([*basis(), refusal("wrong-password", {"/header/session_id": ABSENT})])
    html = letter_of(run, "ENV-7")
    assert marked(html) == ["⟵ session_id is absent"]
    before = text_of(html).partition("⟵")[0]
    assert before.rstrip().splitlines()[-1].strip().startswith('"result_msg"')


def test_a_header_that_is_missing_or_wrong_is_marked() -> None:
    run = run_of([*basis(), success(headers={"Cache-Control": None})])
    assert marked(letter_of(run, "SUC-11")) == ["⟵ Cache-Control is absent"]
    run = run_of([*basis(), success(headers={"Cache-Control": "private"})])
    assert marked(letter_of(run, "SUC-11")) == ["Cache-Control: private"]


def test_where_no_part_deviates_the_body_is_marked() -> None:
    run = run_of([*basis(), page()])
    (found,) = marked(letter_of(run, "ENV-1"))
    assert found.startswith("<html>")


def test_an_answer_that_looks_like_html_stays_text() -> None:
    html = letter_of(run_of([*basis(), page()]), "ENV-1")
    assert "<script" not in html
    assert "&lt;script" in html


def test_the_letter_tells_how_many_exchanges_and_in_what_they_differ() -> None:
    text = text_of(letter_of(wrong_code(), "REJ-1"))
    assert re.search(r"3 of the \d+ exchanges judged · cases \(3\): wrong-password-digits, ", text)
    assert "account: main × 2 · second × 1" in text
    assert "HTTP status:" not in text, "they do not differ in it"


def test_no_letter_says_that_more_exchanges_deviate_than_were_judged() -> None:
    run = wrong_code()
    verdict = replace(run.by_clause["REJ-1"], exchanges=2)
    html = letter_page(run, verdict, verdict.findings, [], "en")
    assert "3 exchanges · cases (3): " in text_of(html)
    assert "of the 2 exchanges" not in text_of(html)


def test_the_letter_tells_since_when() -> None:
    fails, holds = {"REJ-1": "fails"}, {"REJ-1": "holds"}
    before = (FormerRun("2026-01-01", holds), FormerRun("2026-01-02", fails))
    assert "2026-01-02, 2 runs in a row" in text_of(letter_of(wrong_code(), "REJ-1", "en", *before))
    now = text_of(letter_of(wrong_code(), "REJ-1", "en", FormerRun("2026-01-01", holds)))
    assert "in the run before, 2026-01-01, it was otherwise" in now
    assert "no earlier whole run" in text_of(letter_of(wrong_code(), "REJ-1"))


def test_no_secret_stands_in_a_letter() -> None:
    password = MAIN.password.get_secret_value()
    rows = [success(changes={"/body/comp_id": password, "/header/result_msg": password})]
    run = run_of([*basis(), *rows])
    for clause in ("SUC-2", "SEC-1"):
        html = letter_of(run, clause)
        assert password not in unescape(html)
        assert MAIN.email.get_secret_value() not in unescape(html)


def test_a_token_that_becomes_known_late_is_masked_before_a_long_body_is_cut() -> None:
    token = "Kx4vTnZr8mWd9Qp2LhYs6BcJ"
    # What is shown of the body ends in the middle of it.
    exchange = answered("wrong-password", f"{'x' * 5990}{token}".encode())
    run = run_of([*basis(), exchange])
    sent = run.recording.exchanges[-1]
    assert token in run.recording.row(sent)["answer"]["body"]
    run.scrubber.register_token(token)
    html = promise_page(run, contract().clauses["REJ-1"], sent, "en")
    assert token[:6] not in html
    assert "&lt;token" in html


def test_what_would_tell_a_character_of_a_password_is_seen_again_by_the_suite_only() -> None:
    run = run_of([*basis(), success("password-other-last")])
    text = text_of(letter_of(run, "SEC-2"))
    assert "printf" not in text
    assert "--case password-other-last --show" in text


def test_what_is_derived_from_a_password_is_made_by_the_shell_and_named_in_the_request() -> None:
    run = run_of([*basis(), success("password-base64")])
    text = text_of(letter_of(run, "SEC-2"))
    assert '$(printf %s "$ESIGNON_MEMB_PWD" | base64 | tr' in text
    assert '"memb_pwd": "<main password: in base64>"' in text


def test_what_nobody_sees_in_a_request_is_shown() -> None:
    run = run_of([*basis(), success("password-wide-blanks-around")])
    text = text_of(letter_of(run, "SEC-6"))
    assert '"memb_pwd": "⟨U+00A0⟩<main password>⟨U+3000⟩"' in text


def test_what_holds_shows_one_exchange_and_marks_nothing() -> None:
    run = run_of(basis())
    exchange = next(run.recording.of_case("wrong-password"))
    html = promise_page(run, contract().clauses["REJ-1"], exchange, "en")
    assert text_of(html).count("HTTP 200") == 1
    assert marked(html) == []


def test_the_marking_finds_its_way_through_arrays_and_escaped_names() -> None:
    exchange: Exchange = conforming("right-login")
    row = {
        "answer": {"status": 200, "reason": "OK", "headers": [], "body": '{"a/b": [1, {"c~": 2}]}'}
    }
    for pointer, wanted in (
        ("/a~1b/1/c~0", '"c~": 2'),
        ("/a~1b/0", "1,"),
        ("/a~1b/7", "⟵ 7 is absent"),
    ):
        finding = Finding("x", ("x",), pointer, say("no-token"), say("no-token"), ("e1",))
        pieces = [piece for line in answer_lines(exchange, row, finding, "en") for piece in line]
        assert [one.text for one in pieces if one.is_marked] == [wanted]


def test_what_was_observed_is_told_in_words() -> None:
    observed = {"device_id": "same", "status": {"10": [200]}, "codes": {"odd": ["10", "12"]}}
    rows = {
        observed_name(name, "ko"): observed_value(name, value, "ko")
        for name, value in flat_observed(observed)
    }
    assert rows == {
        "반복 로그인의 디바이스아이디": "매번 같음",
        "코드의 HTTP 상태 (10)": "200",
        "상황별 코드 (특이한 값)": "10, 12",
    }
    # What the server wrote is no word of ours.
    assert observed_value(("result_msg", "10"), "same", "ko") == "same"
