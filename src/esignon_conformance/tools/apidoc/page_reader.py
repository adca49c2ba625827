"""Reads the text of a page into facts, in either of the two syntaxes that GitBook writes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args
from urllib.parse import urlsplit

from ...contract.bindings import bindings_of
from ...contract.facts import Example, Facts, Kind, Location, Parameter, ResultCode
from ...i18n.message import say
from .events import Code, Event, Heading, Paragraph, Row, Rule, Table, Tag, events
from .example_text import ExampleError, read_example
from .headings import Section, columns_of, kind_of, language_of, required_of, section_of
from .text import PageError, page_text

_METHOD = re.compile(r"^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$", re.IGNORECASE)
_URL = re.compile(r"^(https?://[^\s/]+)?/\S*$|^https?://\S+$")
_VARIABLE = re.compile(r"(?<=/):([A-Za-z_]\w*)")
_STATUS = re.compile(r"(?<!\d)([1-5]\d\d)(?!\d)")
_NO_JSON = frozenset(
    {"bash", "sh", "shell", "curl", "http", "python", "java", "php", "csharp", "go"}
)
_HINTS = frozenset({"hint", "expandable"})
# What a block of the older syntax and its parts are in the words of the newer one.
_BLOCK_SECTIONS: dict[str, Section] = {
    "api-method-path-parameters": "path",
    "api-method-query-parameters": "query",
    "api-method-headers": "header",
    "api-method-body-parameters": "body",
    "api-method-form-data-parameters": "body",
}
_OPERATIONS = frozenset({"api-method", "swagger"})
_PARAMETERS = frozenset({"api-method-parameter", "swagger-parameter"})
_RESPONSES = frozenset({"tab", "api-method-response-example", "swagger-response"})


@dataclass
class _Reader:
    """What has been read so far, and within what the reader is."""

    lines: list[str]
    method: str = ""
    url: str = ""
    line: int = 0
    title: str = ""
    headings: list[str] = field(default_factory=list)
    section: Section = ""
    section_line: int = 0
    status: int | None = None
    status_line: int = 0
    hidden: int = 0
    pending: Parameter | None = None
    parameters: list[Parameter] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    codes: list[ResultCode] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    # Sections that a heading began, with their headings, until what belongs there has come.
    empty: dict[Section, Heading] = field(default_factory=dict)

    def read(self, page: Iterable[Event]) -> None:
        """Read a page up to its end, or to the rule after its operation."""
        for event in page:
            if isinstance(event, Tag):
                self._tag(event)
            elif self.hidden:
                continue
            elif isinstance(event, Rule):
                if self.method:
                    return
            elif isinstance(event, Heading):
                self._heading(event)
            elif isinstance(event, Paragraph):
                self._paragraph(event)
            elif isinstance(event, Table) and self.method:
                self._table(event)
            elif isinstance(event, Code) and self.method:
                self._code(event)

    # ---- what is met ---------------------------------------------------------------------------

    def _operation(self, method: str, url: str, line: int) -> None:
        if self.method:
            raise PageError(say("page-second-operation", first=self.line), line)
        template = _VARIABLE.sub(r"{\1}", url.strip())
        try:
            path = urlsplit(template).path
        except ValueError:
            path = ""
        if not _METHOD.match(method) or not path.startswith("/"):
            raise PageError(say("page-no-url", url=f"{method} {url}"[:120]), line)
        self.method, self.url, self.line = method.upper(), template, line

    def _tag(self, tag: Tag) -> None:
        name = tag.name.removeprefix("end")
        begins = name == tag.name
        if name in _HINTS:
            self.hidden = max(0, self.hidden + (1 if begins else -1))
        elif self.hidden:
            return
        elif name in _OPERATIONS and begins:
            self._operation_block(tag)
        elif name in _BLOCK_SECTIONS:
            self.section = _BLOCK_SECTIONS[name] if begins else ""
            if begins:
                self.tables.setdefault(self.section, tag.line)
        elif name in _PARAMETERS and self.method:
            self._end_parameter()
            if begins:
                self._begin_parameter(tag)
        elif name in _RESPONSES:
            self.status = None
            if begins:
                self._response_block(tag)

    def _operation_block(self, tag: Tag) -> None:
        given = tag.attributes
        host = given.get("host") or given.get("baseurl") or ""
        self.title = given.get("summary") or self.title
        url = host.rstrip("/") + given.get("path", "")
        self._operation(given.get("method", ""), url, tag.line)

    def _response_block(self, tag: Tag) -> None:
        given = tag.attributes
        said = given.get("title") or given.get("httpcode") or given.get("status") or ""
        match = _STATUS.search(said)
        if match is not None:
            self.status, self.status_line = int(match[1]), tag.line
            self.headings.append(said)

    def _heading(self, heading: Heading) -> None:
        if not self.method:
            self.title = heading.text
            return
        self.headings.append(heading.text)
        self.section, self.section_line = section_of(heading.text), heading.line
        self.status = None
        if self.section:
            self.empty.setdefault(self.section, heading)

    def _paragraph(self, paragraph: Paragraph) -> None:
        if self.pending is not None:
            text = f"{self.pending.description} {paragraph.text}".strip()
            self.pending = replace(self.pending, description=text)
            return
        method = next(iter(paragraph.code), "")
        url = paragraph.code[1] if len(paragraph.code) > 1 else ""
        if _METHOD.match(method.strip()) and _URL.match(url.strip()):
            self._operation(method.strip(), url, paragraph.line)

    # ---- parameters ----------------------------------------------------------------------------

    def _begin_parameter(self, tag: Tag) -> None:
        given = tag.attributes
        section = given.get("in") or self.section
        if section not in get_args(Location):
            return
        location: Location = section  # type: ignore[assignment]  # it is one of them: see above
        required = {"true": True, "false": False}.get(given.get("required", "").lower())
        self.pending = Parameter(
            location, given.get("name", ""), given.get("type", "").lower(), tag.line, "", required
        )
        self.tables.setdefault(location, tag.line)

    def _end_parameter(self) -> None:
        if self.pending is not None:
            self._add_parameter(self.pending)
            self.pending = None

    def _add_parameter(self, parameter: Parameter) -> None:
        if not parameter.pointer and not parameter.name.strip():
            raise PageError(say("page-row-cut"), parameter.line)
        self.parameters.append(parameter)

    def _table(self, table: Table) -> None:
        columns = columns_of(table.head)
        if self.section in ("codes", "") and "code" in columns[: 1 if not self.section else None]:
            self._code_table(table, columns)
        elif self.section in get_args(Location) and "name" in columns:
            location: Location = self.section  # type: ignore[assignment]  # see the line above
            self.empty.pop(self.section, None)
            self.tables.setdefault(location, table.line)
            for row in table.rows:
                self._add_parameter(self._parameter(location, table, row))

    def _parameter(self, location: Location, table: Table, row: Row) -> Parameter:
        self._refuse_cut(table, row)
        cells = dict(zip(columns_of(table.head), row.cells, strict=False))
        name = (cells.get("name") or row.cells[0]).strip()
        said = required_of(cells.get("required", ""))
        required = said if said is not None or not name.endswith("*") else True
        return Parameter(
            location,
            name.rstrip("* "),
            cells.get("type", "").strip().lower(),
            row.line,
            cells.get("description", "").strip(),
            required,
        )

    def _code_table(self, table: Table, columns: tuple[str, ...]) -> None:
        self.empty.pop("codes", None)
        self.tables.setdefault("codes", table.line)
        code = columns.index("code")
        text = columns.index("text") if "text" in columns else len(columns) - 1
        for row in table.rows:
            self._refuse_cut(table, row)
            rest = [cell for index, cell in enumerate(row.cells) if index not in (code, text)]
            kinds: list[Kind] = [kind_of(cell) for cell in rest]
            kind = next((one for one in kinds if one), kinds[0] if kinds else "")
            name = row.cells[code].strip().strip("\"'")
            if not name:
                raise PageError(say("page-row-cut"), row.line)
            self.codes.append(ResultCode(name, kind, " ".join(row.cells[text].split()), row.line))

    def _refuse_cut(self, table: Table, row: Row) -> None:
        """Refuse the last line of a page when it is a row without its end, as a page cut short has it."""
        head, line = (self.lines[number - 1].rstrip() for number in (table.line, row.line))
        is_last = row.line >= len(self.lines) and line.startswith("|")
        if is_last and (not line.endswith("|") or line.count("|") < head.count("|")):
            raise PageError(say("page-row-cut"), row.line)

    # ---- examples ------------------------------------------------------------------------------

    def _code(self, code: Code) -> None:
        of: Literal["request", "response"] | None = None
        if self.section == "request-example":
            of = "request"
        elif self.status is not None or self.section == "response-example":
            of = "response"
        if of is None or not code.text.strip():
            return
        status = self.status if of == "response" else None
        try:
            value, lines = read_example(code.text)
        except ExampleError as error:
            if code.info.partition(" ")[0].lower() in _NO_JSON:
                return
            raise PageError(say("page-example-broken", detail=str(error)), code.line) from None
        found: Section = "request-example" if of == "request" else "response-example"
        self.empty.pop(found, None)
        where = self.status_line if status is not None else self.section_line
        first = lines.pop("", 0) + code.line
        at = {pointer: line + code.line for pointer, line in lines.items()}
        self.examples.append(Example(of, value, first, status, where, at))


def read_page(data: bytes) -> Facts:
    """Read a page.

    Raises `PageError` where the bytes are no text, or the text is no page of one operation: no method
    and URL, a heading without its table or example, no example of a response, no table of result codes.
    """
    text = page_text(data)
    reader = _Reader(text.splitlines())
    reader.read(events(text))
    if not reader.method:
        raise PageError(say("page-no-operation"))
    for heading in reader.empty.values():
        raise PageError(say("page-section-empty", heading=heading.text), heading.line)
    if not any(example.of == "response" for example in reader.examples):
        raise PageError(say("page-no-response-example"))
    if not reader.codes:
        raise PageError(say("page-no-codes"))
    return Facts(
        method=reader.method,
        url=reader.url,
        line=reader.line,
        parameters=tuple(reader.parameters),
        examples=tuple(reader.examples),
        codes=tuple(reader.codes),
        language=language_of([reader.title, *reader.headings]),
        sha256=hashlib.sha256(data).hexdigest(),
        bindings=bindings_of(reader.parameters, reader.examples),
        title=reader.title,
        tables=dict(reader.tables),
    )
