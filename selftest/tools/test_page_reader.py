"""A page read into facts: two syntaxes, three languages, examples that are nearly JSON, damage."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import pytest

from esignon_conformance.contract.bindings import Equality, equalities
from esignon_conformance.contract.facts import Facts, Parameter
from esignon_conformance.contract.facts_record import as_data
from esignon_conformance.i18n.catalogue import render
from esignon_conformance.i18n.language import LANGUAGES
from esignon_conformance.tools.apidoc.doubts import refuse_damaged
from esignon_conformance.tools.apidoc.example_reading import ExampleError
from esignon_conformance.tools.apidoc.example_text import read_example
from esignon_conformance.tools.apidoc.page_reader import read_page
from esignon_conformance.tools.apidoc.text import LARGEST, MOST_LINES, PageError

PAGES = Path(__file__).parents[1] / "pages"
KOREAN = (PAGES / "login.ko.md").read_text(encoding="utf-8")
BLOCKS = (PAGES / "login.en.md").read_text(encoding="utf-8")
EDITIONS = ("ko", "en", "ja")
LIMIT = 2.0


def read(text: str) -> Facts:
    """Return the facts of a page's text."""
    return read_page(text.encode())


def edition(language: str) -> Facts:
    """Return the facts of one of the three editions of the made-up page."""
    return read_page((PAGES / f"login.{language}.md").read_bytes())


def compared(data: bytes) -> Facts:
    """Return the facts of a page as they are compared with those of the whole one: it has no damage."""
    facts = read_page(data)
    refuse_damaged(facts, edition("ko"))
    return facts


def refusal(data: bytes) -> PageError:
    """Return the error with which a page is refused, in time and with a message in both languages."""
    began = time.process_time()
    with pytest.raises(PageError) as refused:
        compared(data)
    assert time.process_time() - began < LIMIT
    for language in LANGUAGES:
        assert render(refused.value.message, language)
    return refused.value


# ---- what is read --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", EDITIONS)
def test_every_edition_and_syntax_gives_the_same_operation(language: str) -> None:
    facts = edition(language)
    assert facts.language == language
    assert (facts.method, facts.url) == ("POST", "https://docs.esignon.net/api/{companyId}/login")
    assert [(one.place, one.type) for one in facts.parameters] == [
        ("path companyId", "string"),
        ("header Content-Type", "string"),
        ("request /header", "object"),
        ("request /header/request_code", "string"),
        ("request /body", "object"),
        ("request /body/memb_email", "string"),
        ("request /body/memb_pwd", "string"),
    ]
    assert [one.name for one in facts.examples] == ["response 200", "request", "response"]
    kinds = [(one.code, one.kind) for one in facts.codes]
    assert kinds == [("00", "success"), *((code, "failure") for code in ("10", "12", "95", "99"))]


@pytest.mark.parametrize("language", EDITIONS)
def test_placeholders_bind_the_same_places_in_every_edition(language: str) -> None:
    assert equalities(edition(language)) == (
        Equality("/body/comp_id", "path companyId"),
        Equality("/body/memb_email", "request /body/memb_email"),
    )


@pytest.mark.parametrize(("language", "required"), [("ko", None), ("en", True)])
def test_required_is_what_the_page_says(language: str, required: bool | None) -> None:
    assert {one.required for one in edition(language).parameters} == {required}


def test_a_star_and_a_column_say_that_a_parameter_is_required() -> None:
    facts = edition("ja")
    assert facts.parameters[0] == Parameter("path", "companyId", "string", 13, "顧客コード", True)
    assert [one.required for one in facts.of("body")] == [True] * 5


@pytest.mark.parametrize(
    ("word", "required"),
    [
        *(("필수", True), ("Y", True), ("O", True), ("true", True), ("必須", True)),
        *(("선택", False), ("N", False), ("X", False), ("Optional", False), ("任意", False)),
        ("", None),
    ],
)
def test_a_column_says_whether_a_parameter_is_required(word: str, required: bool | None) -> None:
    head = "| Name      | Type   | Description |\n| --------- | ------ | ----------- |\n"
    old = f"{head}| companyId | string |"
    new = "| Name | Type | 필수 | Description |\n| - | - | - | - |\n| companyId | string |"
    assert old in KOREAN
    assert read(KOREAN.replace(old, f"{new} {word} |")).parameters[0].required is required


