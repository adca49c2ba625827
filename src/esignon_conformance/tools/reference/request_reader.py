"""What a request says: may it be read at all, is it JSON, has it the documented members."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from .page import page
from .pipeline import (
    Credentials,
    Json,
    LoginRequest,
    Object,
    Reason,
)

LARGEST_BODY = 1024 * 1024

# The form of each documented member, outer ones first.
MEMBERS: Mapping[str, type] = {
    "header": dict,
    "body": dict,
    "header/request_code": str,
    "body/memb_email": str,
    "body/memb_pwd": str,
}


def method_allowed(request: LoginRequest) -> bool:
    """Take nothing but POST."""
    # REQ-5: no method but POST ever issues a token.
    return request.method == "POST"


def media_type_accepted(request: LoginRequest) -> bool:
    """Take a body that is declared as JSON in UTF-8 and not compressed."""
    # REQ-7: a body under another media type, or under none, is refused.
    declared = request.header_values(b"content-type")
    codings = request.header_values(b"content-encoding")
    if len(declared) != 1 or any(coding.strip().lower() != b"identity" for coding in codings):
        return False
    essence, *parameters = declared[0].decode("latin-1").lower().split(";")
    # REQ-3: letter case and charset=utf-8 make no difference.  Any other charset would be a lie or
    # a text that this server cannot read; parameters without a meaning for JSON are passed over.
    pairs = [parameter.partition("=") for parameter in parameters]
    charsets = [value.strip().strip('"') for name, _, value in pairs if name.strip() == "charset"]
    return essence.strip() == "application/json" and all(name == "utf-8" for name in charsets)


def size_accepted(request: LoginRequest) -> bool:
    """Take a body of up to a megabyte, many times what a login needs."""
    return len(request.raw) <= LARGEST_BODY


def read(request: LoginRequest) -> Json:
    """Return the JSON value of the body, read by the letter of RFC 8259."""
    # REJ-13: what only a lenient parser reads is refused.  Decoding here, not in the parser, leaves
    # no way in for UTF-16 and UTF-32, and the parser itself refuses a byte order mark.
    return json.loads(
        request.raw.decode("utf-8"),
        object_pairs_hook=without_duplicates,
        parse_constant=no_number,
        # ENV-10: an integer of 5,000 digits would raise; as a float it is merely infinite, as 1e400
        # is.  No documented member is a number, so that nothing depends on its value.
        parse_int=float,
    )


def without_duplicates(pairs: list[tuple[str, Any]]) -> Object:
    """Make an object of its members.  Raises `ValueError` where a name stands twice."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return members


def no_number(constant: str) -> Json:
    """Refuse NaN and Infinity.  Raises `ValueError`."""
    raise ValueError(f"{constant} is not JSON")


def check_members(
    request: LoginRequest, document: Json, unchecked: Collection[str] = ()
) -> Credentials | Reason:
    """Return the documented members, or what is wrong with their form.

    Members named in `unchecked` may be anything or absent, which is for faults only.
    """
    if not isinstance(document, dict):
        return Reason.NO_OBJECT
    # REJ-8: a member that is missing, null or of another JSON type is refused.
    for path, kind in MEMBERS.items():
        if path not in unchecked and not isinstance(member(document, path), kind):
            return Reason.WRONG_TYPE if has_member(document, path) else Reason.MISSING_MEMBER
    # REQ-4: other members are not looked at.
    return Credentials(
        request_code=member(document, "header/request_code"),
        memb_email=member(document, "body/memb_email"),
        memb_pwd=member(document, "body/memb_pwd"),
    )


def member(document: Json, path: str) -> Json:
    """Return the member at a path such as `body/memb_pwd`, None where there is none."""
    for name in path.split("/"):
        document = document.get(name) if isinstance(document, dict) else None
    return document


def has_member(document: Json, path: str) -> bool:
    """Tell whether there is a member at a path, be it null."""
    parent, _, name = path.rpartition("/")
    holder = member(document, parent) if parent else document
    return isinstance(holder, dict) and name in holder


def request_code_accepted(request: LoginRequest, request_code: Json) -> bool:
    """Take the request code of this operation."""
    # REJ-9: another request code is refused.
    return bool(request_code == page().request_code)
