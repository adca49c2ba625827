"""What is wrong with the settings, in either language."""

from __future__ import annotations

from .catalogue import render
from .language import Language
from .message import Message


class ConfigurationError(Exception):
    """Settings that cannot be used: one message that says what is wrong and what to do (exit 4)."""

    def __init__(self, message: Message | str) -> None:
        self.message = message
        super().__init__(self.text("en"))

    def text(self, language: Language) -> str:
        """Return the message in a language."""
        return self.message if isinstance(self.message, str) else render(self.message, language)
