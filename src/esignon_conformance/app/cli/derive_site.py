"""`esignon-conformance derive --site`: all pages of the documentation as a table, a contract, a check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ...i18n.catalogue import render, word
from ...i18n.language import Language
from ...reports.styled_text import cell_width
from ...tools.apidoc.drift import Change
from ...tools.apidoc.shared_facts import SharedFacts, shared_facts
from ...tools.apidoc.site import Page, drafts_of, read_site
from ...tools.apidoc.site_record import PageChange, changed_pages, write_site
from ...tools.apidoc.told_changes import told

_EXIT_CHANGED = 1
_MOST_CHANGES = 4
_MOST_NAMES = 4


def draft_site(source: str, folder: str | None, language: Language) -> int:
    """Print the table of a site and what its pages share; write one contract for all into a folder."""
    pages = read_site(source)
    operations = {name: facts for name, (_, facts) in drafts_of(pages).items()}
    for line in _table(pages, language):
        print(line)
    print()
    for line in _shared(shared_facts(operations), language):
        print(line)
    if folder is not None:
        written = write_site(pages, Path(folder))
        print()
        print(word("site-drafted", language, count=len(written), folder=folder))
    return 0


def check_site(source: str, folder: str, language: Language) -> int:
    """Print a line for each page that changed; return 1 where one did."""
    pages = read_site(source)
    changed = list(changed_pages(pages, Path(folder)))
    for one in changed:
        print(_changed(one, language))
    count = len(pages) - len(changed)
    print(word("site-same", language, count=max(0, count)))
    return _EXIT_CHANGED if changed else 0


def _changed(one: PageChange, language: Language) -> str:
    at = f"{one.page}:{one.line}" if one.line else one.page
    if one.told is not None:
        return f"{at}: {render(one.told, language)}"
    said = "; ".join(_told(change, language) for change in one.changes[:_MOST_CHANGES])
    more = "; …" if len(one.changes) > _MOST_CHANGES else ""
    return f"{at}: {word('site-changes', language, count=len(one.changes))}: {said}{more}"


def _told(change: Change, language: Language) -> str:
    return f"{word('page-line', language, line=change.line)} {told(change, language)}"


def _table(pages: Sequence[Page], language: Language) -> Iterator[str]:
    rows = [
        tuple(word(f"site-{name}", language) for name in ("page", "operation", "facts", "doubts"))
    ]
    for page in pages:
        for facts in page.operations:
            counted = len(facts.parameters) + len(facts.examples) + len(facts.codes)
            said = f"{facts.method} {facts.path} {facts.request_code}".rstrip()
            if not facts.has_response:
                # The draft of such a page can judge little: only what every answer promises.
                said += f" ({word('site-no-answer', language)})"
            rows.append((page.name, said, str(counted), str(len(facts.doubts))))
        if page.refused is not None:
            rows.append((page.name, render(page.refused, language), "-", "-"))
    widths = [max(cell_width(row[at]) for row in rows) for at in range(2)]
    widths[1] = min(widths[1], 72)
    for row in rows:
        cells = [
            row[at] + " " * max(0, width - cell_width(row[at])) for at, width in enumerate(widths)
        ]
        yield f"{'  '.join(cells)}  {row[2]:>5}  {row[3]:>6}".rstrip()


def _shared(found: SharedFacts, language: Language) -> Iterator[str]:
    envelope = ", ".join(f"{name} {len(pages)}" for name, pages in found.envelope.items())
    yield word("site-envelope", language, members=envelope or "-", count=found.operations)
    tokens = ", ".join(f"{name} ({len(pages)})" for name, pages in found.tokens.items())
    yield word("site-tokens", language, headers=tokens)
    for code, texts in found.texts_of.items():
        said = " / ".join(f"{text} ({len(names)})" for text, names in texts.items())
        yield word("site-code-texts", language, code=code, texts=said)
    for text, codes in found.codes_of.items():
        said = ", ".join(f"{code} ({len(names)})" for code, names in codes.items())
        yield word("site-text-codes", language, text=text, codes=said)
    yield from _groups("site-twice", found.twice, language)
    yield from _groups("site-one-address", found.one_address, language)


def _groups(key: str, groups: Mapping[str, tuple[str, ...]], language: Language) -> Iterator[str]:
    for operation, names in groups.items():
        more = f", … ({len(names)})" if len(names) > _MOST_NAMES else ""
        yield word(key, language, operation=operation, names=", ".join(names[:_MOST_NAMES]) + more)
