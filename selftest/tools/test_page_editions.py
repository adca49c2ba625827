"""One operation in the styles of other systems of documentation: the same facts in each of them."""

from __future__ import annotations

import contextlib
import json
import random
import time
from pathlib import Path

import pytest

from esignon_conformance.contract.facts import Facts
from esignon_conformance.contract.loading import Seen
from esignon_conformance.contract.yaml_document import read
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.apidoc.draft import write_draft, write_drafts
from esignon_conformance.tools.apidoc.page_reader import read_page, read_pages
from esignon_conformance.tools.apidoc.site import read_site
from esignon_conformance.tools.apidoc.text import LARGEST_HTML, PageError
from selftest.support.page_styles import (
    ANSWER,
    PLACES,
    REQUEST,
    STYLES,
    URL,
    magic,
    markdown,
    web_page,
)

MOST = 1.0
NAMED = f"# Pack\n\n`POST` `{URL}`\n\n"


def facts_of(text: str) -> Facts:
    """Return the facts of a page of one operation."""
    return read_page(text.encode())


def doubts(facts: Facts) -> list[str]:
    """Return the kinds of doubts of a page."""
    return [one.kind for one in facts.doubts]


@pytest.mark.parametrize("style", STYLES)
def test_each_style_gives_the_same_facts(style: str) -> None:
    facts = facts_of(STYLES[style]())
    assert (facts.method, facts.url, facts.title) == ("POST", URL, "Pack a box")
    found = {one.place: (one.type, one.required) for one in facts.parameters}
    # A schema has the objects between, too, and says of no part of the body that it may be left out.
    between = ("request /header", "request /body")
    assert {place: found[place] for place in found if place not in between} == PLACES
    assert [(one.of, one.value) for one in facts.examples] in (
        [("request", json.loads(REQUEST)), ("response", json.loads(ANSWER))],
        [("response", json.loads(ANSWER)), ("request", json.loads(REQUEST))],
    )
    assert [one.code for one in facts.codes] == ["00", "31"]


@pytest.mark.parametrize("style", ["readme-blocks", "saved-by-a-browser", "openapi"])
def test_a_draft_of_another_style_loads(style: str, tmp_path: Path) -> None:
    operation = write_draft(facts_of(STYLES[style]()), tmp_path)
    contract = load(tmp_path, operation)
    assert contract.codes.refused == {"31"}
    assert contract.operation.token is not None


def test_what_is_noted_of_a_draft_s_files_is_what_they_say(tmp_path: Path) -> None:
    # A draft is checked by what was written, and each file is read again by whoever runs it.
    odd = (
        "yes",
        "2021-01-01",
        "1e3",
        "0o7",
        "~",
        "a: b # c",
        " x",
        "\u0085",
        "\t",
        "\u2028",
        "%",
        "",
    )
    told = {f"m{at}": text for at, text in enumerate(odd)}
    request = {"header": {"request_code": "7302Q"}, "body": told}
    text = markdown().replace(REQUEST, json.dumps(request, indent=2))
    known: dict[str, object] = {}
    facts = facts_of(text)
    assert facts.request_example == request
    write_drafts({"pack": facts}, tmp_path, Seen(values=known))
    files = [path for path in tmp_path.rglob("*.yaml") if path.name != "overlay.yaml"]
    assert len(files) > 3
    for path in files:
        assert known[path.read_text(encoding="utf-8")] == read(path, tmp_path).value, path.name


@pytest.mark.parametrize("style", STYLES)
def test_each_style_is_read_in_time_wherever_it_is_cut(style: str) -> None:
    text = STYLES[style]()
    chance = random.Random(style)  # noqa: S311 - no secret
    for _ in range(30):
        began = time.process_time()
        with contextlib.suppress(PageError):
            read_pages(text[: chance.randrange(len(text))].encode())
        assert time.process_time() - began < MOST


