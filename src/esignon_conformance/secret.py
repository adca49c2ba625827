"""A text that must not be shown: a password, an email, a header's value."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Secret:
    """A secret text, kept out of every representation.

    It answers to what pydantic's `SecretStr` does, without the tenth of a second that loading pydantic
    would cost every start.
    """

    _value: str = field(repr=False)

    def get_secret_value(self) -> str:
        """Return the text itself."""
        return self._value
