"""Pages in the styles of the whole documentation: what is certain is read, and what is not is told."""

from __future__ import annotations

import contextlib
import json
import random
import time
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import validate

from esignon_conformance.contract.facts import Facts
from esignon_conformance.contract.facts_record import as_data, from_data
from esignon_conformance.i18n.catalogue import render
from esignon_conformance.i18n.language import LANGUAGES
from esignon_conformance.runner.requests.builder import build
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.apidoc.doubts import message_of
from esignon_conformance.tools.apidoc.draft import write_draft
from esignon_conformance.tools.apidoc.example_text import read_example
from esignon_conformance.tools.apidoc.page_reader import read_page, read_pages
from esignon_conformance.tools.apidoc.text import PageError
from selftest.support.edition import EDITION
from selftest.support.exchanges import MAIN, TARGET

PAGES = Path(__file__).parents[1] / "pages"
STYLES = ("login.ko", "login.en", "login.ja", "rename", "move", "boxes", "notice")
MOST = 1.0


def page(name: str) -> Facts:
    """Return the facts of a made-up page."""
    return read_page((PAGES / f"{name}.md").read_bytes())


def text_of(name: str) -> str:
    """Return the text of a made-up page."""
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def doubts(facts: Facts) -> set[tuple[str, str]]:
    """Return the doubts of a page: the kind, and what the line holds on which each stands."""
    return {(one.kind, one.about) for one in facts.doubts}


# ---- tables of URL, type and code --------------------------------------------------------------------


def test_a_page_of_tables_is_read_in_full() -> None:
    facts = page("move")
    assert (facts.method, facts.path) == ("POST", "/depot/{CompID}/move")
    assert facts.title == "상자 옮기기"
    assert [(one.place, one.type, one.required) for one in facts.parameters] == [
        ("path CompID", "string", None),
        ("query lang", "string", None),
        ("header Content-Type", "string", True),
        ("header Authorization", "string", True),
        ("request /header/request_code", "string", True),
        ("request /header/version", "stirng", False),
        ("request /body/comp_id", "string", True),
        ("request /body/shelf_list", "data", True),
        ("request /body/shelf_list/0/shelf_id", "string", True),
        ("request /body/way", "string", True),
    ]
    assert [(one.of, one.status) for one in facts.examples] == [
        ("request", None),
        ("response", None),
        ("other", None),
    ]
    assert facts.request_example["body"]["shelf_list"] == [{"shelf_id": "{선반 번호}"}]
    answer = facts.success.value
    assert answer["body"]["box_no"] == "{상자 번호}"
    assert answer["body"]["box_list"] == [{"box_id": "{상자}", "weight": 3}]
    assert facts.success.untyped == ("/body/box_no",)
    assert [(one.code, one.kind) for one in facts.codes] == [
        *(("00", "success"), ("-1", "failure"), ("31", ""), ("31", "failure")),
    ]
    assert [one.code for one in facts.statuses] == ["200", "400"]


def test_what_is_not_certain_is_told_with_the_line_on_which_it_stands() -> None:
    facts = page("move")
    lines = text_of("move").splitlines()
    at = {(one.kind, one.about): lines[one.line - 1] for one in facts.doubts}
    stands_on = {
        ("query-called-path", "lang"): "| lang |",
        ("type-misspelt", "stirng"): "Stirng",
        ("code-differs", "7302Q"): '"7302Q"',
        ("pairs-in-array", ""): "“shelf_id”",
        ("quotes", ""): "“shelf_id”",
        ("missing-comma", ""): '"note"',
        ("shown-not-listed", "/body/note"): '"note"',
        ("code-kind", "31"): "| 31 | 실 |",
        ("code-twice", "31"): "| 31 | 실패 |",
        ("wrong-bracket", ""): "}",
        ("bare-placeholder", ""): "{//상자",
        ("stray-text", ""): "box_list 참조",
        ("part-of", "/body/box_list/0"): "{",
    }
    for doubt, text in stands_on.items():
        assert text in at[doubt], doubt
    assert {one for one in at if one not in stands_on} == {("stray-bracket", "")}


def test_every_doubt_is_told_in_both_languages() -> None:
    for name in ("move", "boxes", "notice"):
        for doubt in page(name).doubts:
            for language in LANGUAGES:
                told = render(message_of(doubt), language)
                assert told
                assert doubt.about in told


