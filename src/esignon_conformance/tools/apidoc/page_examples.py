"""What an example of a page is of, told from its title or its heading, and how it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ...contract.facts import Example
from .block_syntax import status_in
from .event_kinds import Code
from .example_reading import ExampleError, told
from .example_text import read_example
from .gathered import Gathered
from .headings import Section, message_named, names_error, section_of

# A part is an example of a member alone; a failure is told, and is never the example of a success.
ExampleKind = Literal["request", "response", "failure", "part", ""]

_NO_JSON = frozenset(
    {"bash", "sh", "shell", "curl", "http", "python", "java", "php", "csharp", "go", "xml", "html"}
)
_FENCE_TITLE = re.compile(r"""title\s*=\s*["']([^"']{0,200})["']""")
# The code of a request, as all pages of the API have them.
_CODE = re.compile(r"^\d{4}Q$")
# A title that says no more than which message it is of is no longer.
_SHORT = 40


@dataclass(frozen=True)
class Shown:
    """What an example is of: the kind, its title, and the HTTP status with the line that says so."""

    of: ExampleKind
    title: str
    status: int | None
    line: int


def named_by_title(title: str) -> ExampleKind:
    """Return what the short line directly above an example says it is of, empty where it says nothing."""
    message = message_named(title)
    if not message or not (section_of(title).endswith("-example") or len(title) < _SHORT):
        return ""
    return "failure" if message == "response" and names_error(title) else message


def named_by_heading(heading: str, section: Section) -> ExampleKind:
    """Return what the heading above an example says it is of."""
    if section == "request-example":
        return "request"
    if section == "response-example":
        return "failure" if names_error(heading) else "response"
    message = message_named(heading)
    if message and section in ("", "body", "response"):
        return message
    return "part" if heading and not section else ""


def named_by_fence(info: str) -> tuple[ExampleKind, int | None]:
    """Return what the words behind the language of a fence say the example is of: ``json 200 OK``."""
    title = info.partition(" ")[2]
    if given := _FENCE_TITLE.search(title):
        title = given[1]
    status = status_in(title)
    return ("response" if status is not None else named_by_title(title)), status


def shown_by(
    code: Code, title: str, heading: str, section: Section, status: int | None
) -> tuple[ExampleKind, str, int | None]:
    """Return what an example is of, the title or the heading that says so, and its HTTP status."""
    by_fence, said = named_by_fence(code.info)
    status = said if said is not None else status
    if of := named_by_title(title):
        return of, title, status
    if by_fence or status is not None:
        return by_fence or "response", heading, status
    return named_by_heading(heading, section), heading, None


def named_by_itself(value: object, page: Gathered) -> ExampleKind:
    """Return what an example is of by what only one message has: the code of a request, or of a result."""
    header = value.get("header") if isinstance(value, dict) else None
    if not isinstance(header, dict):
        return ""
    if "result_code" in header:
        return "response"
    code = str(header.get("request_code", ""))
    is_first = all(one.of != "request" for one in page.examples)
    return "request" if is_first and code and (code == page.code or _CODE.match(code)) else ""


def read_example_into(page: Gathered, code: Code, shown: Shown) -> bool:
    """Read an example into what is gathered of its operation; tell whether it was meant to be one."""
    try:
        read = read_example(code.text)
    except ExampleError as error:
        if code.info.partition(" ")[0].lower() in _NO_JSON:
            return False
        if shown.of != "part":
            page.doubt("example-broken", code.line, str(error))
        return True
    for mend in told(read.mends):
        page.doubt(mend.kind, mend.line + code.line)
    lines = {pointer: line + code.line for pointer, line in read.lines.items()}
    first = lines.pop("", code.line)
    kind = shown.of
    if kind == "part":
        kind = named_by_itself(read.value, page) or kind
    is_own = kind in ("request", "response")
    example = Example(
        "request" if kind == "request" else "response" if is_own else "other",
        read.value,
        first,
        shown.status if kind == "response" else None,
        shown.line,
        lines,
        read.untyped,
    )
    if kind == "part":
        page.parts.append((shown.title, example))
    else:
        page.examples.append(example)
    return True


def take_sent(page: Gathered) -> None:
    """Take the body of a request as it is sent, where the page has no other example of one."""
    if page.sent is None or any(one.of == "request" for one in page.examples):
        return
    body, line = page.sent
    read_example_into(page, Code("curl", body, line), Shown("request", "", None, line))
