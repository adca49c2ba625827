"""Text in Markdown is read back as it was, by a parser, whatever it holds."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from esignon_conformance.reports.markdown import code, escaped, fenced, table

TEXTS = (
    "plain",
    "REJ-1, SEC-2: it builds on x",
    "*a* _b_ **c** ~~d~~ `e` ``f``",
    "[x](http://evil.invalid) ![y](z) <b> <!-- & &amp; </details>",
    "- a", "+ a", "1. a", "2) a", "===", "---", "# a", "> a", "| a | b |",
    "\\", "\\*", "a\\", "`", "``` a", "a ```` b `", " a ",
    "한글 @all #12 $x$",
)  # fmt: skip


def text_of(markdown: str) -> str:
    """Return the text of one paragraph.  Fails where there is anything but text in it."""
    start, inline, end = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    assert (start.type, end.type) == ("paragraph_open", "paragraph_close")
    assert {one.type for one in inline.children or ()} == {"text"}
    return "".join(one.content for one in inline.children or ())


@pytest.mark.parametrize("text", TEXTS)
def test_an_escaped_text_is_text(text: str) -> None:
    assert text_of(escaped(text)) == text.strip()


@pytest.mark.parametrize("text", TEXTS)
def test_a_code_span_holds_its_text(text: str) -> None:
    _, inline, _ = MarkdownIt("commonmark").parse(code(text))
    (span,) = inline.children or [inline]
    assert (span.type, span.content) == ("code_inline", text)


@pytest.mark.parametrize("text", [*TEXTS, "a\nb\n\n- c", "```\n````\n~~~"])
def test_a_code_block_holds_its_text(text: str) -> None:
    (block,) = MarkdownIt("commonmark").parse("\n".join(fenced(text)))
    assert (block.type, block.content) == ("fence", f"{text}\n")


def test_line_ends_and_controls_end_no_line() -> None:
    assert escaped("a\nb\r\n\x1b[31mc\u2028d") == r"a b \[31mc d"
    assert code("a\n\nb") == "`a b`"
    assert list(fenced("a\x1b[31m")) == ["```text", "a [31m", "```"]


@pytest.mark.parametrize("numbers", [True, False])
def test_a_table_has_its_cells(numbers: bool) -> None:
    rows = [["a", "b"], [escaped("x | y"), code("z")]]
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(table(rows, numbers=numbers)))
    cells = [one.content for one in tokens if one.type == "inline"]
    assert cells == ["a", "b", r"x | y", "`z`"]