def test_facts_with_doubts_are_recorded_and_read_again_without_prose() -> None:
    facts = page("move")
    data = json.loads(json.dumps(as_data(facts, prose=False)))
    again = from_data(data)
    assert (again.doubts, again.values, again.statuses) == (
        facts.doubts,
        facts.values,
        facts.statuses,
    )
    assert again.examples == facts.examples
    assert "둘 이상" not in str(data)


# ---- api-method blocks without codes, and messages ------------------------------------------------------


def test_a_get_without_a_table_of_codes_is_read() -> None:
    facts = page("boxes")
    assert (facts.method, facts.url) == (
        "GET",
        "https://docs.esignon.net/boxes/all?page={value}&rows=50",
    )
    assert [(one.place, one.description) for one in facts.of("query")] == [
        ("query page", "몇 번째 쪽"),
        ("query rows", "50"),
    ]
    assert facts.codes == ()
    assert [one.of for one in facts.examples] == ["response", "other"]
    assert [(one.name, one.value) for one in facts.values] == [
        ("Box_list.state", "Open"),
        ("Box_list.state", "Shut"),
    ]
    assert {kind for kind, _ in doubts(facts)} == {
        *("no-codes", "query-called-path", "query-not-listed", "bare-placeholder"),
    }


def test_a_page_of_a_message_has_no_address_and_says_so() -> None:
    facts = page("notice")
    assert facts.is_webhook
    assert facts.request_example["header"]["api_name"] == "export"
    assert doubts(facts) == {("no-address", ""), ("unplaced", "notice_info")}


def test_an_introduction_is_no_page_of_an_operation() -> None:
    text = '# API\n\n* Header - Body\n\n## Ex\\) Body\n\n```jsx\n{"header": {Key : "v"}, "body": {}}\n```\n'
    with pytest.raises(PageError) as refused:
        read_page(text.encode())
    assert refused.value.message.key == "page-no-operation"


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("### POST /v1/boxes\n", ("POST", "/v1/boxes")),
        ("```http\nDELETE /v1/boxes/{id} HTTP/1.1\n```\n", ("DELETE", "/v1/boxes/{id}")),
        ("* Method : PUT\n* URL : https://a.invalid/v1\n", ("PUT", "https://a.invalid/v1")),
        ("| Method | POST |\n| - | - |\n| URL | /v1/a |\n", ("POST", "/v1/a")),
        ('{% swagger method="get" path="/v1/a" baseUrl="https://a.invalid" summary="x" %}\n', None),
        ('{% openapi src="x.yaml" path="/v1/a" method="get" %}\n', ("GET", "/v1/a")),
        ("<h2>GET /v1/a</h2>\n", ("GET", "/v1/a")),
    ],
)
def test_an_operation_is_known_however_a_page_names_it(
    text: str, operation: tuple[str, str] | None
) -> None:
    facts = read_page(f"# A page\n\n{text}\n".encode())
    assert (facts.method, facts.url) == (operation or ("GET", "https://a.invalid/v1/a"))


def test_all_operations_of_a_page_are_read() -> None:
    second = text_of("rename").replace("# Documents\n", "").replace("/name`", "/title`")
    found = read_pages((text_of("rename") + "\n" + second).encode())
    assert [one.path.rpartition("/")[2] for one in found] == ["name", "title"]
    assert [len(one.codes) for one in found] == [4, 4]
    assert [one.doubts for one in found] == [(), ()]


def test_a_tab_of_components_is_a_status() -> None:
    text = (
        '### GET /v1/a\n\n<Tabs>\n<TabItem value="200">\n\n```json\n{"a": 1}\n```\n\n</TabItem>\n'
    )
    facts = read_page(text.encode())
    assert facts.examples[0].name == "response 200"
    assert not facts.has_envelope


