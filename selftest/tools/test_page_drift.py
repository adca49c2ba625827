"""`derive --check`: what is a fact is noticed with its line, and what is none is not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.contract.facts import Facts
from esignon_conformance.contract.facts_record import as_data, from_data
from esignon_conformance.tools.apidoc.contract_files import read_facts
from esignon_conformance.tools.apidoc.drift import Change, compare
from esignon_conformance.tools.apidoc.impact import touched
from esignon_conformance.tools.apidoc.page_reader import read_page
from selftest.support.changed_pages import FACTS, HARMLESS, PAGE, PAGES, line_of, without_line
from selftest.support.exchanges import contract

RECORDED = read_facts(resources.contracts() / "login" / "facts.yaml", resources.data_root())
# Where the real page lies on this machine, for those who have it: the project holds no prose of it.
REAL = os.environ.get("API_PAGE", "")


def recorded(page: str = PAGE) -> Facts:
    """Return the facts of a page as they are recorded: without prose, and read again."""
    data = as_data(read_page(page.encode()), prose=False)
    return from_data(json.loads(json.dumps(data)))


KNOWN = recorded()


def changes(page: str, known: Facts = KNOWN) -> list[Change]:
    """Return what a page differs in from what is known."""
    return compare(known, read_page(page.encode()))


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_that_changed_is_told_with_its_line_and_its_clause(name: str) -> None:
    page, place, kind, line, clause = FACTS[name]
    found = [one for one in changes(page) if one.is_fact]
    (change,) = [one for one in found if (one.place, one.key) == (place, f"change-{kind}")][:1]
    assert change.line == line
    assert clause in touched(change, contract()).clauses
    assert all(touched(one, contract()).clauses for one in found)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_fact_changes_nothing(name: str) -> None:
    page = HARMLESS[name]
    assert page != PAGE
    assert [one for one in changes(page) if one.is_fact] == []


def test_there_are_as_many_mutations_as_were_asked_for() -> None:
    assert len(FACTS) >= 25
    assert len(HARMLESS) >= 15


@pytest.mark.parametrize("language", ["ko", "en", "ja"])
def test_every_edition_has_the_recorded_facts_of_the_login(language: str) -> None:
    page = (PAGES / f"login.{language}.md").read_text(encoding="utf-8")
    assert [one for one in changes(page, RECORDED) if one.is_fact] == []


def test_texts_in_another_language_are_information() -> None:
    page = (PAGES / "login.en.md").read_text(encoding="utf-8")
    told = {one.place for one in changes(page, RECORDED) if one.key == "change-text"}
    assert told == {"code 00", "code 10", "code 12", "code 95", "code 99"}


def test_a_binding_lost_between_two_examples_is_a_fact_in_any_language() -> None:
    page = (PAGES / "login.en.md").read_text(encoding="utf-8")
    at = page.index("{mail address}")
    page = page[:at] + "{somebody}" + page[at + len("{mail address}") :]
    (change,) = [one for one in changes(page, RECORDED) if one.is_fact]
    assert (change.key, change.place) == ("change-unbound", "response 200 /body/memb_email")
    assert "{somebody}" in page.splitlines()[change.line - 1]


def test_a_binding_lost_to_the_words_of_a_description_is_information() -> None:
    lost = changes(HARMLESS["descriptions in English"])
    assert {one.place for one in lost if one.key == "change-unbound"} == {
        "response 200 /body/comp_id",
        "response /body/comp_id",
    }


def test_what_is_gone_says_where_it_was() -> None:
    (change,) = changes(without_line("body.memb\\_pwd"))[:1]
    assert change.was == line_of("body.memb\\_pwd")


def test_the_second_of_two_equal_examples_may_go() -> None:
    start = PAGE.index("## Response Body Example")
    page = PAGE[:start] + PAGE[PAGE.index("## Response Body  header") :]
    (change,) = [one for one in changes(page) if one.key == "change-example-removed"]
    assert not change.is_fact


def test_a_member_of_the_request_touches_the_cases_that_vary_it() -> None:
    page, place, *_ = FACTS["a member retyped"]
    (change,) = [one for one in changes(page) if one.place == place]
    cases = touched(change, contract()).cases
    assert {"missing-memb-pwd", "wrong-type-memb-pwd-array", "wrong-password"} <= set(cases)
    assert "unknown-company" not in cases


@pytest.mark.skipif(not REAL, reason="API_PAGE names no file with the real page")
def test_the_real_page_has_the_recorded_facts() -> None:
    facts = read_page(Path(REAL).read_bytes())
    assert compare(RECORDED, facts) == []
    assert facts.sha256 == RECORDED.sha256
