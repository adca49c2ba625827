"""Header fields for a gateway: fixed ones, those that a command prints, and those that a plugin signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..target.header_command import OWN_HEADERS, Fields, HeaderCommand, is_sendable
from .messages import Answer, Headers, Request

_UNAUTHORIZED = 401
# So many requests may be answered 401 by a fresh value, too, before only those that were answered
# otherwise before let the command be run again: then it is the server that says 401.
_MOST_IN_VAIN = 3
SIGN_HOOK = "esignon_sign"
_SHORTEST_SIGNATURE = 20


@dataclass(frozen=True)
class SignedRequest:
    """A request as `esignon_sign(request)` sees it: what goes out, byte for byte.

    A pytest plugin, which is a module that is named with ``-p`` or a conftest.py, may have a function of
    that name.  It is asked for each request that goes out and returns further header fields, as a mapping
    or as pairs, or None.  It needs no decorator: pytest itself knows no hooks but `pytest_*`.
    """

    method: str
    url: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)


# Returns further header fields of a request.
Sign = Callable[[SignedRequest], Iterable[tuple[str, str]]]


class GatewayHeaders:
    """The header fields of one run that are for a gateway, each value a secret.

    `register` makes a secret known, by its value and a name, `register_signature` by its value.
    """

    def __init__(
        self,
        fixed: Fields = (),
        command: HeaderCommand | None = None,
        sign: Sign | None = None,
        register: Callable[[str, str], None] = lambda _value, _name: None,
        register_signature: Callable[[str], None] = lambda _value: None,
        *,
        first: Fields = (),
    ) -> None:
        self._fixed = fixed
        self._command = command
        self._sign = sign
        self._register = register
        self._register_signature = register_signature
        self._fetched = first
        self._answered: set[Request] = set()
        self._in_vain: set[Request] = set()

    @property
    def fields(self) -> Headers:
        """Return the fields that every request has; one that is fetched beats a fixed one."""
        fetched = {name.lower() for name, _ in self._fetched}
        kept = (one for one in self._fixed if one[0].lower() not in fetched)
        return tuple((name, value.get_secret_value()) for name, value in (*kept, *self._fetched))

    def signed(self, method: str, url: str, headers: Headers, body: bytes) -> Headers:
        """Return what the plugin adds to a request."""
        if self._sign is None:
            return ()
        added = tuple(self._sign(SignedRequest(method, url, headers, body)))
        for _, value in added:
            # What is shorter is a moment or a number of once: masked, it would make reports unreadable.
            if len(value) >= _SHORTEST_SIGNATURE:
                self._register_signature(value)
        return added

    def note(self, request: Request, answer: Answer | None) -> None:
        """Note what a request was answered."""
        is_let_through = answer is not None and answer.status != _UNAUTHORIZED
        if self._command is not None and is_let_through:
            self._answered.add(request)

    def renew(self, request: Request, answer: Answer | None) -> bool:
        """Run the command again after a 401; tell whether the request is to be sent once more."""
        if self._command is None or answer is None or answer.status != _UNAUTHORIZED:
            return False
        # The application's own refusal has the envelope.
        if b'"result_code"' in answer.body or request in self._in_vain:
            return False
        if len(self._in_vain) >= _MOST_IN_VAIN and request not in self._answered:
            return False
        try:
            self._fetched = self._command.fetched()
        except ConfigurationError:
            # The values before are as good as none: what comes then is told as what stands between.
            return False
        for name, value in self._fetched:
            self._register(value.get_secret_value(), f"header {name}")
        return True

    def note_in_vain(self, request: Request) -> None:
        """Note that a fresh value did not help a request."""
        self._in_vain.add(request)


def signing(hooks: Iterable[object]) -> Sign | None:
    """Return what asks the `esignon_sign` of every plugin that has one; None where none has."""
    found = [one for one in hooks if callable(one)]
    if not found:
        return None
    return lambda request: as_pairs(one(request) for one in found)


def as_pairs(results: Iterable[object]) -> list[tuple[str, str]]:
    """Return what plugins returned, mappings or pairs, as pairs."""
    found: list[tuple[str, str]] = []
    for result in results:
        pairs = result.items() if isinstance(result, Mapping) else result
        for name, value in pairs or ():  # type: ignore[attr-defined]  # a plugin's, whatever it is
            if name.lower() in OWN_HEADERS or not is_sendable(str(value)):
                raise ConfigurationError(say("config-signed", name=name))
            found.append((str(name), str(value)))
    return found
