"""The list of the mutants that may survive: each with its reason, held against what is seen."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from esignon_conformance import resources
from selftest.mutants.judging import KILLED, Judged
from selftest.mutants.mutant import Name

# Why a mutant may survive.
KINDS: Mapping[str, str] = {
    "equivalent": "no request can tell it from the right server",
    "unserved": "the right server never runs it, or only its known-bad relatives read it",
    "start-up": "how the process starts and ends, before and after all requests",
    "open": "the page leaves it open, and so does the suite",
    "gap": "the suite should see it, and does not yet",
}
LIST = Path(__file__).with_name("survivors.yaml")


@dataclass(frozen=True, slots=True)
class Listed:
    """Mutants that may survive for the same reason.

    Without `after` it stands for every change of the line, without `before` for every change of the
    definition.
    """

    file: str
    where: str
    reason: str
    why: str
    before: str | None = None
    after: str | None = None

    def covers(self, name: Name) -> bool:
        """Tell whether a mutant is one of these."""
        return (
            (self.file, self.where) == (name.file, name.where)
            and self.before in (None, name.before)
            and self.after in (None, name.after)
        )

    def __str__(self) -> str:
        texts = [self.file + (f": {self.where}" if self.where else ""), self.before or ""]
        return ": ".join(filter(None, texts)) + (f" -> {self.after}" if self.after else "")


def read(path: Path = LIST) -> list[Listed]:
    """Return the list, having held it against its schema; an entry with several texts becomes several."""
    document = yaml.safe_load(path.read_text("utf-8"))
    schema = json.loads((resources.schemas() / "mutants.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    return [each for entry in document["survivors"] for each in _entries(entry)]


def _entries(entry: Mapping[str, Any]) -> Iterator[Listed]:
    for after in entry.get("after", [None]):
        yield Listed(
            entry["file"],
            entry.get("where", ""),
            entry["reason"],
            " ".join(entry["why"].split()),
            entry.get("before"),
            after,
        )


@dataclass(frozen=True)
class Tally:
    """What the fates of mutants come to, beside the list."""

    unlisted: tuple[Name, ...]
    listed: Mapping[Name, Listed]
    # Entries whose mutants are all killed by now, and entries that no mutant belongs to.
    killed: tuple[Listed, ...]
    gone: tuple[Listed, ...]


def tally(fates: Mapping[Name, Judged], names: Collection[Name], listed: list[Listed]) -> Tally:
    """Hold the fates of the mutants that were judged, of all those there are, against the list."""
    survivors = [name for name, judged in fates.items() if judged.fate not in KILLED]
    found = {
        name: next((entry for entry in listed if entry.covers(name)), None) for name in survivors
    }
    mine = {entry: [name for name in names if entry.covers(name)] for entry in listed}
    return Tally(
        unlisted=tuple(sorted(name for name, entry in found.items() if entry is None)),
        listed={name: entry for name, entry in found.items() if entry is not None},
        killed=tuple(
            entry
            for entry, of_it in mine.items()
            if of_it and all(name in fates and fates[name].fate in KILLED for name in of_it)
        ),
        gone=tuple(entry for entry, of_it in mine.items() if not of_it),
    )
