"""Text as HTML holds it."""

from __future__ import annotations

import html


def in_element(text: str) -> str:
    """Return a text as an HTML element holds it.  In an attribute, quotation marks would end it."""
    return html.escape(text, quote=False)
