"""The waivers with which a run would have passed, as the text of a file.  Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ..i18n.catalogue import word
from ..i18n.language import Language
from .statement_diff import ClauseOf, Statement, WaiverOf

_WAIVABLE = ("fails", "advisory")


@dataclass(frozen=True)
class Signature:
    """Who sees to the new waivers, where it is worked on, and until when they waive."""

    owner: str
    ticket: str
    until: str


@dataclass(frozen=True)
class Entry:
    """An entry of a file of waivers, the comment above it, and whether it is written as a comment only."""

    members: tuple[tuple[str, str], ...]
    comment: str = ""
    is_gone: bool = False


def entries_of(
    statement: Statement, signature: Signature, language: Language, *, advisories: bool = False
) -> list[Entry]:
    """Return the waivers of a run that it still needs, those that it does not, and those that it lacks.

    A new one waives a whole clause: what builds on it is then not judged, and cannot fail in its stead.
    """
    kept = [_kept(one, language) for one in statement.waivers if one.standing != "expired"]
    verdicts = _WAIVABLE if advisories else _WAIVABLE[:1]
    lacking = [one for one in statement.clauses if one.verdict in verdicts]
    expired = {one.clause: one for one in statement.waivers if one.standing == "expired"}
    return [
        *kept,
        *(
            _new(one, signature, expired.get(one.id), language, statement.language)
            for one in lacking
        ),
    ]


def _kept(waiver: WaiverOf, language: Language) -> Entry:
    told = ("clause", "case", "reason", "owner", "ticket", "until")
    members = tuple((name, value) for name in told if (value := getattr(waiver, name)))
    about = " ".join(one for one in (waiver.clause, waiver.case) if one)
    words = {"about": about, "ticket": waiver.ticket}
    comment = word("waiver-not-needed", language, **words) if waiver.stale else ""
    return Entry(members, comment, is_gone=waiver.stale)


def _new(
    clause: ClauseOf,
    signature: Signature,
    expired: WaiverOf | None,
    language: Language,
    written: Language,
) -> Entry:
    finding = next(one for one in clause.findings if one.waiver is None)
    # Both sides of the sentence in the language that the run wrote its findings in.
    label_expected, label_got = (word(f"label-{one}", written) for one in ("expected", "got"))
    where = f" ({finding.pointer})" if finding.pointer else ""
    reason = f"{label_got}: {finding.got}{where}; {label_expected}: {finding.expected}"
    comment = ""
    if expired is not None:
        comment = word("waivers-expired-on", language, until=expired.until, ticket=expired.ticket)
    return Entry(
        (
            ("clause", clause.id),
            ("reason", reason),
            ("owner", signature.owner),
            ("ticket", signature.ticket),
            ("until", signature.until),
        ),
        comment,
    )


def file_text(entries: list[Entry], heading: str) -> str:
    """Return the text of a file of waivers."""
    return "".join(f"{line}\n" for line in _lines(entries, heading))


def _lines(entries: list[Entry], heading: str) -> Iterator[str]:
    yield f"# {heading}"
    yield "waivers:" if any(not one.is_gone for one in entries) else "waivers: []"
    for entry in entries:
        if entry.comment:
            yield f"  # {entry.comment}"
        for number, (name, value) in enumerate(entry.members):
            # A text of JSON is a text of YAML, whatever stands in it; a date is one as it is.
            text = (
                value
                if name in ("until", "clause", "case")
                else json.dumps(value, ensure_ascii=False)
            )
            yield f"  {'# ' if entry.is_gone else ''}{'- ' if number == 0 else '  '}{name}: {text}"
