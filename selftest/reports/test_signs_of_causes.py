"""What to do names the cause where the answers themselves show it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.advice import advice_of
from esignon_conformance.reports.kept_for_a_while import are_kept_for_a_while
from esignon_conformance.transport.messages import Exchange
from selftest.reports.test_advice import LOGINS, MALFORMED, action
from selftest.reports.test_gateway_forms import json_of
from selftest.support.exchanges import (
    conforming,
    contract,
    header_of,
    refusal,
    success,
    success_document,
    with_answer,
)
from selftest.support.written_runs import run_of

KOREAN = {"/header/result_msg": contract().documented_texts["00"]}


def own(clause: str, language: Language) -> str:
    """Return the action that a clause has by itself."""
    impact = contract().clauses[clause].impact
    assert impact is not None
    return impact.action[language]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("clause", ["SUC-6", "REJ-17"])
def test_a_text_as_without_a_query_string_may_be_one_that_was_lost(
    tmp_path: Path, clause: str, language: Language
) -> None:
    korean = {"/header/result_msg": contract().documented_texts["10"]}
    asked = {
        "SUC-6": [success("query-language-en", KOREAN), success("query-language-ja", KOREAN)],
        "REJ-17": [refusal("unknown-email-query-en", korean)],
    }[clause]
    said = action(tmp_path, clause, *asked, language=language)
    assert said == word("action-lost-query", language, action=own(clause, language))
    other = {"/header/result_msg": "Welcome!"}
    case = {
        "SUC-6": success("query-language-en", other),
        "REJ-17": refusal("wrong-password", other),
    }
    assert action(tmp_path / "other", clause, *asked, case[clause], language=language) == own(
        clause, language
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_that_unreadable_bodies_alone_get_may_be_a_parsers(
    tmp_path: Path, language: Language
) -> None:
    refused = [
        json_of(one, 400, {"message": "Request body is not valid JSON"}) for one in MALFORMED
    ]
    said = action(tmp_path, "ENV-3", *refused, language=language)
    assert said == word("action-body-parser", language, action=own("ENV-3", language))


@pytest.mark.parametrize(
    "other",
    [
        json_of("missing-memb-email", 400, {"message": "email must be an email"}),
        json_of("plain-text-body", 200, {"message": "no"}),
    ],
    ids=["readable", "no refusal of HTTP"],
)
def test_a_form_that_others_get_is_no_parsers_alone(tmp_path: Path, other: Exchange) -> None:
    refused = [json_of(one, 400, {"message": "no JSON"}) for one in MALFORMED if one != other.case]
    assert action(tmp_path, "ENV-3", *refused, other) == own("ENV-3", "en")


def wrapped(made: Exchange, around: Any) -> Exchange:
    """Return an answer whose envelope stands within something else."""
    return with_answer(made, body=json.dumps(around).encode())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("as_text", [False, True])
def test_an_envelope_within_a_member_names_it(
    tmp_path: Path, as_text: bool, language: Language
) -> None:
    let_in = replace(success(), role="login")
    documents = (success_document(let_in.request), {"header": header_of("10")})
    inner = [json.dumps(one) if as_text else one for one in documents]
    rows = [
        wrapped(let_in, {"statusCode": 200, "payload": inner[0]}),
        wrapped(conforming("unknown-email"), {"statusCode": 200, "payload": inner[1]}),
    ]
    run = run_of(tmp_path, rows)
    found = advice_of(run, run.by_clause["ENV-3"])
    assert found is not None
    assert found.action[language] == word("action-wrapped", language, name="payload")


def test_an_envelope_that_stands_here_and_there_names_no_member(tmp_path: Path) -> None:
    documents = {"header": header_of("10")}
    rows = [
        wrapped(conforming("unknown-email"), {"data": documents}),
        wrapped(conforming("empty-body"), {"error": "12"}),
    ]
    assert action(tmp_path, "ENV-3", *rows) == own("ENV-3", "en")


def same_as(kept: Exchange, case: str) -> Exchange:
    """Return a request that got the very answer of another one."""
    return replace(success(case), answer=kept.answer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_of_a_cache_that_keeps_them_for_a_while_name_it(
    tmp_path: Path, language: Language
) -> None:
    first = success()
    kept = [first, same_as(first, "wrong-password"), same_as(first, "plain-text-body"), success()]
    said = action(tmp_path, "REJ-1", *kept, language=language)
    assert said == word(
        "action-kept-for-a-while", language, action=own_when_issued("REJ-1", language)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("clause", ["ENV-5", "ENV-7"])
def test_types_that_a_gateway_changes_name_it(
    tmp_path: Path, clause: str, language: Language
) -> None:
    lost = {"/header/result_code": 10, "/header/session_id": None}
    rows = [refusal("wrong-password", lost), refusal("empty-body", lost)]
    said = action(tmp_path, clause, *rows, language=language)
    assert said == word("action-types-lost", language, action=own(clause, language))
    # Of numbers alone nobody knows whose they are.
    alone = refusal("wrong-password", {clause_pointer(clause): lost[clause_pointer(clause)]})
    assert action(tmp_path / "alone", clause, alone) == own(clause, "en")


def clause_pointer(clause: str) -> str:
    """Return the member that a clause is about."""
    pointer: str = contract().clauses[clause].parameters["pointer"]
    return pointer


_ASKED = (
    *("wrong-password", "unknown-email", "unknown-email-hangul"),
    *("empty-body", "cut-inside-password", "json-null"),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_answer_with_new_tokens_names_no_cache(tmp_path: Path, language: Language) -> None:
    own = success("right-login")
    answers = [success("right-login") for _ in _ASKED]
    asked = [same_as(one, case) for one, case in zip(answers, _ASKED, strict=True)]
    run = run_of(tmp_path, [own, *asked])
    found = advice_of(run, run.by_clause["REQ-9"])
    assert found is not None
    assert found.action[language] == word("action-one-answer-anew", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_that_stick_to_their_connections_name_no_cache(
    tmp_path: Path, language: Language
) -> None:
    rows: list[Exchange] = []
    for number in (1, 2):
        first = replace(success(), connection=number)
        rows += [first, *(replace(same_as(first, one), connection=number) for one in _ASKED)]
    rows += [refusal(one) for one in _ASKED]
    run = run_of(tmp_path, rows)
    found = advice_of(run, run.by_clause["REQ-9"])
    assert found is not None
    assert found.action[language] == word("action-sticks-to-connection", language)
    # A cache gives them over every connection.
    others = [*rows, replace(same_as(rows[0], "wrong-password"), connection=3)]
    run = run_of(tmp_path / "cache", others)
    found = advice_of(run, run.by_clause["REQ-9"])
    assert found is not None
    assert found.action[language] != word("action-sticks-to-connection", language)


@pytest.mark.parametrize("kept", ["a readable body", "a token of its own", "one token for all"])
def test_what_a_server_may_give_itself_names_no_cache(tmp_path: Path, kept: str) -> None:
    first = success()
    rows = {
        # A token that is the same for a second, given to any password.
        "a readable body": [first, same_as(first, "wrong-password"), success()],
        "a token of its own": [success("wrong-password"), same_as(first, "plain-text-body")],
        "one token for all": [same_as(LOGINS[0], "wrong-password")],
    }[kept]
    if kept == "one token for all":
        rows = [same_as(LOGINS[0], one) for one in ("right-login", "wrong-password", "empty-body")]
        run = run_of(tmp_path, [LOGINS[0], *rows])
        assert not are_kept_for_a_while(run, rows)
        return
    assert action(tmp_path, "REJ-1", *rows) == own_when_issued("REJ-1", "en")


def own_when_issued(clause: str, language: Language) -> str:
    """Return the action that a clause has by itself where somebody was let in."""
    found = contract().clauses[clause]
    impact = found.impact_when_issued or found.impact
    assert impact is not None
    return impact.action[language]


SCRIPT = b'\n<script src="/beacon.js"></script>\n'


def around(made: Exchange, before: bytes, after: bytes = b"") -> Exchange:
    """Return an answer with something before and after its body."""
    assert made.answer is not None
    return with_answer(made, body=before + made.answer.body + after)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_piece_of_a_page_around_every_answer_names_what_puts_it_there(
    tmp_path: Path, language: Language
) -> None:
    rows = [around(success(), b"", SCRIPT), around(conforming("unknown-email"), b"", SCRIPT)]
    said = action(tmp_path, "ENV-1", *rows, language=language)
    told = {"text": SCRIPT.decode().strip(), "action": own("ENV-1", language)}
    assert said == word("action-injected", language, **told)


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"<br />\n<b>Warning</b>: no such key in x<br />\n", b""), (b"", b"}"), (b"", b"{}")],
    ids=["a warning of PHP", "a brace", "a second value"],
)
def test_what_the_application_wrote_around_its_json_is_its_own(
    tmp_path: Path, before: bytes, after: bytes
) -> None:
    rows = [around(success(), before, after), around(conforming("unknown-email"), before, after)]
    assert action(tmp_path, "ENV-1", *rows) == own("ENV-1", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_length_that_ends_korean_answers_early_may_count_characters(
    tmp_path: Path, language: Language
) -> None:
    text = {"/header/result_msg": contract().documented_texts["10"]}

    def cut(case: str, by: int, length: int | None = None) -> Exchange:
        whole = refusal(case, text)
        assert whole.answer is not None
        body = json.dumps(json.loads(whole.answer.body), ensure_ascii=False).encode()[:-by]
        told = str(len(body) if length is None else length)
        return with_answer(whole, body=body, headers=(("Content-Length", told),))

    early = [cut("unknown-email", 30), cut("wrong-password", 31)]
    said = action(tmp_path, "ENV-1", *early, language=language)
    assert said == word("action-short-length", language)
    # One alone, one that names another length, and one without a letter beyond ASCII say nothing.
    assert action(tmp_path / "one", "ENV-1", early[0], language=language) == own("ENV-1", language)
    for more in (cut("empty-body", 30, 7), cut("empty-body", 130)):
        other = tmp_path / str(more.answer and more.answer.came)
        assert action(other, "ENV-1", *early, more, language=language) == own("ENV-1", language)
