"""What the columns of a table hold: told from their heads, and where those say nothing from their cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .event_kinds import Table
from .headings import Column, columns_of
from .parameter_types import is_plain_type, is_type

# Names of members and headers, with what a page sets before one that belongs to the one above.
_NAME = re.compile(r"^[\s\u00a0\u3000\-–—└├│>·∟↳ㄴ+*]*[A-Za-z_$][\w$.\[\]-]*\s*\*?$")
# Names of header fields that no member of a body has.
HEADER_FIELDS = frozenset(
    {"content-type", "authorization", "authentication", "accept", "accept-language", "user-agent"}
)
_CODE = re.compile(r"^[\"']?-?\d{1,4}[\"']?$")
_WHETHER = re.compile(
    r"^(y|n|yes|no|true|false|required|optional|mandatory|o|x|[○〇●×✕✓✔]"
    r"|필수|선택|필수\s*아님|옵션|예|아니오|必須|任意|必填|可选|必须)$",
    re.IGNORECASE,
)


def columns(table: Table) -> tuple[Column, ...]:
    """Return what the columns of a table hold.

    A column "Value" that has the words of types in it is that of the types; a column whose head is of no
    known word is what all its cells are of.
    """
    found = list(columns_of(table.head))
    cells = [_cells(table, at) for at in range(len(found))]
    if "type" not in found:
        # Names of members are words of types, too: "url", "email".
        _take(found, cells, "type", ("code", "", "kind"), _are_types)
    if "required" not in found:
        _take(found, cells, "required", ("",), lambda texts: all(map(_WHETHER.match, texts)))
    if "name" not in found:
        _take(found, cells, "name", ("",), _are_header_fields)
    if "type" in found:
        if "name" not in found:
            _take(found, cells, "name", ("", "code"), lambda texts: all(map(_NAME.match, texts)))
        if "name" in found and "description" not in found and "" in found:
            found[len(found) - 1 - found[::-1].index("")] = "description"
    elif "code" not in found and "name" not in found and cells and all(map(_CODE.match, cells[0])):
        _take(found, cells, "code", ("",), lambda texts: all(map(_CODE.match, texts)))
    return tuple(found)


def _cells(table: Table, at: int) -> list[str]:
    return [
        row.cells[at].strip() for row in table.rows if at < len(row.cells) and row.cells[at].strip()
    ]


def _take(
    found: list[Column],
    cells: Sequence[Sequence[str]],
    column: Column,
    instead_of: Sequence[Column],
    fits: Callable[[Sequence[str]], bool],
) -> None:
    """Say of the first column that fits, and whose head says no more than one of some, what it holds."""
    for at, texts in enumerate(cells):
        if texts and found[at] in instead_of and fits(texts):
            found[at] = column
            return


def _are_types(texts: Sequence[str]) -> bool:
    """Tell whether most cells are words of types, and one of them is a word for nothing else."""
    return sum(map(is_type, texts)) * 2 > len(texts) and any(map(is_plain_type, texts))


def _are_header_fields(texts: Sequence[str]) -> bool:
    return all(text.lower() in HEADER_FIELDS for text in texts)
