"""Makes Allure's page keep to itself: it loads nothing from outside, and the browser sees to it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from ...i18n.message import say
from .errors import ReportError

MARK = '<meta name="generator" content="esignon-conformance">'
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline' data:; "
    "img-src data: blob:; font-src data:; media-src data: blob:; connect-src data: blob:; "
    "frame-src data: blob:; form-action 'none'"
)
POLICY_OF_PAPER = "default-src 'none'; style-src 'unsafe-inline'"
_HEAD = f"""
    {MARK}
    <meta http-equiv="Content-Security-Policy" content="{POLICY}">
    <meta http-equiv="x-dns-prefetch-control" content="off">
    <meta name="referrer" content="no-referrer">
"""
_CHARSET = '<meta charset="utf-8">'

_OUTSIDE_ELEMENT = re.compile(
    r"<(script|iframe|object|video|audio)\b[^>]*?\s(?:src|data)\s*=\s*[\"']?(?:https?:)?//[^>]*>.*?</\1\s*>"
    r"|<(?:link|img|embed)\b[^>]*?\s(?:src|href)\s*=\s*[\"']?(?:https?:)?//[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_ANALYTICS = re.compile(r"<script>\s*window\.dataLayer\b.*?</script>", re.DOTALL)

_LOADING_ATTRIBUTES = frozenset(
    {"src", "srcset", "data", "poster", "background", "formaction", "action"}
)
_LOADING_LINKS = frozenset({"link", "base", "image", "use"})
_OUTSIDE_URL = re.compile(r"(?:^|[\s,=])(?:(?:https?|wss?|ftp):|//)", re.IGNORECASE)


def seal(page: str, preface: str = "") -> str:
    """Return the page without what loads from outside, with a policy that forbids it, and our mark.

    `preface` is put at the top of the head, before anything of the page runs.  Raises `ReportError`
    when the page is not one that this module knows, or would still load something from outside.
    """
    stripped = _ANALYTICS.sub("", _OUTSIDE_ELEMENT.sub("", page))
    head = _CHARSET + _HEAD + preface
    sealed, places = re.subn(re.escape(_CHARSET), lambda _: head, stripped, count=1)
    if not places:
        raise ReportError(say("report-no-policy"))
    left = outside_references(sealed)
    if left:
        raise ReportError(say("report-loads", what=", ".join(left[:3])))
    return sealed


def outside_references(page: str) -> list[str]:
    """Return what opening the page would load from outside, each as the tag that would do it."""
    scanner = _Scanner()
    scanner.feed(page)
    scanner.close()
    return scanner.found


def is_ours(beginning: str) -> bool:
    """Tell from the beginning of a file whether this module wrote it."""
    return MARK in beginning


class _Scanner(HTMLParser):
    """Collects the references that a browser follows without being asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            loads = name in _LOADING_ATTRIBUTES or (tag in _LOADING_LINKS and "href" in name)
            refreshes = tag == "meta" and name == "content" and ("http-equiv", "refresh") in attrs
            if (loads or refreshes) and value and _OUTSIDE_URL.search(_start(value)):
                self.found.append(f'<{tag} {name}="{_start(value)}">')


def _start(value: str) -> str:
    """Return the part of an address that tells where it leads: data addresses run to megabytes."""
    return "data:" if value.startswith("data:") else value[:200]
