"""Which names say that their value is a secret: of members, header fields and cookies."""

from __future__ import annotations

import re
from functools import lru_cache

_NAME = r"token|session_?-?id|sess_?id|passw|pwd|secret|api_?-?key|credential|authori[sz]ation|jwt|otp\b"
_SECRET = re.compile(_NAME, re.IGNORECASE)
# What says something about a secret and holds none.
_ABOUT = re.compile(r"(?:type|expir\w*|length|len|count|policy|status|valid\w*)$", re.IGNORECASE)
# What must be masked whatever it looks like: the documented members.
_DOCUMENTED = re.compile(r"(?:access_?token|session_?id)$", re.IGNORECASE)
_WORD = re.compile(r"(?:[a-z]{1,15}|[A-Z]{1,15}|[A-Z][a-z]{1,14}|[가-힣]{1,15})")
# What every secret name holds a piece of, in small letters: a long text is passed over by these.
_STEMS = ("token", "sess", "passw", "pwd", "secret", "key", "credential", "authori", "jwt", "otp")
# Arrays, and objects of which the first member counts.
_OPENED = r"""[\[\s]*+(?:\{\s{0,9}["'][^"']{1,40}["']\s{0,9}:[\[\s]*+){0,3}"""
# Behind the name a quotation mark or a tag ends, a colon or an equals sign stands.
_MEMBER = re.compile(
    rf"""((?:{_NAME})[\w-]{{0,40}})(?:["']?\s{{0,9}}[:=]{_OPENED}|>\s{{0,9}})"""
    r"""(?:"((?:[^"\\]|\\.)+)|'((?:[^'\\]|\\.)+)|([^\s"',;&}<>\[\]]{16,})|(-?[0-9][0-9.eE+-]{5,}))""",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Tell whether a name says that its value is a secret: `refresh_token`, `memb_pwd`, `X-Api-Key`."""
    return bool(_SECRET.search(name)) and not _ABOUT.search(name)


def is_secret(name: str, value: str) -> bool:
    """Tell whether a value under a name is a secret.

    Any value of the documented members is.  Of other names a message is none ("This field is required"
    under `memb_pwd`), nor a single word ("required", "bearer"): masking that everywhere would spoil
    what a report says.
    """
    if not is_secret_name(name):
        return _DOCUMENTED.search(name) is not None
    is_text = any(one.isspace() for one in value) or _WORD.fullmatch(value)
    return not is_text or _DOCUMENTED.search(name) is not None


def secrets_in(text: str) -> list[str]:
    """Return what stands under secret names in a text that no parser reads."""
    lowered = text.lower()
    if not any(stem in lowered for stem in _STEMS):
        return []
    found = ((match[1], match.group(match.lastindex or 0)) for match in _MEMBER.finditer(text))
    return [secret for name, secret in found if is_secret(name, secret)]


def secrets_of_header(name: str, value: str) -> list[str]:
    """Return the secrets in a field of a head: those of cookies, tokens and gateways."""
    lowered = name.lower()
    if lowered in ("set-cookie", "cookie"):
        parts = value.split(";")
        # Of Set-Cookie the first part is the cookie, of Cookie all are.
        cookies = parts[:1] if lowered == "set-cookie" else parts
        return [one.partition("=")[2].strip().strip('"') for one in cookies]
    return [value.rpartition(" ")[2]] if is_secret_name(name) else []
