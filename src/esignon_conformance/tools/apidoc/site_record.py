"""A site as it was recorded with its drafts, and what of it has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...contract.facts import Facts
from ...contract.facts_record import to_yaml
from ...i18n.message import Message, say
from .contract_files import checked_file, read_facts, write_files
from .doubts import refuse_damaged
from .draft import write_drafts
from .drift import Change, compare
from .shared_facts import shared_facts
from .site import Page, drafts_of
from .text import PageError

SITE = "contracts/site.yaml"
_HEAD = (
    "# The pages of a site and their operations, recorded by `esignon-conformance derive --site`.\n"
)


@dataclass(frozen=True)
class PageChange:
    """What became of a page: its changed facts, or why they cannot be compared."""

    page: str
    changes: tuple[Change, ...] = ()
    told: Message | None = None
    line: int = 0


def write_site(pages: Sequence[Page], folder: Path) -> dict[str, Facts]:
    """Write the drafts of all operations of a site into one contract folder; return them by name.

    Raises as `write_drafts` does.
    """
    drafts = drafts_of(pages)
    operations = {name: facts for name, (_, facts) in drafts.items()}
    write_drafts(operations, folder)
    names: dict[str, list[str]] = {page.name: [] for page in pages}
    for name, (page, _) in drafts.items():
        names[page].append(name)
    record: dict[str, Any] = {
        "pages": [{"page": page, "operations": found} for page, found in names.items()],
        "shared": shared_facts(operations).as_data(),
    }
    write_files({SITE: _HEAD + to_yaml(record)}, folder)
    return operations


def changed_pages(pages: Sequence[Page], folder: Path) -> Iterator[PageChange]:
    """Yield the pages that changed against those recorded in a contract folder, and what became of each.

    Raises `ContractError` where no site is recorded there.
    """
    record = checked_file(folder / SITE, folder, "site.json").value
    recorded: dict[str, list[str]] = {one["page"]: one["operations"] for one in record["pages"]}
    found = {page.name: page for page in pages}
    for name in sorted({*recorded, *found}):
        page = found.get(name)
        if page is None:
            yield PageChange(name, told=say("site-page-gone"))
        elif name not in recorded:
            told = _operations(page) or page.refused
            if told is not None:
                yield PageChange(name, told=told, line=page.line)
        else:
            known = {
                one: read_facts(folder / "contracts" / one / "facts.yaml", folder)
                for one in recorded[name]
            }
            yield from _changed(page, known)


def _operations(page: Page) -> Message | None:
    said = ", ".join(f"{one.method} {one.path}" for one in page.operations)
    return say("site-page-new", operations=said) if said else None


def _changed(page: Page, known: Mapping[str, Facts]) -> Iterator[PageChange]:
    if not known and not page.operations:
        if page.is_damaged:
            yield PageChange(page.name, told=page.refused, line=page.line)
        return
    if not page.operations:
        yield PageChange(page.name, told=page.refused, line=page.line)
        return
    changes: list[Change] = []
    left = list(page.operations)
    for name, was in known.items():
        now = _same(was, left)
        if now is None:
            changes.append(Change("change-removed", name, f"{was.method} {was.path}", "", 1))
            continue
        left.remove(now)
        try:
            refuse_damaged(now, was)
        except PageError as error:
            yield PageChange(page.name, told=error.message, line=error.line)
            return
        changes += (one for one in compare(was, now) if one.is_fact)
    changes += (
        Change("change-added", "operation", "", f"{one.method} {one.path}", one.line)
        for one in left
    )
    if changes:
        yield PageChange(page.name, tuple(changes))


def _same(was: Facts, left: Sequence[Facts]) -> Facts | None:
    """Return the operation of a page that is the recorded one: of its address, or else the next."""
    of_address = (one for one in left if (one.method, one.url) == (was.method, was.url))
    return next(of_address, left[0] if left else None)
