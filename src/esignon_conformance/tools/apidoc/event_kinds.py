"""What a page is made of: headings, tables, code, paragraphs and tags, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tag:
    """A GitBook tag, such as ``{% tab title="200" %}``; the names of closing tags begin with ``end``."""

    name: str
    line: int
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heading:
    """A heading without its markup."""

    text: str
    line: int
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph or the text of an item of a list: its text, and what in it is written as code.

    `depth` is the number of lists that it stands in, 0 also where that is not known.
    """

    text: str
    code: tuple[str, ...]
    line: int
    in_list: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Code:
    """A fenced block: the word after its fence, its text, and the line on which the text begins."""

    info: str
    text: str
    line: int


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Table:
    """A table: the cells of its head, and its rows."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int


@dataclass(frozen=True)
class Rule:
    """A rule across the page: what follows the operation after it is no part of it."""

    line: int


Event = Tag | Heading | Paragraph | Code | Table | Rule
