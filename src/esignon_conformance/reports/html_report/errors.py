"""The one error that the HTML report raises."""

from __future__ import annotations

from ...i18n.catalogue import render
from ...i18n.language import Language
from ...i18n.message import Message


class ReportError(Exception):
    """The HTML report could not be built: the message says what, where and what to do about it.

    `is_about_the_folder` says that another folder was meant, or that no run has written into it yet.
    """

    def __init__(self, message: Message, *, is_about_the_folder: bool = False) -> None:
        self.is_about_the_folder = is_about_the_folder
        self.message = message
        super().__init__(self.text("en"))

    def text(self, language: Language) -> str:
        """Return the message in a language."""
        return render(self.message, language)
