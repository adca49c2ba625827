"""The HTML of the report: a template each, which escapes whatever is filled in."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ...i18n.catalogue import word
from ...i18n.language import Language

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def rendered(template: str, language: Language, **values: Any) -> Markup:
    """Return a template of this folder, filled in.

    `word` says a text of the catalogue there.  Only what is `Markup`, as SVG of our own, is not escaped.
    """
    # Imported here, since a run without a report needs no template.
    from markupsafe import Markup  # noqa: PLC0415 - see the line above

    found = _environment().get_template(f"{template}.html")
    said = partial(_said, language)
    return Markup(found.render(values, language=language, word=said))  # noqa: S704 - escaped by the template


def _said(language: Language, key: str, **words: Any) -> str:
    return word(key, language, **words)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - as above

    return Environment(
        loader=PackageLoader("esignon_conformance.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