@pytest.mark.parametrize("unit", ["<", "<nav>", "<p>a", "<tr><td rowspan=9>x", "<!--", "&#"])
def test_hostile_html_is_done_with_in_time(unit: str) -> None:
    text = f"<html><body><table><tr><td>{unit * (LARGEST_HTML // len(unit))}"
    began = time.process_time()
    with pytest.raises(PageError):
        read_pages(text.encode()[: LARGEST_HTML - 1])
    assert time.process_time() - began < MOST


# ---- what each system has of its own -----------------------------------------------------------------


def test_a_damaged_block_of_readme_is_told() -> None:
    facts = facts_of(magic().replace('"cols": 4', '"cols": ', 1))
    assert "block-cut" in doubts(facts)


def test_merged_cells_stand_in_each_row_and_a_full_row_is_a_title() -> None:
    rows = (
        "<tr><th>Name</th><th>Type</th><th>Required</th></tr>"
        "<tr><td colspan=3>Body - Header Parameter</td></tr>"
        "<tr><td>request_code</td><td rowspan=2>String</td><td rowspan='2'>Required</td></tr>"
        "<tr><td>version</td></tr>"
        "<tr><td colspan=3>Body - Body Parameter</td></tr>"
        "<tr><td>comp_id</td><td>String</td><td>Optional</td></tr>"
    )
    facts = facts_of(f"{NAMED}<table>{rows}</table>\n")
    assert [(one.place, one.type, one.required) for one in facts.parameters] == [
        ("request /header/request_code", "string", True),
        ("request /header/version", "string", True),
        ("request /body/comp_id", "string", False),
    ]


def test_cells_of_html_without_end_tags_are_told_apart() -> None:
    page = web_page().replace("</td>", "").replace("</tr>", "").replace("</p>", "")
    assert {one.place for one in facts_of(page).parameters} == set(PLACES)


def test_navigation_and_footer_of_a_page_hold_no_operation() -> None:
    shell = "<html><body><nav><p>POST /a</p></nav><p>Loading</p><footer>GET /b</footer></body>"
    with pytest.raises(PageError) as refused:
        read_pages(shell.encode())
    assert refused.value.message.key == "page-is-html"


def test_a_command_of_curl_names_the_operation_where_nothing_else_does() -> None:
    command = (
        f"curl -X POST '{URL}' \\\n  -H 'Authorization: esignon {{token}}' \\\n  -d '{REQUEST}'"
    )
    told = f"# Pack\n\n```bash\n{command}\n```\n\nResponse\n\n```json\n{ANSWER}\n```\n"
    facts = facts_of(told)
    assert (facts.method, facts.url, facts.title) == ("POST", URL, "Pack")
    assert facts.request_example == json.loads(REQUEST)
    assert "header Authorization" in {one.place for one in facts.parameters}
    assert "from-curl" in doubts(facts)
    # Where the page names its operation, the command is no second one, and its body an example.
    assert facts_of(NAMED + told).request_example == json.loads(REQUEST)
    assert "from-curl" not in doubts(facts_of(NAMED + told))


def test_the_text_of_an_http_request_is_an_example() -> None:
    sent = f"POST /depot/{{CompID}}/pack HTTP/1.1\nHost: docs.esignon.net\n\n{REQUEST}"
    facts = facts_of(f"# Pack\n\n```http\n{sent}\n```\n\nResponse\n\n```json\n{ANSWER}\n```\n")
    assert facts.path == "/depot/{CompID}/pack"
    assert facts.request_example == json.loads(REQUEST)


def test_the_title_behind_a_fence_says_what_an_example_is_of() -> None:
    told = (
        f"{NAMED}```json Request\n{REQUEST}\n```\n```json 200 OK\n{ANSWER}\n```\n"
        f'```json title="400 Bad Request"\n{ANSWER.replace("00", "31")}\n```\n'
    )
    assert [(one.of, one.status) for one in facts_of(told).examples] == [
        ("request", None),
        ("response", 200),
        ("response", 400),
    ]


def test_an_operation_that_is_named_last_has_what_stands_above() -> None:
    head, _, rest = markdown().partition("\n\n`POST`")
    line, _, body = rest.partition("\n\n")
    facts = facts_of(f"{head}\n\n{body}\n\n`POST`{line}\n")
    assert {one.place for one in facts.parameters} == set(PLACES)
    assert facts.has_response


