"""What is read of one operation on a page before its parts are held against each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...contract.facts import Doubt, Example, MemberValue, Parameter, ResultCode


@dataclass(frozen=True)
class Listed:
    """A row of a table of parameters, and the part of a body that its table is of."""

    parameter: Parameter
    part: str = ""


@dataclass
class Gathered:
    """All that a page says about one operation, in its order."""

    method: str = ""
    url: str = ""
    line: int = 0
    title: str = ""
    # The code that the page gives beside method and URL.
    code: str = ""
    headings: list[str] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    # Rows of tables under a heading that does not say where they belong.
    unplaced: list[Parameter] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    # Examples of a part of a message, by the name that their heading gives.
    parts: list[tuple[str, Example]] = field(default_factory=list)
    # The body of a request as a command of curl or the text of an HTTP message sends it, and its line.
    sent: tuple[str, int] | None = None
    codes: list[ResultCode] = field(default_factory=list)
    statuses: list[ResultCode] = field(default_factory=list)
    values: list[MemberValue] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, kind: str, line: int, about: str = "") -> None:
        """Note what is not certain, once a line."""
        found = Doubt(kind, line, " ".join(about.split())[:120])
        if found not in self.doubts:
            self.doubts.append(found)
