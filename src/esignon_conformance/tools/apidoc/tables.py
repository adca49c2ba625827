"""The tables of a page: rows of parameters, of codes, of values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...contract.facts import Kind, Location, MemberValue, Parameter, ResultCode
from .columns import HEADER_FIELDS
from .event_kinds import Row, Table
from .headings import Column, kind_of, required_of

_STATUS = re.compile(r"^[1-5]\d\d$")
# What a page sets before the name of a member to show that it belongs to the one above.
_DEPTH = re.compile(r"^(?:[\s\u00a0\u3000]|[-–—└├│>·∟↳ㄴ*+])+")
_LOCATIONS: dict[str, Location] = {
    "path": "path",
    "query": "query",
    "header": "header",
    "body": "body",
    "url": "path",
    "querystring": "query",
    "formdata": "body",
    "form": "body",
}


def cell(row: Row, held: Sequence[Column], column: Column) -> str:
    """Return the first cell of a row that holds something, empty where there is no such column."""
    for name, text in zip(held, row.cells, strict=False):
        if name == column:
            return text.strip()
    return ""


def parameters(
    table: Table, held: Sequence[Column], location: Location | None
) -> Iterator[tuple[Parameter, bool]]:
    """Yield the parameters of a table, each with whether the page says where it belongs.

    A name set in below another is that of its member.
    """
    above: list[tuple[int, str]] = []
    for row in table.rows:
        written = cell(row, held, "name") if "name" in held else row.cells[0]
        depth_match = _DEPTH.match(written)
        name = written[depth_match.end() :] if depth_match else written
        is_starred = name.rstrip().endswith("*") or (depth_match and "*" in depth_match[0])
        name = name.strip().rstrip("* ").strip("`\"' ")
        depth = len("".join(depth_match[0].split())) if depth_match else 0
        while above and above[-1][0] >= depth:
            above.pop()
        full = f"{above[-1][1]}.{name}" if above and depth else name
        above.append((depth, full))
        said = required_of(cell(row, held, "required"))
        given = "".join(cell(row, held, "location").lower().split())
        place = _LOCATIONS.get(given, location)
        yield (
            Parameter(
                place or "body",
                full,
                cell(row, held, "type").lower(),
                row.line,
                cell(row, held, "description") or cell(row, held, "code"),
                said if said is not None or not is_starred else True,
            ),
            place is not None,
        )


def result_codes(table: Table, held: Sequence[Column]) -> Iterator[ResultCode]:
    """Yield the rows of a table of codes; one without a code has none."""
    code = held.index("code")
    text = held.index("text") if "text" in held else len(held) - 1
    for row in table.rows:
        cells = [*row.cells, *([""] * (len(held) - len(row.cells)))]
        rest = [one for index, one in enumerate(cells) if index not in (code, text)]
        kinds: list[Kind] = [kind_of(one) for one in rest]
        kind: Kind = next((one for one in kinds if one), "")
        name = cells[code].strip().strip("\"'")
        yield ResultCode(name, kind, " ".join(cells[text].split()), row.line)


def are_statuses(codes: Sequence[ResultCode]) -> bool:
    """Tell whether codes are those of HTTP."""
    return bool(codes) and all(_STATUS.match(one.code) for one in codes)


def is_of_codes(held: Sequence[Column]) -> bool:
    """Tell whether a table of such columns lists codes: the first one does, and none lists types."""
    return bool(held) and held[0] == "code" and "type" not in held


def is_of_values(table: Table, held: Sequence[Column]) -> bool:
    """Tell whether a table lists the values that members may have."""
    if "name" not in held or "code" not in held or "type" in held:
        return False
    names = [name for row in table.rows if (name := cell(row, held, "name"))]
    return not all(name.lower() in HEADER_FIELDS for name in names)


def member_values(table: Table, held: Sequence[Column]) -> Iterator[MemberValue]:
    """Yield the values of members; a row without a name is of the member above."""
    name = ""
    for row in table.rows:
        name = cell(row, held, "name") or name
        value = cell(row, held, "code")
        if name and value:
            yield MemberValue(name, value, row.line)