@pytest.mark.parametrize("head", ["Name | Method | URL", "Nimi | Tapa | Osoite"])
def test_a_list_of_operations_is_a_page_of_none(head: str) -> None:
    rows = f"| Pack | POST | {URL} |\n| Unpack | DELETE | {URL} |\n"
    with pytest.raises(PageError) as refused:
        read_pages(f"# All\n\n| {head} |\n| --- | --- | --- |\n{rows}".encode())
    assert refused.value.message.key == "page-no-operation"


def test_a_success_without_an_envelope_is_one_beside_failures_that_have_it() -> None:
    told = (
        f'{NAMED}```json 200 OK\n{{"id": 1}}\n```\n'
        '```json 401\n{"header": {"result_code": "401", "result_msg": "no"}}\n```\n'
    )
    facts = facts_of(told)
    assert facts.success.value == {"id": 1}
    assert facts.refusal_statuses == (401,)
    # Failures alone are no answer that could be a success.
    only = facts_of(NAMED + '```json 401\n{"header": {"result_code": "401"}}\n```\n')
    assert not only.has_response


def test_a_table_that_nothing_is_known_of_is_told() -> None:
    facts = facts_of(f"{NAMED}| Colour | Depth |\n| --- | --- |\n| red | 4 |\n")
    assert [(one.kind, one.about) for one in facts.doubts if one.kind == "table-unread"] == [
        ("table-unread", "Colour | Depth")
    ]


@pytest.mark.parametrize("head", ["Header | Value | Required", "Otsake | Arvo | Required"])
def test_headers_are_known_by_their_names(head: str) -> None:
    row = "| Authorization | esignon {token} | ○ |\n| Content-Type | application/json | × |"
    facts = facts_of(f"{NAMED}| {head} |\n| --- | --- | --- |\n{row}\n")
    assert [(one.place, one.required) for one in facts.parameters] == [
        ("header Authorization", True),
        ("header Content-Type", False),
    ]


def test_a_list_with_lists_in_it_names_members_of_members() -> None:
    told = (
        "## Request Body\n\n* `body` (object, required)\n  * `box` (object)\n    * `no` (integer)\n"
    )
    assert [one.name for one in facts_of(NAMED + told).parameters] == [
        "body",
        "body.box",
        "body.box.no",
    ]


@pytest.mark.parametrize(
    "told",
    [
        "* url address of the page\n* name that one gives\n",
        "* 10: o'clock\n* read the mail\n* go home\n",
    ],
)
def test_a_list_of_anything_else_is_no_table(told: str) -> None:
    facts = facts_of(f"{NAMED}## Headers\n\n{told}")
    assert not facts.parameters
    assert not facts.codes


def test_titles_are_underlined_and_examples_set_in_by_blanks() -> None:
    told = f'Pack a box\n==========\n\nPOST {URL}\n\nResponse example\n----\n\n    {{"id": 1}}\n'
    facts = facts_of(told)
    assert facts.title == "Pack a box"
    assert facts.success.value == {"id": 1}


def test_pages_of_html_and_of_codes_alone_are_rows_of_a_site(tmp_path: Path) -> None:
    (tmp_path / "pack.html").write_text(web_page(), encoding="utf-8")
    (tmp_path / "twice.html").write_text(web_page(), encoding="utf-8")
    (tmp_path / "twice.md").write_text(markdown(), encoding="utf-8")
    codes = "# Codes\n\n| Code | Message |\n| --- | --- |\n| 00 | Good |\n| 31 | Bad |\n"
    (tmp_path / "codes.md").write_text(codes, encoding="utf-8")
    pages = {one.name: one for one in read_site(str(tmp_path))}
    assert list(pages) == ["codes.md", "pack.html", "twice.md"]
    told = pages["codes.md"].refused
    assert told is not None
    assert (told.key, pages["codes.md"].is_damaged) == ("page-only-codes", False)
    assert pages["pack.html"].operations[0].url == URL
