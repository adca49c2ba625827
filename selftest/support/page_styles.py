"""One made-up operation as pages of other systems of documentation would print it."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence

Rows = Sequence[Sequence[str]]

URL = "https://docs.esignon.net/depot/{CompID}/pack"
HEAD = ("Parameter Name", "Type", "Required", "Description")
PATH = (("CompID", "String", "Required", "who owns it"),)
HEADERS = (
    ("Content-Type", "String", "Required", "application/json"),
    ("Authorization", "String", "Required", "esignon {token}"),
)
HEADER_PART = (("request_code", "String", "Required", "7302Q"),)
BODY_PART = (
    ("comp_id", "String", "Required", "who owns it"),
    ("box_list", "Array", "Optional", "the boxes"),
    ("box_list.box_no", "Integer", "Required", "its number"),
)
CODES = (("00", "Success", "Packed"), ("31", "Failure", "No such box"))
REQUEST = json.dumps(
    {
        "header": {"request_code": "7302Q"},
        "body": {"comp_id": "{CompID}", "box_list": [{"box_no": 7}]},
    },
    indent=2,
)
ANSWER = json.dumps(
    {
        "header": {
            "response_code": "7302A",
            "result_code": "00",
            "result_msg": "Packed",
            "session_id": "",
        },
        "body": {"comp_id": "{CompID}", "weight": 12.5},
    },
    indent=2,
)
PLACES = {
    "path CompID": ("string", True),
    "header Content-Type": ("string", True),
    "header Authorization": ("string", True),
    "request /header/request_code": ("string", True),
    "request /body/comp_id": ("string", True),
    "request /body/box_list": ("array", False),
    "request /body/box_list/0/box_no": ("integer", True),
}


def markdown_table(head: Sequence[str], rows: Rows) -> str:
    """Return a table of Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def markdown_code(text: str) -> str:
    """Return fenced code."""
    return f"```json\n{text}\n```"


def page(
    heading: Callable[[str], str],
    table: Callable[[Sequence[str], Rows], str],
    code: Callable[[str], str],
    operation: str,
) -> str:
    """Return the page of the operation, each kind of its parts written as a system does."""
    return "\n\n".join(
        (
            heading("Pack a box"),
            operation,
            heading("Path Parameters"),
            table(HEAD, PATH),
            heading("Headers"),
            table(HEAD, HEADERS),
            heading("Body - Header Parameter"),
            table(HEAD, HEADER_PART),
            heading("Body - Body Parameter"),
            table(HEAD, BODY_PART),
            heading("Request Body Example"),
            code(REQUEST),
            heading("Result_msg"),
            table(("Code", "Result", "Message"), CODES),
            heading("Response Body Example"),
            code(ANSWER),
        )
    )


def markdown() -> str:
    """Return the page as Markdown."""
    return page(lambda text: f"## {text}", markdown_table, markdown_code, f"`POST` `{URL}`")


def magic_block(kind: str, held: object) -> str:
    """Return a block of ReadMe."""
    return f"[block:{kind}]\n{json.dumps(held, indent=2)}\n[/block]"


def magic() -> str:
    """Return the page in the blocks of ReadMe."""

    def table(head: Sequence[str], rows: Rows) -> str:
        data = {f"h-{at}": f"**{text}**" for at, text in enumerate(head)}
        data |= {
            f"{row}-{at}": text.replace("_", "\\_")
            for row, cells in enumerate(rows)
            for at, text in enumerate(cells)
        }
        return magic_block("parameters", {"data": data, "cols": len(head), "rows": len(rows)})

    def code(text: str) -> str:
        return magic_block("code", {"codes": [{"code": text, "language": "json"}]})

    note = magic_block("callout", {"type": "info", "title": "Headers", "body": "| a | b |"})
    named = magic_block("code", {"codes": [{"code": f"POST {URL}", "language": "http"}]})
    return page(
        lambda text: magic_block("api-header", {"title": text}), table, code, f"{note}\n{named}"
    )


def _cell(text: str) -> str:
    return f"<td><p><strong>{html.escape(text)}</strong></p></td>"


def html_table(head: Sequence[str], rows: Rows) -> str:
    """Return a table of HTML."""
    lines = [head, *rows]
    return "<div><table><tbody>{}</tbody></table></div>".format(
        "".join(f"<tr>{''.join(map(_cell, line))}</tr>" for line in lines)
    )


def web_page() -> str:
    """Return the page as a browser saves it: the article among navigation, scripts and a footer."""
    article = page(
        lambda text: f"<h2 id='x'><a href='#x'></a><span>{text}</span></h2>",
        html_table,
        lambda text: f'<pre><code class="language-json">{html.escape(text)}</code></pre>',
        f"<div><span>POST</span><span>https://docs.esignon.net</span><span>{URL[24:]}</span></div>",
    )
    menu = "<nav><ul><li><a>POST /depot/other</a></li></ul><h2>Headers</h2></nav>"
    script = "<script>if (a < b) { document.write('<table><tr>') }</script>"
    return (
        f"<!DOCTYPE html><html><head><title>x</title>{script}</head><body><p>GET /menu</p>{menu}"
        f"<main><article>{article}</article></main><footer>{html_table(HEAD, PATH)}</footer></body>"
    )


