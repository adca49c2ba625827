"""What an example of a page is of, told from its title or its heading, and how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...contract.facts import Example
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
    is_own = shown.of in ("request", "response")
    example = Example(
        "request" if shown.of == "request" else "response" if is_own else "other",
        read.value,
        first,
        shown.status if shown.of == "response" else None,
        shown.line,
        lines,
        read.untyped,
    )
    if shown.of == "part":
        page.parts.append((shown.title, example))
    else:
        page.examples.append(example)
    return True
