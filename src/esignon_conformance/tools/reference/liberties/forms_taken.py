"""Freedoms of a server that takes other forms than the page names, and asks as much of them."""

from __future__ import annotations

from ..faults.other_forms import declares, read_dotted_form, taking
from ..faults.registry import changed
from ..login import STEPS
from ..pipeline import Decision, LoginRequest
from .registry import add

_FORM, _MULTIPART = b"application/x-www-form-urlencoded", b"multipart/form-data"


def _99_in_forms(request: LoginRequest, decision: Decision) -> str:
    is_refused = not decision.issued and declares(_FORM, _MULTIPART)(request)
    return "99" if is_refused else STEPS.result_code(request, decision)


add(
    "form-data-asked-as-json",
    "Form data is taken in both its forms, and is asked for all that JSON is.",
    changed(**taking(_FORM, _MULTIPART)),
)
add(
    "dotted-form-asked-as-json",
    "Form data under dotted names is taken, and is asked for all that JSON is.",
    changed(**taking(_FORM, read=read_dotted_form)),
)
add(
    "form-data-refused-by-99",
    "Form data is taken, and whatever is wrong in it gets 99.",
    changed(result_code=_99_in_forms, **taking(_FORM, _MULTIPART)),
)
