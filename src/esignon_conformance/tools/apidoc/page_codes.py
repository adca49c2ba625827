"""The result codes of a page's table, and rows of it that a page cut short has no end of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...contract.facts import ResultCode
from .event_kinds import Table
from .gathered import Gathered


def take_codes(page: Gathered, found: Iterable[ResultCode], is_cut: Callable[[int], bool]) -> None:
    """Take codes into what a page says, with a doubt for a row that is cut, empty or there twice."""
    for one in found:
        if is_cut(one.line):
            page.doubt("row-cut", one.line)
        if not one.code:
            page.doubt("row-cut", one.line)
            continue
        if one.code in {known.code for known in page.codes}:
            page.doubt("code-twice", one.line, one.code)
        page.codes.append(one)


def is_cut_row(lines: Sequence[str], table: Table, at: int) -> bool:
    """Tell whether a row is the last line of a page, and without its end."""
    if not table.line <= at <= len(lines):
        return False
    head, line = (lines[number - 1].rstrip() for number in (table.line, at))
    is_last = at >= len(lines) and line.startswith("|")
    return is_last and (not line.endswith("|") or line.count("|") < head.count("|"))
