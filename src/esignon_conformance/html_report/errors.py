"""The one error that the HTML report raises."""

from __future__ import annotations


class ReportError(Exception):
    """The HTML report could not be built: the message says what, where and what to do about it."""
