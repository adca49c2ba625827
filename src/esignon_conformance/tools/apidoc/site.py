"""All pages of the documentation at once: a folder, or the `llms.txt` that lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

from ...contract.facts import Facts
from ...i18n.message import Message, say
from .draft import name_of, plain_name
from .page_reader import read_pages
from .source import page_bytes
from .text import PageError

_SUFFIXES = (".md", ".mdx", ".markdown")
# As a browser saves pages; a page that is there as Markdown, too, is read once.
_HTML = (".html", ".htm")
_LINK = re.compile(r"\[[^\]\n]{0,300}\]\(\s*<?([^)\s>]{1,500})>?[^)\n]{0,300}\)")
# Pages that are of no operation and say so.
_OTHER_PAGES = ("page-no-operation", "page-only-codes")
_MOST_PAGES = 1_000


@dataclass(frozen=True)
class Page:
    """A page of a site: its name there, and its operations, or why it has none."""

    name: str
    operations: tuple[Facts, ...] = ()
    refused: Message | None = None
    line: int = 0

    @property
    def is_damaged(self) -> bool:
        """Tell whether the page could not be read at all, rather than being of no operation."""
        return self.refused is not None and self.refused.key not in _OTHER_PAGES


def read_site(source: str) -> tuple[Page, ...]:
    """Read all pages of a folder, or those that an `llms.txt` links to, in the order of their names.

    Raises `PageError` where there is no such folder or list, or no page in it.
    """
    pages = tuple(_read(name, place) for name, place in sorted(_places(source).items()))
    if not pages:
        raise PageError(say("site-empty", source=source))
    return pages


def _read(name: str, place: str) -> Page:
    try:
        return Page(name, read_pages(page_bytes(place)))
    except PageError as error:
        return Page(name, (), error.message, error.line)


def _places(source: str) -> dict[str, str]:
    """Return where each page lies, by its name on the site."""
    if not _is_address(source) and Path(source).is_dir():
        folder = Path(source)
        files = [path for path in folder.rglob("*") if path.is_file()]
        found = [path for path in files if path.suffix.lower() in _SUFFIXES]
        stems = {path.with_suffix("") for path in found}
        found += [
            path
            for path in files
            if path.suffix.lower() in _HTML and path.with_suffix("") not in stems
        ]
        named = {path.relative_to(folder).as_posix(): str(path) for path in found}
    else:
        named = dict(_linked(source, page_bytes(source).decode("utf-8", errors="replace")))
    if len(named) > _MOST_PAGES:
        raise PageError(say("site-too-large", most=_MOST_PAGES))
    return named


def _linked(source: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the pages that a list links to.

    From an address only pages of its own host are fetched; beside a file, pages are files, also those
    that the list gives the whole address of: no host is asked that nobody named.
    """
    folder = Path(source).parent
    for match in _LINK.finditer(text):
        target = match[1].partition("#")[0]
        if _is_address(source):
            address = urljoin(source, target)
            path = urlsplit(address).path
            if urlsplit(address).netloc == urlsplit(source).netloc and _is_page(path):
                yield path.lstrip("/"), address
        elif _is_page(path := unquote(urlsplit(target).path)):
            plain = PurePosixPath("/", path).relative_to("/")
            if ".." not in plain.parts:
                yield plain.as_posix(), str(folder / plain)


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _is_page(path: str) -> bool:
    return path.lower().endswith((*_SUFFIXES, *_HTML))


def drafts_of(pages: Sequence[Page]) -> dict[str, tuple[str, Facts]]:
    """Return the page and the facts of every operation by a name of its own.

    An operation is named after its page, and after the folder of that, too, where two are called alike.
    """
    found: dict[str, tuple[str, Facts]] = {}
    stems = [_stem(page.name) for page in pages if page.operations]
    for page in pages:
        for index, facts in enumerate(page.operations):
            stem = _stem(page.name)
            name = stem if index == 0 else f"{stem}-{name_of(facts)}"
            if not stem or stems.count(stem) > 1:
                folder = PurePosixPath(page.name).parent.name
                name = plain_name(f"{folder}-{name}") or f"page-{name}".rstrip("-")
            found[_free(name or name_of(facts), found)] = (page.name, facts)
    return found


def _stem(name: str) -> str:
    stem = PurePosixPath(name).stem
    if stem.lower() in ("readme", "index"):
        stem = PurePosixPath(name).parent.name
    return plain_name(stem)


def _free(name: str, taken: Mapping[str, object]) -> str:
    number = 2
    free = name
    while free in taken:
        free = f"{name}-{number}"
        number += 1
    return free