def mdx() -> str:
    """Return the page as ReadMe writes MDX."""

    def table(head: Sequence[str], rows: Rows) -> str:
        def line(cells: Sequence[str], kind: str) -> str:
            escaped = (one.replace("_", "\\_") for one in cells)
            inner = "\n\n".join(
                f'      <{kind} style={{{{ textAlign: "left" }}}}>\n        {one}\n      </{kind}>'
                for one in escaped
            )
            return f"    <tr>\n{inner}\n    </tr>"

        body = "\n\n".join(line(row, "td") for row in rows)
        return (
            f'<Table align={{["left"]}}>\n  <thead>\n{line(head, "th")}\n  </thead>\n\n'
            f"  <tbody>\n{body}\n  </tbody>\n</Table>"
        )

    note = '<Callout icon="x" theme="info">\n  ### Response Body Example\n\n  {"a": 1}\n</Callout>'
    front = "---\ntitle: Pack a box\nhidden: false\n---\n\n"
    text = page(lambda text: f"## {text}", table, markdown_code, f"`POST` `{URL}`\n\n{note}")
    return front + text.removeprefix("## Pack a box\n\n")


def lists() -> str:
    """Return the page with lists for tables."""

    def table(head: Sequence[str], rows: Rows) -> str:
        if len(head) == 3:
            return "\n".join(f"* `{code}`: {text}" for code, _, text in rows)
        return "\n".join(
            f"* `{name}` ({kind}, {need.lower()}): {text}" for name, kind, need, text in rows
        )

    return page(lambda text: f"## {text}", table, markdown_code, f"`POST` `{URL}`")


def japanese() -> str:
    """Return the page with the headings and columns of Japanese, full-width signs and blanks."""
    words = {
        "Path Parameters": "パスパラメーター",
        "Headers": "ヘッダー",
        "Body - Header Parameter": "ボディ － ヘッダー パラメータ",
        "Body - Body Parameter": "ボディ － ボディ パラメータ",
        "Request Body Example": "リクエスト Body 例）",
        "Response Body Example": "レスポンス Body 例）",
        "Result_msg": "結果メッセージ",
        "Parameter Name": "パラメータ名",
        "Type": "データ型",
        "Required": "必須",
        "Optional": "任意",
        "Description": "説明",
        "Success": "成功",
        "Failure": "失敗",
    }

    def table(head: Sequence[str], rows: Rows) -> str:
        return markdown_table(
            [words.get(one, one) for one in head],
            [[f"\u00a0{words.get(one, one)}" for one in row] for row in rows],
        )

    return page(
        lambda text: f"##\u00a0 {words.get(text, text)}".replace("##\u00a0", "## \u00a0"),
        table,
        markdown_code,
        f"`POST` `{URL}`",
    )


def unknown_words() -> str:
    """Return the page with headings that no reader knows: cells and examples say what they are."""
    words = {
        "Parameter Name": "Nimi",
        "Type": "Laji",
        "Required": "Pakko",
        "Description": "Kuvaus",
        "Code": "Tulos",
        "Result": "Kuinka",
        "Message": "Teksti",
    }
    return page(
        lambda text: f"## {'Pack a box' if text == 'Pack a box' else 'Osa'}",
        lambda head, rows: markdown_table([words[one] for one in head], rows),
        markdown_code,
        markdown_table(("Osoite", "Tapa", "Tunnus"), [(URL, "POST", "7302Q")]),
    )


def openapi() -> str:
    """Return the page as ReadMe exports it: prose and codes, then the OpenAPI definition."""
    types = {"String": "string", "Array": "array", "Integer": "integer"}

    def listed(place: str, rows: Rows) -> list[dict[str, object]]:
        return [
            {
                "in": place,
                "name": name,
                "required": need == "Required",
                "schema": {"type": types[kind]},
                "description": text,
            }
            for name, kind, need, text in rows
        ]

    box = {"type": "object", "required": ["box_no"], "properties": {"box_no": {"type": "integer"}}}
    body = {
        "type": "object",
        "required": ["comp_id"],
        "properties": {
            "comp_id": {"type": "string"},
            "box_list": {"type": "array", "items": {"$ref": "#/components/schemas/Box"}},
        },
    }
    header = {
        "type": "object",
        "required": ["request_code"],
        "properties": {"request_code": {"type": "string"}},
    }
    media = {
        "schema": {"type": "object", "properties": {"header": header, "body": body}},
        "examples": {"One": {"value": REQUEST}},
    }
    answers = {"200": {"content": {"application/json": {"examples": {"a": {"value": ANSWER}}}}}}
    operation = {
        "summary": "Pack a box",
        "parameters": [*listed("path", PATH), *listed("header", HEADERS)],
        "requestBody": {"content": {"application/json": media}},
        "responses": answers,
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [{"url": "https://docs.esignon.net"}],
        "components": {"schemas": {"Box": box}},
        "paths": {"/depot/{CompID}/pack": {"post": operation}},
    }
    codes = markdown_table(("Code", "Result", "Message"), CODES)
    return (
        f"# Pack a box\n\n## Result_msg\n\n{codes}\n\n# OpenAPI definition\n\n"
        f"{markdown_code(json.dumps(document, indent=2))}\n"
    )


STYLES: dict[str, Callable[[], str]] = {
    "markdown": markdown,
    "lines-of-windows": lambda: "\ufeff" + markdown().replace("\n", "\r\n"),
    "readme-blocks": magic,
    "saved-by-a-browser": web_page,
    "mdx": mdx,
    "lists": lists,
    "japanese": japanese,
    "unknown-words": unknown_words,
    "openapi": openapi,
}
