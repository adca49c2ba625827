"""The picture of a verdict: every clause at a glance, and the result codes by situation, as SVG.

What a sign means is told three times, by colour, by shape and by letter, and once more in words for
who hears the page.  The colours are those of Okabe and Ito, which people with any colour vision tell
apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from ..contract.model import ANY_SUCCESS, SITUATIONS, Contract, groups_of
from ..i18n.catalogue import word
from ..i18n.language import Language
from .code_matrix import BROKEN, TURNED_AWAY, columns, documented_codes
from .styles import style

Statement = Mapping[str, Any]
Link = Callable[[str], str | None]

ORDER = ("fails", "advisory", "waived", "could-not-judge", "not-judged", "holds", "observed")
_SIGNS: Mapping[str, str] = {
    "holds": '<path d="m-7 0 5 6L8-6" class="s"/>',
    "fails": '<path d="M-7-7 7 7M7-7-7 7" class="s"/>',
    "advisory": '<path d="M0-8V2M0 7v.5" class="s"/>',
    "waived": '<path d="M-4-7V7M4-7V7" class="s"/>',
    "not-judged": '<path d="M-7 0H7" class="s"/>',
    "could-not-judge": '<text y="6" class="q">?</text>',
    "observed": '<circle r="4.5" class="s"/>',
}
_WIDTH, _LEFT, _CELL, _GAP = 920, 118, 42, 5


@dataclass(frozen=True)
class _Layout:
    """How wide the grid is, where its cells begin, and how many stand in a row."""

    width: int
    left: int
    columns: int
    # Where a label has no room beside its cells it stands above them.
    above: int = 0


_WIDE = _Layout(_WIDTH, _LEFT, 17)
# As wide as a phone, so that a cell is as large there as a finger needs it.
_NARROW = _Layout(330, 0, 7, above=24)
_ROW_HEIGHT, _CODE_LEFT, _TOP = 26, 220, 30


def picture(statement: Statement, contract: Contract, language: Language) -> str:
    """Return both parts as one SVG that stands by itself."""
    clauses, clause_height = _clauses(statement, contract, language, lambda _clause: None, _WIDE)
    codes, code_height = _codes(statement, contract, language)
    height = clause_height + code_height + 72
    words = _in_words(statement, contract, language)
    title = escape(word("picture-title", language, target=statement["target"]["base_url"]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ec-pic" role="img" lang="{language}" '
        f'aria-labelledby="t d" viewBox="-16 -16 {_WIDTH + 32} {height}" width="{_WIDTH + 32}">'
        f'<title id="t">{title}</title><desc id="d">{escape(words)}</desc><style>{style("picture")}</style>'
        f'<rect x="-16" y="-16" width="{_WIDTH + 32}" height="{height}" fill="var(--paper)"/>'
        f'<text y="10" class="h">{title}</text><g transform="translate(0 26)">{clauses}</g>'
        f'<g transform="translate(0 {clause_height + 46})">{codes}</g></svg>\n'
    )


def clauses_svg(
    statement: Statement,
    contract: Contract,
    language: Language,
    link: Link,
    *,
    narrow: bool = False,
) -> str:
    """Return all clauses as an SVG inside a page; `link` gives the address of what tells of a clause."""
    layout = _NARROW if narrow else _WIDE
    body, height = _clauses(statement, contract, language, link, layout)
    label = escape(word("picture-clauses", language), quote=True)
    return (
        f'<svg class="ec-pic" role="group" aria-label="{label}" '
        f'viewBox="0 0 {layout.width} {height}" width="100%">{body}</svg>'
    )


def codes_svg(statement: Statement, contract: Contract, language: Language) -> str:
    """Return the result codes by situation as an SVG inside a page."""
    body, height = _codes(statement, contract, language)
    label = escape(word("picture-codes", language), quote=True)
    words = escape(_codes_in_words(statement, contract, language))
    return (
        f'<svg class="ec-pic" role="img" aria-label="{label}" viewBox="0 0 {_WIDTH} {height}" '
        f'width="100%"><desc>{words}</desc>{body}</svg>'
    )


def _clauses(
    statement: Statement, contract: Contract, language: Language, link: Link, layout: _Layout
) -> tuple[str, int]:
    parts, step, y = [], _CELL + _GAP, 0
    verdicts = [one for one in statement["clauses"] if one["id"] in contract.clauses]
    for group in groups_of(one["id"] for one in verdicts):
        own = [one for one in verdicts if one["id"].startswith(f"{group}-")]
        label = f"{group} {word(f'group-{group}', language)}"
        baseline = y + (16 if layout.above else 26)
        parts.append(f'<text y="{baseline}" class="h">{escape(label)}</text>')
        y += layout.above
        for at, one in enumerate(own):
            row, column = divmod(at, layout.columns)
            place = f"translate({layout.left + column * step} {y + row * step})"
            drawn = _clause(one, contract, language, link)
            parts.append(f'<g transform="{place}">{drawn}</g>')
        y += max(1, -(-len(own) // layout.columns)) * step
    legend, end = _legend(Counter(one["verdict"] for one in verdicts), y + 16, layout, language)
    return "".join(parts) + legend, end


def _legend(
    counts: Mapping[str, int], top: int, layout: _Layout, language: Language
) -> tuple[str, int]:
    """Return what the signs mean, in as many rows as it takes, and where it ends."""
    parts, x, y = [], 0.0, top
    for verdict in (one for one in ORDER if counts[one]):
        text = f"{word(f'verdict-{verdict}', language)} {counts[verdict]}"
        width = 50 + _text_width(text)
        if x and x + width > layout.width:
            x, y = 0.0, y + 30
        parts.append(
            f'<g class="{verdict}" transform="translate({x:.0f} {y})"><rect x="0" y="-12" '
            f'width="24" height="24" rx="5" class="b"/><g transform="translate(12 0) scale(.72)">'
            f'{_SIGNS[verdict]}</g></g><text x="{x + 31:.0f}" y="{y + 5}">{escape(text)}</text>'
        )
        x += width
    shapes = word("picture-shapes", language)
    lines = [shapes] if _text_width(shapes) < layout.width * 1.4 else shapes.split(". ")
    for number, line in enumerate(lines):
        parts.append(f'<text x="0" y="{y + 33 + number * 16}" class="n">{escape(line)}</text>')
    return "".join(parts), y + 40 + (len(lines) - 1) * 16


def _clause(one: Mapping[str, Any], contract: Contract, language: Language, link: Link) -> str:
    clause = contract.clauses[one["id"]]
    verdict = word(f"verdict-{one['verdict']}", language)
    level = word(f"level-{clause.level}", language)
    text = f"{clause.id} ({level}) {verdict}: {clause.title[language]}"
    if one["reason"]:
        text += f" — {one['reason']}"
    corner = {"must": 2, "should": 13, "observe": _CELL // 2}[clause.level]
    inside = (
        f'<title>{escape(text)}</title><rect width="{_CELL}" height="{_CELL}" rx="{corner}" '
        f'class="b"/><text x="{_CELL / 2}" y="12.5" class="n m">{clause.id.split("-")[1]}</text>'
        f'<g transform="translate({_CELL / 2} {_CELL / 2 + 5}) scale(.92)">'
        f"{_SIGNS[one['verdict']]}</g>"
    )
    group = f'<g class="{one["verdict"]}">{inside}</g>'
    address = link(clause.id)
    if address is None:
        return group
    return f'<a href="{escape(address)}" aria-label="{escape(text)}">{group}</a>'


def _codes(statement: Statement, contract: Contract, language: Language) -> tuple[str, int]:
    seen = statement["coverage"]["situations"]
    documented = documented_codes(contract)
    codes = columns(contract, seen)
    width = (_WIDTH - _CODE_LEFT) // len(codes)
    parts = []
    for column, code in enumerate(codes):
        x = _CODE_LEFT + column * width + width // 2
        parts.append(
            f'<text x="{x}" y="14" class="h m">{escape(_code_name(code, language))}</text>'
        )
    for row, situation in enumerate(SITUATIONS):
        y = _TOP + row * _ROW_HEIGHT
        name = word(f"situation-{situation}", language)
        parts.append(f'<text y="{y + 16}">{escape(name)}</text>')
        for column, code in enumerate(codes):
            cell = seen.get(situation, {}).get(code, {"seen": 0, "deviating": 0})
            how = documented[situation].get(code, "")
            parts.append(_code(cell, how, _CODE_LEFT + column * width, y, width))
    y = _TOP + len(SITUATIONS) * _ROW_HEIGHT + 16
    parts.append(f'<text x="0" y="{y}" class="n">{escape(word("picture-cells", language))}</text>')
    return "".join(parts), y + 8


def _code(cell: Mapping[str, int], how: str, x: int, y: int, width: int) -> str:
    wrong = cell["deviating"]
    text = str(cell["seen"]) if cell["seen"] else "·" if how == "always" else ""
    if wrong:
        text = f"✕ {wrong}" + (f" / {cell['seen']}" if wrong < cell["seen"] else "")
    kind = "wrong" if wrong else how
    box = ""
    if kind:
        box = (
            f'<rect x="{x + 3}" y="{y}" width="{width - 6}" height="{_ROW_HEIGHT - 4}" rx="4" '
            f'class="b {kind}"/>'
        )
    return f'{box}<text x="{x + width // 2}" y="{y + 16}" class="m">{text}</text>'


def _code_name(code: str, language: Language) -> str:
    # Codes of pages are any text: "-1", for one, or none at all, where the status tells the outcome.
    if code in (TURNED_AWAY, BROKEN):
        return word(f"code-{code}", language)
    return code if code == ANY_SUCCESS else f'"{code}"'


def _in_words(statement: Statement, contract: Contract, language: Language) -> str:
    """Return what the picture shows, for who hears it."""
    sentences = []
    for verdict in ORDER:
        ids = [one["id"] for one in statement["clauses"] if one["verdict"] == verdict]
        if ids:
            name = word(f"verdict-{verdict}", language)
            sentences.append(f"{name} ({len(ids)}): {', '.join(ids)}.")
    return " ".join([*sentences, _codes_in_words(statement, contract, language)])


def _codes_in_words(statement: Statement, contract: Contract, language: Language) -> str:
    documented = documented_codes(contract)
    sentences = []
    for situation, codes in statement["coverage"]["situations"].items():
        allowed = [code for code, how in documented[situation].items() if how == "always"]
        came = [
            f"{_code_name(code, language)} × {cell['seen']}"
            + (f" (✕ {cell['deviating']})" if cell["deviating"] else "")
            for code, cell in codes.items()
        ]
        name = word(f"situation-{situation}", language)
        sentences.append(
            word(
                "picture-situation",
                language,
                situation=name,
                documented=", ".join(_code_name(one, language) for one in allowed) or "-",
                seen=", ".join(came),
            )
        )
    return " ".join(sentences)


def _text_width(text: str) -> float:
    return sum(13 if ord(one) > 0x1100 else 7.2 for one in text)
