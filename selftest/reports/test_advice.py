"""What to do about deviations names what stands before the application, where it may have answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.recording.recording import Stop
from esignon_conformance.reports.advice import advice_of
from esignon_conformance.reports.answer_origin_text import lines_of_what_answered
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import conforming, fault, page, refusal, success, with_answer
from selftest.support.written_runs import run_of

LOGINS = [conforming("right-login"), conforming("right-login-second")]
ATTACKS = ("sql-or-in-email", "sql-union-in-email", "ldap-in-email", "xpath-in-email")
MALFORMED = ("cut-before-last-brace", "plain-text-body", "empty-body")
HTML = ("Content-Type", "text/html")


def action(tmp_path: Path, clause: str, *exchanges: Exchange, language: Language = "en") -> str:
    """Return what a run of these exchanges says is to be done about a clause."""
    run = run_of(tmp_path, [*LOGINS, *exchanges])
    verdict = next(one for one in run.verdicts if one.clause == clause)
    assert verdict.findings
    found = advice_of(run, verdict)
    assert found is not None
    return found.action[language]


def named(case: str, status: int, server: str = "") -> Exchange:
    """Return the page of a server that names itself."""
    fields = (HTML, ("Server", server)) if server else (HTML,)
    body = b"<html><title>Request Rejected</title></html>"
    return with_answer(page(case, status), headers=fields, body=body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_only_attacks_get_names_the_firewall(
    tmp_path: Path, language: Language
) -> None:
    said = action(tmp_path, "ENV-1", *(named(one, 200) for one in ATTACKS), language=language)
    assert 'HTTP 200, "Request Rejected"' in said
    assert {"en": "firewall", "ko": "방화벽"}[language] in said
    assert {"en": "JSON library", "ko": "JSON 라이브러리"}[language] in said


def test_a_page_of_another_server_is_told_by_its_name(tmp_path: Path) -> None:
    said = action(tmp_path, "ENV-1", *(named(one, 400, "awselb/2.0") for one in MALFORMED))
    assert "HTTP 400, Server: awselb/2.0" in said
    assert "do not name this server" in said


@pytest.mark.parametrize("status", [400, 403])
def test_a_page_that_attacks_get_too_names_the_firewall(tmp_path: Path, status: int) -> None:
    """ModSecurity in nginx: every answer, the application's as well, names nginx."""
    attacks = [named(one, 403) for one in ATTACKS]
    said = action(tmp_path, "ENV-1", *attacks, *(named(one, status) for one in MALFORMED))
    assert "got a page of the same form" in said


def of_apache(case: str, status: int, paragraphs: int) -> Exchange:
    """Return a page of Apache's own, as it names itself beside an application that it passes on to."""
    body = (
        '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n'
        f"<title>{status} Told</title>\n</head><body>\n<h1>Told</h1>\n"
        + f"<p>The request was not served.{'<br />' if status >= 500 else ''}</p>\n" * paragraphs
        + "</body></html>\n"
    )
    return with_answer(page(case, status), headers=(HTML,), body=body.encode())


def test_an_error_of_the_form_that_attacks_get_names_the_firewall(tmp_path: Path) -> None:
    """ModSecurity 2 in Apache: 403 to attacks, and 500 to a JSON text that is cut short."""
    attacks = [of_apache(one, 403, 1) for one in ATTACKS]
    errors = [of_apache(one, 500, 3) for one in MALFORMED]
    assert "got a page of the same form" in action(tmp_path, "ENV-10", *attacks, *errors)


@pytest.mark.parametrize(("name", "is_told"), [("CF-RAY", True), ("X-Trace", False)])
def test_a_field_of_gateways_that_the_application_has_not_is_told(
    tmp_path: Path, name: str, is_told: bool
) -> None:
    pages = [
        with_answer(page(one, 400), headers=(HTML, (name, "1")), body=b"<html>")
        for one in MALFORMED
    ]
    assert ("fields of gateways" in action(tmp_path, "ENV-1", *pages)) is is_told


def test_right_logins_that_are_cut_off_at_times_tell_of_a_limit(tmp_path: Path) -> None:
    cut_off = fault("right-login", role="login")
    assert "--rate" in action(tmp_path, "ENV-10", cut_off)


