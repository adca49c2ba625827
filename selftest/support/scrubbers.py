"""Secrets of the tests of masking, and a scrubber that knows them."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

from esignon_conformance.redaction.scrubber import Scrubber

SECRET = 'Tz6!m"Qw#/Lp2 한&<>\\x'
PLAIN = "Kx4!vTnZr8mWd9"


def scrubber(**secrets: str) -> Scrubber:
    """Return a scrubber that knows secrets by name."""
    made = Scrubber()
    for name, secret in secrets.items():
        made.register(secret, name)
    return made


def forms(secret: str) -> dict[str, str]:
    """Return the forms in which a secret may be written, by name."""
    data = secret.encode()
    units = secret.encode("utf-16-be").hex()
    return {
        "plain": secret,
        "upper case": secret.upper(),
        "lower case": secret.lower(),
        "JSON": json.dumps(secret)[1:-1],
        "JSON in UTF-8": json.dumps(secret, ensure_ascii=False)[1:-1],
        "JSON, all escaped": "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)),
        "JSON, all escaped in capitals": "".join(
            f"\\u{units[at : at + 4].upper()}" for at in range(0, len(units), 4)
        ),
        "a Python literal": repr(secret)[1:-1],
        "HTML": html.escape(secret),
        "percent-encoded": quote(secret, safe=""),
        "percent-encoded in small letters": quote(secret, safe="").lower(),
        "form data": quote_plus(secret),
        "base64": base64.b64encode(data).decode(),
        "base64 without padding": base64.b64encode(data).decode().rstrip("="),
        "base64 for URLs": base64.urlsafe_b64encode(data).decode(),
        "hexadecimal": data.hex(),
        "hexadecimal in capitals": data.hex().upper(),
    }
