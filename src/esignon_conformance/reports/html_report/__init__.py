"""Builds the report that people read: one HTML file, made by Allure 3 with the Node at hand."""

from .build import build_html
from .errors import ReportError

__all__ = ["ReportError", "build_html"]
