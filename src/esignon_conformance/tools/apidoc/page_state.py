"""Goes through the events of a page, and gathers what it says of each operation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import get_args

from ...contract.facts import Location, Parameter
from ...i18n.message import say
from . import operation_line as operations
from . import tables
from .block_syntax import (
    OPERATIONS,
    PARAMETERS,
    RESPONSES,
    SECTIONS,
    SUMMARIES,
    operation_of,
    parameter_of,
    status_in,
)
from .columns import columns
from .event_kinds import Code, Event, Heading, Paragraph, Rule, Table, Tag
from .gathered import Gathered, Listed
from .headings import Column, Section, is_title, message_named, part_of, section_of
from .operation_line import Named
from .page_codes import is_cut_row, take_codes
from .page_examples import Shown, read_example_into, shown_by, take_sent
from .sent_requests import sent_in
from .text import PageError

_HINTS = frozenset({"hint", "expandable"})
# A line of text this short may be the title of the table or the example below it.
_LONGEST_TITLE = 80
_MOST_OPERATIONS = 40


@dataclass
class PageState:
    """What has been read so far, and within what the reader is."""

    lines: list[str]
    # A page of a message that the API sends names no method and no URL.
    is_webhook: bool = False
    found: list[Gathered] = field(default_factory=list)
    now: Gathered = field(default_factory=Gathered)
    title: str = ""
    heading: Heading | None = None
    section: Section = ""
    # The part of a body, `header` or `body`, that the tables of the section are of.
    part: str = ""
    section_line: int = 0
    status: int | None = None
    status_line: int = 0
    hidden: int = 0
    is_over: bool = False
    in_summary: bool = False
    pending: Parameter | None = None
    said: tuple[str, str] = ("", "")
    above: Paragraph | None = None
    # Sections that a heading began, with their headings, until what belongs there has come.
    empty: dict[Section, Heading] = field(default_factory=dict)
    no_operation: PageError | None = None

    def read(self, page: Iterable[Event]) -> None:
        """Read a page up to its end."""
        for event in page:
            if isinstance(event, Tag):
                self._tag(event)
            elif self.hidden:
                continue
            elif isinstance(event, Rule):
                # What follows the rule after an operation is no part of it.
                self.is_over = self.is_over or self.heading is not None
            elif isinstance(event, Heading):
                self._heading(event)
            elif isinstance(event, Paragraph):
                self._paragraph(event)
                continue
            elif isinstance(event, Table):
                self._table(event)
            elif isinstance(event, Code):
                self._code(event)
            self.above = None
        self._end_operation()

    @property
    def _reads(self) -> bool:
        return (bool(self.now.method) or self.is_webhook) and not self.is_over

    def _operation(self, named: Named) -> None:
        template = operations.template_of(named.url)
        if not operations.is_operation(named.method, template):
            url = f"{named.method} {named.url}".strip()[:120]
            self.now.doubt("no-url", named.line, url)
            self.no_operation = PageError(say("page-no-url", url=url), named.line)
            return
        method = named.method.upper()
        if self.now.method:
            if (self.now.method, self.now.url) == (method, template):
                return
            self._end_operation()
        self.now.method, self.now.url, self.now.line = method, template, named.line
        self.now.code, self.is_over = named.code, False
        self.now.title = self.now.title or self.title

    def _end_operation(self) -> None:
        for heading in self.empty.values():
            self.now.doubt("section-empty", heading.line, heading.text)
        if self.now.method or self.is_webhook:
            take_sent(self.now)
            self.now.title = self.now.title or self.title
            if len(self.found) >= _MOST_OPERATIONS:
                raise PageError(say("page-too-many", most=_MOST_OPERATIONS), self.now.line)
            self.found.append(self.now)
        self.now = Gathered()
        self.empty, self.section, self.part = {}, "", ""
        self.status, self.status_line = None, 0

    def _tag(self, tag: Tag) -> None:
        name = tag.name.removeprefix("end")
        begins = name == tag.name
        if name in _HINTS:
            self.hidden = max(0, self.hidden + (1 if begins else -1))
        elif not self.hidden:
            self._block(name, tag, begins=begins)

    def _block(self, name: str, tag: Tag, *, begins: bool) -> None:
        if name in OPERATIONS and begins:
            self._operation_block(tag)
        elif name == "damaged-block":
            self.now.doubt("block-cut", tag.line, tag.attributes["about"])
        elif name in SUMMARIES:
            self.in_summary = begins
        elif name in SECTIONS:
            self.section, self.part = (SECTIONS[name] if begins else ""), ""
            if begins:
                self.now.tables.setdefault(self.section, tag.line)
        elif name in PARAMETERS and self._reads:
            self._end_parameter()
            if begins:
                self._begin_parameter(tag)
        elif name in RESPONSES:
            self.status, self.status_line = None, 0
            if begins:
                self._response_block(tag)

    def _operation_block(self, tag: Tag) -> None:
        named = operation_of(tag)
        if named is None:
            return
        self.title = tag.attributes.get("summary") or self.title
        self._operation(named)
        self.now.title = tag.attributes.get("summary") or self.now.title
        if "doubt" in tag.attributes:
            self.now.doubt(tag.attributes["doubt"], tag.line, named.url)

    def _response_block(self, tag: Tag) -> None:
        said = next(filter(None, map(tag.attributes.get, ("title", "httpcode", "status"))), "")
        status = status_in(said)
        if status is not None:
            self.status, self.status_line = status, tag.line
            self.now.headings.append(said)

    def _heading(self, heading: Heading) -> None:
        if named := operations.in_line(heading.text, heading.line):
            self._operation(named)
            return
        self.heading = heading
        if is_title(heading.text) and not (self._reads and self.title):
            self.title = heading.text
        if not self._reads:
            return
        self.now.headings.append(heading.text)
        self._begin_section(heading.text, heading.line)
        if self.section and not self.part:
            self.empty.setdefault(self.section, heading)
        elif not self.section and not self.is_webhook and is_title(heading.text):
            # It may be the title of another operation.
            self.title = heading.text

    def _begin_section(self, text: str, line: int) -> None:
        self.part = part_of(text)
        self.section = "body" if self.part else section_of(text)
        self.section_line, self.status, self.status_line = line, None, 0
        if self.part and message_named(text) == "response":
            self.section = "response"

    def _paragraph(self, paragraph: Paragraph) -> None:
        if self.in_summary:
            return
        if self.pending is not None:
            text = f"{self.pending.description} {paragraph.text}".strip()
            self.pending = replace(self.pending, description=text)
            return
        self.above = paragraph
        method, url = operations.in_words(paragraph)
        self.said = (method or self.said[0], url or self.said[1])
        if all(self.said):
            self._operation(Named(*self.said, paragraph.line))
            self.said = ("", "")
        elif not paragraph.in_list:
            named = operations.in_code(paragraph.code, paragraph.line)
            named = named or operations.in_line(paragraph.text, paragraph.line)
            if named is not None:
                self._operation(named)
                self.above = None

    def _title_above(self) -> str:
        """Return the short line directly above a table or an example, empty where there is none."""
        if self.above is None or len(self.above.text) > _LONGEST_TITLE:
            return ""
        return self.above.text

    def _begin_parameter(self, tag: Tag) -> None:
        self.pending = parameter_of(tag, self.section)
        if self.pending is not None:
            self.now.tables.setdefault(self.pending.location, tag.line)

    def _end_parameter(self) -> None:
        if self.pending is not None:
            self._add_parameter(self.pending)
            self.pending = None

    def _add_parameter(self, parameter: Parameter, part: str = "") -> None:
        if not parameter.name:
            self.now.doubt("row-cut", parameter.line)
        else:
            self.now.listed.append(Listed(parameter, part))

    def _table(self, table: Table) -> None:
        named = list(operations.in_table(table))
        for one in named:
            self._operation(one)
        if named or not self._reads:
            return
        title = self._title_above()
        if title and (part_of(title) or section_of(title)):
            self._begin_section(title, table.line)
            self.now.headings.append(title)
        held = columns(table)
        is_of_codes = tables.is_of_codes(held) and self.section in ("codes", "")
        if is_of_codes or (self.section == "codes" and "code" in held):
            self._codes(table, held)
        elif tables.is_of_values(table, held) and not self._is_of_parameters(held):
            self.now.values += tables.member_values(table, held)
        elif "name" in held:
            self._parameters(table, held)
        elif table.rows:
            self.now.doubt("table-unread", table.line, " | ".join(table.head))

    def _is_of_parameters(self, held: tuple[str, ...]) -> bool:
        """Tell whether a table stands for the parameters that its heading announced."""
        announced = self.section in get_args(Location) and self.section in self.empty
        return announced and not self.part and "description" in held

    def _parameters(self, table: Table, held: tuple[Column, ...]) -> None:
        location: Location | None = None
        if self.section in get_args(Location):
            location = self.section  # type: ignore[assignment]  # see the line above
            self.empty.pop(self.section, None)
            self.now.tables.setdefault(self.section, table.line)
        for parameter, is_placed in tables.parameters(table, held, location):
            if is_cut_row(self.lines, table, parameter.line):
                self.now.doubt("row-cut", parameter.line)
            if is_placed:
                self._add_parameter(parameter, self.part)
            elif parameter.name:
                self.now.unplaced.append(parameter)

    def _codes(self, table: Table, held: tuple[Column, ...]) -> None:
        found = list(tables.result_codes(table, held))
        if self.section != "codes" and tables.are_statuses(found):
            self.now.statuses += found
            return
        self.empty.pop("codes", None)
        self.now.tables.setdefault("codes", table.line)
        take_codes(self.now, found, lambda line: is_cut_row(self.lines, table, line))

    def _code(self, code: Code) -> None:
        # An address that a page ends with, or shows as an example, is no second operation.
        named = None if self.now.method or self.is_over else operations.in_block(code)
        if named is not None:
            self._operation(named)
        if not self._reads or not code.text.strip():
            return
        if sent := sent_in(code):
            if sent.body and self.now.sent is None:
                self.now.sent = (sent.body, sent.line)
            return
        title = self._title_above()
        heading = self.heading.text if self.heading is not None else ""
        of, named_by, status = shown_by(code, title, heading, self.section, self.status)
        if named_by == title and title:
            self.now.headings.append(title)
            self.section_line = self.above.line if self.above is not None else code.line
        line = self.status_line or self.section_line
        if of and read_example_into(self.now, code, Shown(of, named_by, status, line)):
            self.empty.pop("request-example" if of == "request" else "response-example", None)
