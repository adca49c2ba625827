"""What the suite shows in any run, so that no part of it is a secret."""

from __future__ import annotations

from functools import cache
from importlib import resources

from .. import resources as places
from .target import Target


def public_text(target: Target) -> str:
    """Return the texts of the contract and of the catalogues, and what the target is called."""
    companies = (account.company for account in target.accounts.values())
    return "\n".join([_packaged(), target.base_url, target.unknown_company, *companies])


@cache
def _packaged() -> str:
    # Not accounts.yaml and not the corpus: in the first stand the passwords of the server in the box.
    contract = places.contracts()
    files = [contract / "openapi.yaml", *sorted((contract / "login").rglob("*.yaml"))]
    texts = [path.read_text(encoding="utf-8") for path in files]
    package = __package__.partition(".")[0]
    catalogues = resources.files(f"{package}.i18n").joinpath("words")
    words = [one.read_text(encoding="utf-8") for one in catalogues.iterdir()]
    return "\n".join([*texts, *words, package, "User-Agent X-Request-Id"])