# ---- examples that are hardly JSON -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "mends"),
    [
        ('{"a": {b c}, "d": 1}', {"a": "{b c}", "d": 1}, {"bare-placeholder"}),
        ('{"a": ${token}}', {"a": "{token}"}, {"bare-placeholder"}),
        ('{"a": <token>}', {"a": "{token}"}, {"bare-placeholder"}),
        ('{"a": {"b": 1}\n"c": 2}', {"a": {"b": 1}, "c": 2}, {"missing-comma"}),
        ('{"a": "b" (c), "d": 1}', {"a": "b", "d": 1}, {"remark"}),
        ('{“a”:”b”, "c":"d”\n}', {"a": "b", "c": "d"}, {"quotes"}),
        ('{"a": ["b": 1, "c": 2]}', {"a": [{"b": 1, "c": 2}]}, {"pairs-in-array"}),
        ('{"a": "b}', {"a": "b"}, {"string-open"}),
        ('{"a" = "b"}', {"a": "b"}, {"punctuation"}),
        ('{"a": [1, 2}', {"a": [1, 2]}, {"unclosed"}),
        ('{"a": string, "b": 2}', {"a": "{string}", "b": 2}, {"bare-text"}),
        ('{"a": , "b": 2}', {"a": None, "b": 2}, {"no-value"}),
        ('{"a": 1, "a": 2}', {"a": 2}, {"name-twice"}),
        ('{"a": 1}\n{"b": 2}', {"a": 1}, {"second-value"}),
        ('"a": 1, "b": 2', {"a": 1, "b": 2}, {"wrong-bracket"}),
        ('HTTP/1.1 200 OK\nContent-Type: application/json\n\n{"a": 1}', {"a": 1}, set()),
        ('{"a": 1.5, "b": 0123}', {"a": 1.5, "b": "{0123}"}, {"bare-text"}),
    ],
)
def test_what_is_hardly_json_is_mended_and_told(text: str, value: object, mends: set[str]) -> None:
    read = read_example(text)
    found = {one.kind for one in read.mends}
    assert read.value == value
    assert found == mends


# ---- drafts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", STYLES)
def test_every_style_gives_a_draft_that_loads(name: str, tmp_path: Path) -> None:
    facts = page(name)
    operation = write_draft(facts, tmp_path)
    contract = load(tmp_path, operation)
    openapi = tmp_path / "contracts" / "openapi.yaml"
    validate(yaml.safe_load(openapi.read_text(encoding="utf-8")), base_uri=openapi.as_uri())
    request = build(contract.cases["right-request"], contract, TARGET, lambda _secret, _name: None)
    assert request.method == facts.method
    if name == "move":
        assert request.target == f"/depot/{MAIN.company}/move?lang=made-up-lang"
        # The page has the media type in quotation marks, which are no part of it.
        assert dict(request.headers)["Content-Type"] == "application/json"
        sent = json.loads(request.body)
        assert sent["body"]["comp_id"] == MAIN.company
        assert sent["body"]["way"] == "UP"
        assert contract.codes.refused == {"-1", "31"}
        assert contract.operation.token is not None
        assert contract.operation.token.prefix == "esignon "
    if name == "boxes":
        assert contract.codes.outcomes == "open"
        assert contract.codes.documented("77") == "77"
        assert request.target == "/boxes/all?page=made-up-page&rows=50"
        schema = contract.schemas[f"{operation}/success.json"]
        assert "type" not in schema["properties"]["body"]["properties"]["total"]
    if name == "notice":
        assert contract.codes.outcomes == "status"
        assert request.target == "/webhook"


# ---- robust ------------------------------------------------------------------------------------------


def cuts(name: str) -> list[str]:
    """Return a page cut at each tenth line, and where chance says."""
    text = text_of(name)
    lines = text.splitlines(keepends=True)
    at_lines = ["".join(lines[:number]) for number in range(0, len(lines), 10)]
    chance = random.Random(name)  # noqa: S311 - no secret
    return at_lines + [text[: chance.randrange(len(text))] for _ in range(40)]


@pytest.mark.parametrize("name", STYLES)
def test_a_page_that_is_cut_is_read_in_time_or_refused(name: str) -> None:
    for text in cuts(name):
        began = time.process_time()
        with contextlib.suppress(PageError):
            assert all(one.method for one in read_pages(text.encode()))
        assert time.process_time() - began < MOST


# ---- the edition, where it lies beside the project ---------------------------------------------------


def test_every_page_of_the_edition_gives_a_draft(tmp_path: Path) -> None:
    if not EDITION.is_dir():
        pytest.skip(f"NOT TESTED on the vendor's edition: {EDITION.name} is not beside the project")
    drafted, others = [], []
    for path in sorted(EDITION.rglob("*.md")):
        try:
            facts = read_page(path.read_bytes())
        except PageError as error:
            others.append((path.name, error.message.key))
            continue
        drafted.append(facts)
    assert len(drafted) == 23
    names = ["README.md"] * 4 + ["SUMMARY.md"]
    assert sorted(others) == [(name, "page-no-operation") for name in names]
    has_both = [one for one in drafted if one.has_envelope and (one.request or one.method == "GET")]
    assert len(has_both) >= 21
