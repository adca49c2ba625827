"""The one error that the HTML report raises."""

from __future__ import annotations


class ReportError(Exception):
    """The HTML report could not be built: the message says what, where and what to do about it.

    `is_about_the_folder` says that another folder was meant, or that no run has written into it yet.
    """

    def __init__(self, message: str, *, is_about_the_folder: bool = False) -> None:
        self.is_about_the_folder = is_about_the_folder
        super().__init__(message)
