"""The mock tools: which there are, in which version, how each is started, and what it cannot do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from ...i18n.language import Language
from . import json_server, mockoon, mockserver, mountebank, prism, specmatic, stubby, wiremock
from .files import Files
from .material import Material

MakeFiles = Callable[[Material, int], Files]
# A port counted from that of the mock: a tool may listen on more than one.
_PORT = re.compile(r"@\{port(?:\+([0-9]+))?\}")
_MAKERS: Mapping[str, MakeFiles] = {
    "json-server": json_server.files,
    "mockoon": mockoon.files,
    "mockserver": mockserver.files,
    "mountebank": mountebank.files,
    "prism": prism.files,
    "specmatic": specmatic.files,
    "stubby": stubby.files,
    "wiremock": wiremock.files,
}


@dataclass(frozen=True)
class Limit:
    """A deviation that a tool cannot be kept from: the clause or the case, and the tool's reason."""

    reason: Mapping[Language, str]
    clause: str = ""
    case: str = ""


@dataclass(frozen=True)
class Tool:
    """A mock tool in one version, as tools.yaml has it."""

    name: str
    title: str
    package: str
    version: str
    about: str
    issues: str
    start: tuple[str, ...]
    # How its configuration decides, and what its matching cannot say.
    matching: tuple[Mapping[Language, str], ...]
    cannot: tuple[Limit, ...]
    files: MakeFiles
    needs_java: bool = False

    def command(self, port: int) -> list[str]:
        """Return the command that starts the mock, in the folder of its files, on a port."""
        return [
            _PORT.sub(lambda match: str(port + int(match[1] or 0)), part) for part in self.start
        ]

    @property
    def ports(self) -> int:
        """Return how many ports one after the other the tool takes."""
        found = [int(match[1] or 0) for part in self.start for match in _PORT.finditer(part)]
        return 1 + max(found, default=0)


@cache
def tools() -> Mapping[str, Tool]:
    """Return the tools by name."""
    text = resources.files(__package__).joinpath("tools.yaml").read_text(encoding="utf-8")
    # The loader is PyYAML's safe one.
    found: dict[str, dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)["tools"]
    return {name: _tool(name, entry) for name, entry in found.items()}


def _tool(name: str, entry: Mapping[str, Any]) -> Tool:
    return Tool(
        name=name,
        title=entry["title"],
        package=entry["package"],
        version=entry["version"],
        about=entry["about"],
        issues=entry["issues"],
        start=tuple(entry["start"]),
        matching=tuple(entry["matching"]),
        cannot=tuple(Limit(**one) for one in entry["cannot"]),
        files=_MAKERS[name],
        needs_java=entry.get("java", False),
    )