def test_every_fact_has_the_line_on_which_it_stands() -> None:
    lines = KOREAN.splitlines()
    facts = edition("ko")
    assert "`POST`" in lines[facts.line - 1]
    for parameter in facts.parameters:
        assert parameter.name.replace("_", "\\_") in lines[parameter.line - 1]
    for code in facts.codes:
        assert lines[code.line - 1].startswith(f"| {code.code} ")
    for example in facts.examples:
        for pointer, line in example.lines.items():
            assert f'"{pointer.rpartition("/")[2]}"' in lines[line - 1]
    assert "200" in lines[facts.examples[0].status_line - 1]


def test_entities_and_escapes_are_undone() -> None:
    described = {one.name: one.description for one in edition("en").parameters}
    assert described["body"] == 'two members, "mail" & secret'
    assert "header.request_code" in described


def test_a_hint_and_what_follows_the_rule_are_no_facts() -> None:
    printed = str(as_data(edition("ko"), prose=True))
    for text in ("old.invalid", "ask.invalid", "'77'"):
        assert text in KOREAN or text == "'77'"
        assert text not in printed


def test_a_rule_before_the_operation_ends_nothing() -> None:
    assert edition("en").method == "POST"
    assert BLOCKS.startswith("---\n")


def test_a_list_and_a_quotation_hold_no_facts() -> None:
    other = "- `PUT` `https://old.invalid/x`\n\n> `PUT` `https://old.invalid/y`\n\n"
    assert read(other + KOREAN).url == edition("ko").url


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1,}', {"a": 1}),
        ("{'a': 1, b: 2}", {"a": 1, "b": 2}),
        ('{"a": 1 // one\n, /* two\n lines */ "b": "//no"}', {"a": 1, "b": "//no"}),
        ('{"a": [1, …], "b": …, ...}', {"a": [1], "b": None}),
        ('{"a": [..., 2], "b": "…"}', {"a": [2], "b": "…"}),
        ("{&quot;a&quot;: 1}", {"a": 1}),
        ('{\t"a":\t1}', {"a": 1}),
    ],
)
def test_an_example_that_is_nearly_json_is_read(text: str, value: object) -> None:
    assert read_example(text).value == value


def test_comments_do_not_move_the_lines() -> None:
    read = read_example('{ // x\n/* y\n */ "a": [\n1,\n2], // "c": 3\n "b": {"c":\n0}}')
    assert read.lines == {"": 0, "/a": 2, "/a/0": 3, "/a/1": 4, "/b": 5, "/b/c": 5}


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', "curl -X POST", '"a"', "[" * 500])
def test_what_is_no_json_is_no_example(text: str) -> None:
    with pytest.raises(ExampleError):
        read_example(text)


# ---- what is no such page --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", EDITIONS)
def test_a_page_cut_anywhere_is_refused_or_has_fewer_codes(language: str) -> None:
    data = (PAGES / f"login.{language}.md").read_bytes()
    end = data.index(b"| 99 ")
    last = data.find(b"\n---\n", end)
    whole = len(edition(language).codes)
    offsets = {*range(0, end, 61), *range(data.index(b"| 00 "), last if last > 0 else len(data), 7)}
    refused = 0
    told: set[str] = set()
    for offset in sorted(offsets):
        try:
            facts = compared(data[:offset])
        except PageError as error:
            told.add(render(error.message, "ko"))
            refused += 1
            continue
        # Cut between two rows of the last table: that shows as codes that are gone.
        cut = data[:offset].rstrip()
        assert len(facts.codes) < whole or cut.endswith(b"|")
        assert offset > data.index(b"| 00 ")
    assert refused > len(offsets) * 2 // 3
    assert len(told) > 3


def table(first_row: str) -> str:
    """Return the text of a table of the Korean page, from its head to its first row."""
    at = KOREAN.index(first_row)
    return KOREAN[KOREAN.rindex("\n\n", 0, at) + 2 : KOREAN.index("\n", at) + 1]


