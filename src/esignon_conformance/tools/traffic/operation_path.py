"""Which requests of a file are requests to the operation: by method and path, whatever the host."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from ...contract.model import Operation
from .entry import Entry

_VARIABLE = re.compile(r"\\\{(\w+)\\\}")


class Match(NamedTuple):
    """A request to the operation: its URL in parts, and the company of its path."""

    url: SplitResult
    company: str


@dataclass(frozen=True)
class OperationPath:
    """Tells requests to the operation under a base path from all others."""

    operation: Operation
    base_path: str = ""
    _pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        path = re.escape(self.base_path.rstrip("/")) + _VARIABLE.sub(
            r"(?P<\1>[^/]+)", re.escape(self.operation.path)
        )
        object.__setattr__(self, "_pattern", re.compile(path))

    def server_of(self, match: Match) -> str:
        """Return the base URL of the server that was asked; no name and password that stand in it."""
        host = match.url.netloc.rpartition("@")[2]
        return f"{match.url.scheme}://{host}{self.base_path.rstrip('/')}"

    def match(self, entry: Entry) -> Match | None:
        """Return what an entry asks of the operation, None where it is another request."""
        return self._matched(entry) if entry.method == self.operation.method else None

    def is_other_method(self, entry: Entry) -> bool:
        """Tell whether an entry asks on the path of the operation with another method."""
        return entry.method != self.operation.method and self._matched(entry) is not None

    def _matched(self, entry: Entry) -> Match | None:
        try:
            url = urlsplit(entry.url)
            found = self._pattern.fullmatch(url.path)
        except ValueError:
            return None
        if found is None:
            return None
        named = self.operation.account.get("company", "").removeprefix("path ")
        return Match(url, unquote(found.groupdict().get(named, "")))
