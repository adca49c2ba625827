"""ENV-10: names that every object of JavaScript has, and whoever looks them up in one breaks down."""

from __future__ import annotations

from .breakdowns import breaking
from .registry import add, changed
from .when import When, company, email

_NAME = "constructor"


# fmt: off
LOOKED_UP: tuple[tuple[str, str, When], ...] = (
    ("email-constructor", "constructor as the email, which every object has as a member",
     email(lambda text: text == _NAME)),
    ("company-constructor", "constructor as the company, which every object has as a member",
     company(lambda name: name == _NAME)),
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