@pytest.mark.parametrize(
    ("old", "new", "key", "begins"),
    [
        ("`POST`", "`SEND`", "page-no-operation", ""),
        ("`https://docs", "`docs", "page-no-operation", ""),
        (table("| companyId"), "", "page-section-empty", "#### Path Parameters"),
        (table("| Content-Type"), "", "page-section-empty", "#### Headers"),
        ("```javascript\n{", "```javascript\n(( {", "page-example-broken", "(("),
        ("#### Headers", "`PUT` `/api/x`\n\n#### Headers", "page-second-operation", "`PUT`"),
        ("| 10   | 실패 ", "|      | 실패 ", "page-row-cut", "|      |"),
        ("| header.request\\_code |", "| |", "page-row-cut", "| |"),
    ],
)
def test_a_damaged_page_is_told_with_its_line(old: str, new: str, key: str, begins: str) -> None:
    damaged = KOREAN.replace(old, new, 1)
    assert damaged != KOREAN
    found = refusal(damaged.encode())
    assert found.message.key == key
    assert (found.line > 0) is bool(begins)
    assert damaged.splitlines()[found.line - 1].startswith(begins)


def test_missing_tables_are_told_by_their_heading() -> None:
    without = "\n".join(line for line in KOREAN.split("\n") if not line.startswith("|"))
    found = refusal(without.encode())
    assert found.message.key == "page-section-empty"
    assert "Path Parameters" in render(found.message, "en")


def test_a_page_without_codes_or_without_an_answer_is_none() -> None:
    codes = KOREAN.index("## Response Body  header")
    assert refusal(KOREAN[:codes].encode()).message.key == "page-no-codes"
    tabs = KOREAN.index("{% tabs %}")
    without = KOREAN[:tabs] + KOREAN[codes:]
    assert refusal(without.encode()).message.key == "page-no-response-example"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "page-empty"),
        (b" \r\n\t", "page-empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "page-no-text"),
        (KOREAN.encode("euc-kr", errors="ignore"), "page-no-text"),
        (KOREAN.encode("utf-16"), "page-no-text"),
        (b"# a\0b", "page-no-text"),
        (b"<!DOCTYPE html><html><body>login</body></html>", "page-is-html"),
        (b"\xef\xbb\xbf\n <html lang=ko>" + b"x" * LARGEST * 50, "page-too-large"),
        (b"lorem ipsum " * 450_000, "page-too-large"),
        (b"a\n" * (MOST_LINES + 2), "page-too-long"),
        (b"# Notes\n\nNothing of an API.\n", "page-no-operation"),
        (b'{"openapi": "3.1.0"}', "page-no-operation"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_page_at_all_is_told(data: bytes, key: str) -> None:
    assert refusal(data).message.key == key


HOSTILE = {
    "quotations": ">" * LARGEST,
    "brackets": "[" * LARGEST,
    "backticks": "".join("`" * (size % 400 + 1) + " " for size in range(480)),
    "stars": "*a **b " * (LARGEST // 7),
    "angles": "<a <!-- <?" * (LARGEST // 10),
    "entities": "&#x20;&a;" * (LARGEST // 9),
    "a wide table": "|" + "a|" * 9000 + "\n|" + "-|" * 9000 + "\n" + "|" + "a|" * 9000,
    "a table of many rows": "| a | b |\n| - | - |\n" * 1900,
    "nested lists": "".join(" " * depth + "- a\n" for depth in range(400)),
    "headings": "# request\n" * 3900,
    "a long heading": "# " + "request " * (LARGEST // 9),
    "open tags": "{% tab " * (LARGEST // 7),
    "a tag of attributes": "{% tab " + 'a="' * (LARGEST // 4) + " %}",
    "open JSON": "```\n" + "[" * 60_000 + "\n```",
    "quotes in JSON": "```\n" + '"\\' * 30_000 + "\n```",
    "comments in JSON": "```\n" + "/*" * 30_000 + "\n```",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_noise_is_done_with_in_time(name: str) -> None:
    codes = KOREAN.index("## Response Body  header")
    room = LARGEST - len(KOREAN.encode()) - 10
    noise = HOSTILE[name].encode()[:room].decode()
    for text in (
        noise,
        f"{KOREAN[:codes]}\n## Request Body Example\n\n{noise}\n\n{KOREAN[codes:]}",
    ):
        began = time.process_time()
        with contextlib.suppress(PageError):
            read(text)
        assert time.process_time() - began < LIMIT
