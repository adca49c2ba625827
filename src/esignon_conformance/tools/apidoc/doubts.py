"""The kinds of doubt that a page leaves, and which of them a page that is cut or damaged has."""

from __future__ import annotations

from ...contract.facts import Doubt, Facts
from ...i18n.message import Message, say
from .example_reading import MENDS
from .text import PageError

# What a page that is cut short or damaged has.  Where the recorded page has none of that kind, a page
# with it is not compared: what is missing was not taken out by anybody.
DAMAGE: dict[str, str] = {
    "example-broken": "page-example-broken",
    "unclosed": "page-example-cut",
    "row-cut": "page-row-cut",
    "block-cut": "page-block-cut",
    "section-empty": "page-section-empty",
    "no-response-example": "page-no-response-example",
    "no-codes": "page-no-codes",
}
# What the parts of a page say otherwise than each other, or leave open.
_OPEN: tuple[str, ...] = (
    *(
        "from-curl",
        "no-url",
        "no-address",
        "path-not-in-url",
        "path-not-listed",
        "path-name-differs",
    ),
    *("table-unread", "from-curl"),
    *("query-called-path", "query-not-listed", "unplaced", "placed-by-example", "parameter-twice"),
    *("type-misspelt", "type-unknown", "type-differs", "listed-not-shown", "shown-not-listed"),
    *("code-differs", "code-twice", "code-kind", "another-success", "part-of"),
)
# An example can be mended; each kind of mend is a kind of doubt of its own.
KINDS: tuple[str, ...] = (
    *DAMAGE,
    *_OPEN,
    *(kind for kind, is_told in MENDS.items() if is_told and kind not in DAMAGE),
)


def message_of(doubt: Doubt) -> Message:
    """Return what a doubt says."""
    return say(f"doubt-{doubt.kind}", about=doubt.about)


def refuse_damaged(facts: Facts, known: Facts) -> None:
    """Raise `PageError` for the first damage of a page that the recorded one does not have."""
    if facts.is_webhook and not known.is_webhook:
        raise PageError(say("page-no-operation"))
    before = {one.kind for one in known.doubts}
    order = list(DAMAGE)
    damage = [one for one in facts.doubts if one.kind in DAMAGE]
    for doubt in sorted(damage, key=lambda one: order.index(one.kind)):
        if doubt.kind not in before:
            words = {"heading": doubt.about, "detail": doubt.about}
            raise PageError(say(DAMAGE[doubt.kind], **words), doubt.line)
    if known.codes and not facts.codes:
        raise PageError(say("page-no-codes"))
