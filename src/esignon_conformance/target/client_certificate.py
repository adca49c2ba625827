"""The client's certificate of TLS: read, its key unlocked, and held against each other before a run."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from pathlib import Path

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..i18n.outside import reason_of
from ..redaction.secret import Secret


@dataclass(frozen=True)
class ClientCertificate:
    """The files of a certificate and of its key as PEM, which may be one, and the key's password.

    `variable` is where the password comes from.
    """

    certificate: Path
    key: Path | None = None
    password: Secret = field(default_factory=lambda: Secret(""))
    variable: str = ""

    def load(self, context: ssl.SSLContext) -> None:
        """Let a context show the certificate where a server asks for one.

        Raises `ConfigurationError`, which names files and variables and never a value.
        """
        key = self.key or self.certificate
        for file in (self.certificate, key):
            try:
                file.read_bytes()
            except OSError as error:
                text = say("config-client-file", file=file, detail=reason_of(error))
                raise ConfigurationError(text) from None
        asked: list[str] = []

        def password() -> str:
            asked.append(self.variable)
            return self.password.get_secret_value()

        try:
            # Without a password of ours OpenSSL would ask whoever sits at the terminal.
            context.load_cert_chain(self.certificate, key, password)
        except (ssl.SSLError, OSError, ValueError) as error:
            reason = (getattr(error, "reason", None) or "").replace("_", " ").lower()
            if "mismatch" in reason:
                text = say("config-client-mismatch", file=self.certificate, of=key)
            elif asked:
                # What OpenSSL says of a password that opens nothing tells nothing.
                text = say("config-client-password", file=key, variable=self.variable)
            else:
                detail = reason or "not PEM"
                text = say("config-client-unreadable", file=self.certificate, of=key, detail=detail)
            raise ConfigurationError(text) from None
