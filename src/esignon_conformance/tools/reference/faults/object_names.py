"""ENV-10: names that every object of JavaScript has, and whoever looks them up in one breaks down."""

from __future__ import annotations

from ..pipeline import Decision, LoginRequest
from ..request_reader import member
from .breakdowns import breaking
from .registry import add, changed
from .when import When, company, email, text_at

_NAME = "constructor"


def _asks_text(request: LoginRequest, decision: Decision) -> bool:
    value = member(request.document, "body/memb_email")
    return isinstance(value, dict) and "toString" in value


# fmt: off
LOOKED_UP: tuple[tuple[str, str, When], ...] = (
    ("email-constructor", "constructor as the email, which every object has as a member",
     email(lambda text: text == _NAME)),
    ("company-constructor", "constructor as the company, which every object has as a member",
     company(lambda name: name == _NAME)),
    ("request-code-constructor", "constructor as request_code, which every object has as a member",
     lambda request, decision: text_at(request, "header/request_code") == _NAME),
    ("to-string-email", "an email whose toString is no function", _asks_text),
    ("query-language-twice", "?lang= that comes twice and so is a list",
     lambda request, decision: request.query.count(b"lang=") > 1),
)
# fmt: on

for _name, _what, _when in LOOKED_UP:
    add(
        f"breaks-on-{_name}",
        "ENV-10",
        f"The server breaks down on {_what}.",
        changed(result_code=breaking(_when)),
    )
