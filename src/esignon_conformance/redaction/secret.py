"""A text that must not be shown: a password, an email, a header's value."""

from __future__ import annotations


class Secret:
    """A secret text, kept out of every representation.

    It answers to what pydantic's `SecretStr` does, without the tenth of a second that loading pydantic
    would cost every start.  It is no dataclass, since whatever knows those shows their fields.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get_secret_value(self) -> str:
        """Return the text itself."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret()"
