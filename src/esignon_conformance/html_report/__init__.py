"""Builds the report that people read: a single HTML file made by Allure 3, also without a Node at hand."""

from .build import build_html
from .errors import ReportError

__all__ = ["ReportError", "build_html"]
