"""The company as another case spells it, where that case was let in: a server that knows it by both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...contract.model import Case, Contract
from ...recording.response import read
from ...transport.messages import Exchange


def login_before(case: Case) -> str | None:
    """Return the case of the right login that decides how the company of a case is spelled."""
    found = case.company.get("where_let_in") if isinstance(case.company, Mapping) else None
    return None if found is None else str(found)


def with_company_let_in(case: Case, exchanges: Sequence[Exchange], contract: Contract) -> Case:
    """Return a case with its company derived, or as it is where the case it names was not let in.

    Where a right login under the derived company is refused, that is an unknown company to the server.
    """
    login = login_before(case)
    codes = {read(one).result_code for one in exchanges if one.case == login}
    if not isinstance(case.company, Mapping) or codes != {contract.codes.issued}:
        return case
    company = {name: value for name, value in case.company.items() if name != "where_let_in"}
    return replace(case, company=company)
