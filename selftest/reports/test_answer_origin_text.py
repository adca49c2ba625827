"""What answered in the application's place is quoted by what a reader of it sees."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.recording.recording import Stop
from esignon_conformance.reports.answer_origin_text import lines_of_what_answered
from esignon_conformance.transport.messages import Fault
from selftest.support.exchanges import conforming, page, with_answer
from selftest.support.written_runs import run_of

# As Django writes it: its styles are longer than what is quoted.
STYLES = b"html * { padding:0; margin:0; }\n" * 20
HEAD = b"<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>403 Forbidden</title>"
CSRF = (
    HEAD + b"<style>" + STYLES + b"</style></head><body><h1>CSRF &amp; no token</h1></body></html>"
)


def told(
    directory: Path, body: bytes, *, status: int = 403, language: Language = "en"
) -> list[str]:
    """Return what is said of a run in which every right login got this body."""
    run = run_of(directory, [with_answer(page("right-login", status), body=body)])
    last = run.recording.exchanges[-1].id
    run.recording.ended = Reason("between", f"HTTP {status}")
    run.recording.stop = Stop(last, last)
    return [line for _, lines in lines_of_what_answered(run, language) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_quoted_by_its_words(tmp_path: Path, language: Language) -> None:
    quoted = word("answer-text", language, text="403 Forbidden CSRF & no token")
    assert quoted in told(tmp_path, CSRF, language=language)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b'{"error": "<b>no</b>"}', 'its first characters: {"error": "<b>no</b>"}'),
        (b"<html><style>" + STYLES, "its page begins: <html><style>html * {"),
        (b"<!doctype html><!-- a > b --><p>No &lt;b&gt;", "its page begins: No <b>"),
        (b"", "its body is empty"),
    ],
)
def test_what_has_no_words_of_a_page_is_quoted_as_it_is(
    tmp_path: Path, body: bytes, line: str
) -> None:
    assert any(one.startswith(line) for one in told(tmp_path, body))


@pytest.mark.parametrize("language", LANGUAGES)
def test_403_may_be_a_framework_that_asks_for_a_token(tmp_path: Path, language: Language) -> None:
    look = word("between-forged-look", language)
    assert look in told(tmp_path, CSRF, language=language)
    assert look not in told(tmp_path, CSRF, status=404, language=language)


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "unreachable: Connection refused, "), ("ko", "닿을 수 없음: 연결이 거부됨, ")],
)
def test_what_came_instead_of_an_answer_is_told_in_the_language(
    language: Language, line: str, tmp_path: Path
) -> None:
    lost = replace(
        page("right-login"), answer=None, fault=Fault("unreachable", "Connection refused")
    )
    run = run_of(tmp_path, [lost])
    last = run.recording.exchanges[-1].id
    run.recording.ended = Reason("no-answer", "unreachable: Connection refused")
    run.recording.stop = Stop(last, last)
    (_, lines), *_ = lines_of_what_answered(run, language)
    assert lines[0].startswith(line)


def limited(directory: Path, refused: int, logins: int, language: Language) -> list[str]:
    """Return what is said of a run that a limit ended after some refusals, at so many right logins."""
    many = [replace(page("right-login", 429), role="login", gave_up=True) for _ in range(logins)]
    before = [replace(conforming("right-login"), role="login")]
    before += [conforming("wrong-password")] * refused
    run = run_of(directory, [*before, *many])
    run.recording.ended = Reason("limited")
    run.recording.stop = Stop(many[0].id, many[-1].id)
    return [line for _, lines in lines_of_what_answered(run, language) for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_limit_that_lets_nobody_in_after_refusals_may_be_a_lock_of_the_address(
    tmp_path: Path, language: Language
) -> None:
    """As django-axes does by default: 429 to all that comes from an address after some failures."""
    look = word("limited-lock-look", language, count=6)
    assert look in limited(tmp_path, 6, 4, language)
    # Nobody had been refused, and what was asked once is no sign of a lock.
    for refused, logins in ((0, 4), (6, 1)):
        told_then = limited(tmp_path, refused, logins, language)
        assert not any("django-axes" in line for line in told_then)


@pytest.mark.parametrize("language", LANGUAGES)
def test_403_after_right_logins_were_answered_is_no_matter_of_a_forms_token(
    tmp_path: Path, language: Language
) -> None:
    run = run_of(
        tmp_path, [replace(conforming("right-login"), role="login"), page("right-login", 403)]
    )
    last = run.recording.exchanges[-1].id
    run.recording.ended = Reason("between", "HTTP 403")
    run.recording.stop = Stop(last, last)
    lines = [line for _, some in lines_of_what_answered(run, language) for line in some]
    assert word("between-forged-look", language) not in lines
    assert word("between-after-logins-look", language) in lines
