"""A change of a page in words: what it is about, what it was and is, and what there is to do about it."""

from __future__ import annotations

from ...i18n.catalogue import word
from ...i18n.language import Language
from .drift import Change

# What to do about a change of each kind; the words are `todo-…` of the catalogue.
_TODO: dict[str, str] = {
    "change-added": "added",
    "change-removed": "removed",
    "change-example-added": "example",
    "change-example-removed": "example",
    "change-bound": "bound",
    "change-unbound": "bound",
}
TODOS = ("added", "removed", "example", "bound", "code", "changed")
# An answer is one without an HTTP status of its own on the page.
PLACES = (
    *("path", "query", "header", "request", "response", "answer", "code", "method", "url"),
    "operation",
)


def place_in_words(place: str, language: Language) -> str:
    """Return a place in words: ``request /body/memb_email`` is body.memb_email of the request."""
    kind, _, name = place.partition(" ")
    if kind not in PLACES:
        return place
    dotted = ".".join(name.rpartition(" ")[2].split("/")[1:]) if "/" in name else name
    status = name.partition(" ")[0] if name[:1].isdigit() and "/" in name else ""
    if kind == "response" and not status:
        kind = "answer"
    return word(f"place-{kind}", language, name=dotted, status=status).strip()


def told(change: Change, language: Language) -> str:
    """Return what changed, in words."""
    place = place_in_words(change.place, language)
    return word(change.key, language, place=place, old=change.old, new=change.new)


def todo(change: Change, language: Language) -> str:
    """Return what a person can do about a change."""
    kind = _TODO.get(change.key, "changed")
    if change.place.startswith("code ") and kind in ("added", "removed"):
        kind = "code"
    return word(f"todo-{kind}", language, fact=change.place)