@pytest.mark.parametrize("language", LANGUAGES)
def test_right_logins_that_are_cut_off_in_bursts_alone_tell_of_a_limit_at_once(
    tmp_path: Path, language: Language
) -> None:
    """mod_qos' QS_SrvMaxConnPerIP ends connections of a burst, and no pace helps."""
    cut_off = [fault("right-login", burst=4), fault("right-login-second", burst=4)]
    assert "--concurrency" in action(tmp_path, "ENV-10", *cut_off, language=language)
    one_by_one = fault("right-login", role="login")
    said = action(tmp_path, "ENV-10", *cut_off, one_by_one, language=language)
    assert "--concurrency" not in said
    assert "--rate" in said


@pytest.mark.parametrize(
    ("clause", "exchanges"),
    [
        ("ENV-1", [named(one, 400) for one in MALFORMED]),
        ("ENV-10", [named(one, 500) for one in ATTACKS]),
        ("ENV-10", [fault(one) for one in MALFORMED]),
    ],
    ids=["pages of its own", "breaks at injections", "drops what is malformed"],
)
def test_what_the_application_may_well_have_done_is_told_as_its_own(
    tmp_path: Path, clause: str, exchanges: list[Exchange]
) -> None:
    assert "firewall" not in action(tmp_path, clause, *exchanges)


def test_one_page_over_many_statuses_names_the_gateway_that_wrote_it(tmp_path: Path) -> None:
    """`proxy_intercept_errors` of nginx: one page in the place of all that is refused over 4xx."""
    refused = [named("wrong-password", 401), named("unknown-email", 401), named("empty-body", 400)]
    said = action(tmp_path, "ENV-1", *refused)
    assert "proxy_intercept_errors" in said
    # One status is what an application's own page may come over, and texts of its own name the status.
    assert "proxy_intercept_errors" not in action(tmp_path, "ENV-1", *refused[:2])
    other = with_answer(named("empty-body", 400), body=b"<html>400</html>")
    assert "proxy_intercept_errors" not in action(tmp_path, "ENV-1", *refused[:2], other)


def test_right_logins_that_were_never_answered_tell_of_no_limit(tmp_path: Path) -> None:
    """ModSecurity at a high level of paranoia takes a right password for an attack, each time."""
    attacks = [named(one, 403) for one in ATTACKS]
    logins = [replace(named("right-login-other", 403), role="login") for _ in range(3)]
    said = action(tmp_path, "ENV-1", *attacks, *logins)
    assert "got a page of the same form" in said
    assert "very same right logins" not in said
    answered = conforming("right-login-other")
    assert "very same right logins" in action(tmp_path, "ENV-1", *logins, answered)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_named_who_may_have_ended_a_connection_without_an_answer(
    tmp_path: Path, language: Language
) -> None:
    """A firewall that rejects a request by a reset looks like a server that breaks down at it."""
    dropped = [fault(one) for one in MALFORMED]
    assert "X-Request-Id" in action(tmp_path, "ENV-10", *dropped, language=language)
    # Beside an answer that breaks down there is something to mend in the application for certain.
    broken = [*dropped, named("empty-body", 500)]
    assert "X-Request-Id" not in action(tmp_path, "ENV-10", *broken, language=language)
    attacks = action(tmp_path, "ENV-10", *(fault(one) for one in ATTACKS), language=language)
    # Nothing answered.
    assert word("between-hostile", language) in attacks
    assert "(dropped)" not in attacks
    assert "X-Request-Id" not in attacks


@pytest.mark.parametrize("before", [0, 2])
def test_a_stop_after_right_logins_may_be_a_limit_or_a_ban(tmp_path: Path, before: int) -> None:
    run = run_of(tmp_path, [*LOGINS[:before], page("unknown-email", 403)])
    last = run.recording.exchanges[-1].id
    run.recording.ended = Reason("between", "HTTP 403")
    run.recording.stop = Stop(last, last)
    told = [line for _, lines in lines_of_what_answered(run, "en") for line in lines]
    assert any("--rate" in line for line in told) == bool(before)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_that_breaks_off_is_no_matter_of_a_json_library(
    tmp_path: Path, language: Language
) -> None:
    cut = conforming("wrong-password")
    assert cut.answer is not None
    half = replace(cut.answer, body=cut.answer.body[:40], missing=60, ended="closed")
    said = action(tmp_path, "ENV-1", replace(cut, answer=half), language=language)
    assert "JSON" not in said
    assert {"en": "broke off", "ko": "끊겼으므로"}[language] in said


