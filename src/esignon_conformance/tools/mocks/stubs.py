"""The login as a list of stubs, the first that fits answers: for tools that match and do not compute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..reference.pipeline import Reason
from .material import Json, Login, Material

# The query parameter by which the vendor's client asks for a language.
LANGUAGE_PARAMETER = "lang"


@dataclass(frozen=True)
class Stub:
    """An answer, and the requests that get it.

    They are those with the documented method and media type whose body `schema` takes (None: any body,
    readable or not), asked for in `language` (None: in any or in none), and for a right login those of
    its company.
    """

    reason: Reason
    schema: Json | None
    language: str | None
    login: Login | None = None

    def answer(self, material: Material, token: str, expiry: str) -> Json:
        """Return the answer.  Token and expiry may be templates of a tool."""
        language = self.language or material.languages[0]
        if self.reason is Reason.ISSUED and self.login is not None:
            return material.success(self.login, token, expiry, language)
        return material.refusal(self.reason, language)


def stubs(material: Material) -> Iterator[Stub]:
    """Yield the stubs of documented requests in their order; the first that fits a request answers it."""
    # A language that is not asked for by its name is that of the page.
    languages = (*material.languages[1:], None)
    for login in material.logins:
        reason = Reason.BLOCKED_COMPANY if login.blocked else Reason.ISSUED
        for language in languages:
            yield Stub(reason, material.schema_of(login), language, login)
    for reason, schema in (
        (Reason.WRONG_PASSWORD, material.request_schema_without_comment()),
        (Reason.REQUEST_CODE, material.schema_of_members()),
        (Reason.UNREADABLE, None),
    ):
        for language in languages:
            yield Stub(reason, schema, language)


def any_company_pattern(material: Material) -> str:
    """Return a regular expression of the path with any company, an empty one too."""
    return f"{re.escape(material.path_before)}[^/]*{re.escape(material.path_after)}"


def media_type_pattern(material: Material) -> str:
    """Return a regular expression of the documented media type in UTF-8; letter case is to be ignored."""
    essence = re.escape(material.media_type)
    return rf'\s*{essence}\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?'
