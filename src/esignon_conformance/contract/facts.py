"""The facts of a page: what it says about one operation, each with its line.  Its prose is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

Location = Literal["path", "query", "header", "body", "response"]
Kind = Literal["success", "failure", ""]
PageLanguage = Literal["ko", "ja", "en"]

# A whole string that only stands for a value: {회사아이디}, {{token}}, <token>, ${token}.
_PLACEHOLDER = re.compile(r"^\s*(?:\{\{([^{}]+)\}\}|\$?\{([^{}]+)\}|<([^<>]+)>)\s*$")
# What a description begins with where it states a value: "5009Q"(the API's own code).
_QUOTED = re.compile(r'^"([^"]*)"(?:\s*[(/-].*)?$')
_MEDIA_TYPE = re.compile(r"^[a-z]+/[a-z0-9.+*-]+(?:\s*;.*)?$", re.IGNORECASE)
_STEP = re.compile(r"[^.\[\]]+|\[\d*\]")


@dataclass(frozen=True)
class Parameter:
    """A row of a table of parameters.

    `required` is None where the page does not say.  A body parameter is named by its path, such as
    ``body.memb_email``, and `place` gives its JSON pointer.
    """

    location: Location
    name: str
    type: str
    line: int
    description: str = ""
    required: bool | None = None

    @property
    def pointer(self) -> str:
        """Return the JSON pointer of a member of a body, such as ``/body/memb_email``."""
        steps = [step.strip("[]") or "0" for step in _STEP.findall(self.name)]
        return "".join(f"/{step}" for step in steps)

    @property
    def place(self) -> str:
        """Return the place as it is written everywhere: ``path companyId``, ``request /body/x``."""
        if self.location == "body":
            return f"request {self.pointer}"
        return f"response {self.pointer}" if self.location == "response" else self.named

    @property
    def named(self) -> str:
        """Return the location and the name of a parameter that is no member of a body."""
        return f"{self.location} {self.name}"


@dataclass(frozen=True)
class Example:
    """An example of a request or a response, or of another message that the page speaks of.

    `lines` gives the line of each member by its JSON pointer; `status_line` is where the page says
    what the example is of: the tab with the HTTP status, or the heading.  `untyped` are the pointers of
    values whose type the example does not show, such as a bare ``{document ID}``.
    """

    of: Literal["request", "response", "other"]
    value: Any
    line: int
    status: int | None = None
    status_line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)
    untyped: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what the example is of: ``request``, ``response 200``, ``response``."""
        return f"{self.of} {self.status}" if self.status is not None else self.of

    def line_of(self, pointer: str) -> int:
        """Return the line of a member, or of its nearest parent that stands in the example."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, self.line)


@dataclass(frozen=True)
class ResultCode:
    """A row of the table of result codes.  `kind` is empty where the page does not say it plainly."""

    code: str
    kind: Kind
    text: str
    line: int


@dataclass(frozen=True)
class MemberValue:
    """A row of a table of the values that a member may have."""

    name: str
    value: str
    line: int


@dataclass(frozen=True)
class Doubt:
    """What of a page is not certain: the kind, the line, and the name of what it is about.

    The kinds are those of `tools.apidoc.doubts`.  `about` is a name, a code or a URL, and never prose.
    """

    kind: str
    line: int
    about: str = ""


@dataclass(frozen=True)
class Facts:
    """All that a page says about one operation.

    `url` is the URL template with ``{name}`` for what is filled in.  `bindings` lists the places that
    share one placeholder or whose description is that of another's placeholder.  `tables` gives the
    line of each table, for what is no longer in it.  `doubts` lists what had to be mended, and what the
    page leaves open; no fact is taken from a doubtful place without one.  `is_webhook` tells that the
    page describes a message which the API sends, and no address where it takes one.
    """

    method: str
    url: str
    line: int
    parameters: tuple[Parameter, ...]
    examples: tuple[Example, ...]
    codes: tuple[ResultCode, ...]
    language: PageLanguage
    sha256: str
    bindings: tuple[tuple[str, ...], ...] = ()
    edition: str = ""
    title: str = ""
    tables: Mapping[str, int] = field(default_factory=dict)
    statuses: tuple[ResultCode, ...] = ()
    values: tuple[MemberValue, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    is_webhook: bool = False

    @property
    def path(self) -> str:
        """Return the path template, such as ``/api/{companyId}/login``."""
        return urlsplit(self.url).path

    @property
    def origin(self) -> str:
        """Return scheme and host of the documented server, empty where the page gives a path only."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    def of(self, location: Location) -> tuple[Parameter, ...]:
        """Return the parameters of one location in the order of the page."""
        return tuple(one for one in self.parameters if one.location == location)

    @property
    def request_example(self) -> Any:
        """Return the first example of a request, None where the page has none."""
        return next((one.value for one in self.examples if one.of == "request"), None)

    @property
    def request(self) -> Example | None:
        """Return the first example of a request, None where the page has none."""
        return next((one for one in self.examples if one.of == "request"), None)

    @property
    def request_code(self) -> str:
        """Return the code that a request names its operation by, empty where there is none."""
        example = self.request_example
        header = example.get("header") if isinstance(example, dict) else None
        code = header.get("request_code") if isinstance(header, dict) else None
        return code if isinstance(code, str) and placeholder(code) is None else ""

    @property
    def success(self) -> Example:
        """Return the example of a success: the first response under 2xx or without a status.

        Raises `LookupError` where the page has no example of a response.
        """
        responses = [one for one in self.examples if one.of == "response"]
        fitting = (one for one in responses if one.status is None or one.status // 100 == 2)
        return next(fitting, responses[0])

    @property
    def has_response(self) -> bool:
        """Tell whether the page has an example of a response that may be a success."""
        responses = (one for one in self.examples if one.of == "response")
        return any(one.status is None or one.status < 400 for one in responses)

    @property
    def has_envelope(self) -> bool:
        """Tell whether the example of a success has a header with a result code."""
        value = self.success.value if self.has_response else None
        header = value.get("header") if isinstance(value, dict) else None
        return isinstance(header, dict) and isinstance(header.get("result_code"), str)

    @property
    def refusal_statuses(self) -> tuple[int, ...]:
        """Return the HTTP statuses of failures that the page shows examples of."""
        statuses = (one.status for one in self.examples if one.of == "response")
        return tuple(status for status in statuses if status is not None and status >= 400)


def needed_members(facts: Facts) -> tuple[str, ...]:
    """Return the members that a request has, by their pointers: those shown, and those called required.

    Where the page shows no request, they are all that it does not call optional; where it says of every
    member that it lists whether it is required, what is shown and not listed is left open.
    """
    body = facts.of("body")
    optional = {one.pointer for one in body if one.required is False}
    example = facts.request_example
    listed = [one.pointer for one in body if one.required or example is None]
    named = {one.pointer for one in body}
    says_of_all = bool(body) and all(one.required is not None for one in body)
    shown = [
        pointer
        for pointer, value in members(example)
        if not says_of_all or pointer in named or isinstance(value, dict | list)
    ]
    found = dict.fromkeys((*shown, *listed))
    return tuple(
        pointer
        for pointer in found
        if not any(pointer == one or pointer.startswith(f"{one}/") for one in optional)
    )


def placeholder(value: object) -> str | None:
    """Return the words of a string that only stands for a value, None for any other value."""
    match = _PLACEHOLDER.match(value) if isinstance(value, str) else None
    return next(part for part in match.groups() if part).strip() if match is not None else None


def normalised(words: str) -> str:
    """Return words as they are compared: without white space, and letter case ignored."""
    return "".join(words.split()).casefold()


def members(value: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every member of a JSON value with its JSON pointer, parents before children."""
    children: Any = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for name, child in children:
        at = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
        yield at, child
        yield from members(child, at)


def json_type(value: Any) -> str:
    """Return the JSON type of a value in the words of JSON Schema."""
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((dict, "object"), (list, "array"), (str, "string"), (int, "integer")):
        if isinstance(value, kind):
            return name
    return "null" if value is None else "number"


def value_said(description: str) -> str:
    """Return the value that a description begins with in quotation marks, or else all of it."""
    quoted = _QUOTED.match(description)
    return quoted[1] if quoted is not None else description


def stated_value(facts: Facts, parameter: Parameter) -> str:
    """Return the description of a parameter where it is a fact, else nothing.

    It is one where it is a media type, or the value that the example has at that place.
    """
    text = parameter.description
    said = value_said(text)
    if _MEDIA_TYPE.match(said):
        return said
    if not text or placeholder(text) is not None:
        return ""
    wanted = {"body": "request", "response": "response"}.get(parameter.location)
    for example in facts.examples:
        if example.of == wanted:
            value = dict(members(example.value)).get(parameter.pointer)
            if isinstance(value, str | int | float) and str(value) == said:
                return said
    return ""