def test_a_whole_text_that_is_shorter_than_said_is_one(tmp_path: Path) -> None:
    short = conforming("wrong-password")
    assert short.answer is not None
    answer = replace(short.answer, missing=6, ended="closed")
    assert "JSON library" in action(tmp_path, "ENV-1", replace(short, answer=answer))


def test_an_error_that_a_gateway_alone_has_names_the_gateway(tmp_path: Path) -> None:
    """Caddy 2.6 answers a body that is too long by 502, with the name that it gives every answer."""
    said = action(tmp_path, "ENV-10", page("same-value-much-white-space", 502))
    assert "a gateway says that it got no answer" in said


def test_the_own_page_of_apache_names_the_web_server(tmp_path: Path) -> None:
    """`ProxyErrorOverride` puts it in the place of a refusal by 400."""
    said = action(tmp_path, "ENV-1", *(of_apache(one, 404, 1) for one in MALFORMED))
    assert "ProxyErrorOverride" in said


def test_json_of_another_form_to_some_right_logins_tells_of_a_limit(tmp_path: Path) -> None:
    other = with_answer(page("right-login", 200), body=b'{"code": "E429"}')
    said = action(tmp_path, "ENV-3", replace(other, role="login"))
    assert "at other times the application answered the very same right logins" in said


def test_a_login_that_another_method_got_again_tells_of_a_cache(tmp_path: Path) -> None:
    fresh = with_answer(LOGINS[0], {"/body/access_token": "another.token.of.the.account.0"})
    got = replace(success("get-with-body"), answer=LOGINS[0].answer)
    assert "does not tell methods apart" in action(tmp_path, "REQ-5", fresh, got)
    assert "cache" not in action(tmp_path, "REQ-5", got)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_answer_to_all_companies_tells_of_a_mock_and_to_one_of_a_cache(
    tmp_path: Path, language: Language
) -> None:
    names = ("wrong-password", "unknown-email", "empty-body", "cut-inside-password", "json-null")

    def said(*cases: str) -> str:
        first = success()
        rows = [first, *(replace(success(name), answer=first.answer) for name in cases)]
        run = run_of(tmp_path, rows)
        verdict = next(one for one in run.verdicts if one.clause == "REQ-9")
        found = advice_of(run, verdict)
        assert found is not None
        return found.action[language]

    mock = {"en": "as a mock gives one example", "ko": "예시 하나로만 답하는 목"}[language]
    assert mock in said(*names, "unknown-company")
    assert mock not in said(*names)


def test_a_post_that_was_answered_405_tells_of_a_cache(tmp_path: Path) -> None:
    said = action(tmp_path, "ENV-1", page("empty-body", 405))
    assert "does not tell methods apart" in said


def test_the_own_page_of_haproxy_names_it_also_where_it_says_500(tmp_path: Path) -> None:
    body = b"<html><body><h1>500 Internal Server Error</h1>\nAn internal server error occurred.\n"
    tarpit = with_answer(
        page("unknown-email", 500), headers=(HTML,), body=body + b"</body></html>\n"
    )
    assert "tarpit" in action(tmp_path, "ENV-10", tarpit)
    assert "tarpit" not in action(tmp_path, "ENV-10", page("unknown-email", 500))


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_login_found_a_route_the_base_url_is_named_first(
    tmp_path: Path, language: Language
) -> None:
    # An application whose route is elsewhere: its parser refuses a body that is cut short before it.
    none = b'{"err": "not found"}'
    logins = [with_answer(success(), status=404, body=none) for _ in range(3)]
    cut = with_answer(refusal("cut-before-last-brace"), status=400, body=b'{"err": "no JSON"}')
    run = run_of(tmp_path, [*logins, with_answer(refusal(), status=404, body=none), cut])
    advice = advice_of(run, run.by_clause["ENV-3"])
    assert advice is not None
    impact = run.contract.clauses["ENV-3"].impact
    assert impact is not None
    own = impact.action[language]
    assert advice.action[language] == word("action-no-route", language, status=404, action=own)
    # One that was let in: there is a route.
    run = run_of(tmp_path / "other", [*logins, success(), cut])
    advice = advice_of(run, run.by_clause["ENV-3"])
    assert advice is not None
    assert word("action-no-route", language, status=404, action="") not in advice.action[language]
