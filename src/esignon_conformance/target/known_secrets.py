"""The secrets of a target that are known before the first request, for what masks them."""

from __future__ import annotations

from ..redaction.scrubber import Scrubber
from .public_text import public_text
from .target import REAL_ACCOUNTS, Target


def scrubber_of(target: Target) -> Scrubber:
    """Return a scrubber that knows every secret of a target's settings.

    They are the emails of its real accounts, all passwords, the values of its header fields, the
    password of the client's key and the credentials for the proxy.
    """
    scrubber = Scrubber(public_text(target))
    for name, account in target.accounts.items():
        if name in REAL_ACCOUNTS:
            scrubber.register_email(account.email.get_secret_value(), f"{name} email")
    for name, account in target.accounts.items():
        scrubber.register_password(account.password.get_secret_value(), f"{name} password")
    for name, value in (*target.headers, *target.fetched_headers):
        scrubber.register_password(value.get_secret_value(), f"header {name}")
    if target.client_certificate is not None:
        password = target.client_certificate.password.get_secret_value()
        scrubber.register_password(password, "client key password")
    if target.proxy is not None:
        scrubber.register_password(target.proxy.password, "proxy password")
        scrubber.register_password(target.proxy.authorization, "proxy credentials")
    return scrubber
