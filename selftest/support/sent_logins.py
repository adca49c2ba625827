"""Logins of the accounts in the box, as `recorders` send them."""

from __future__ import annotations

from esignon_conformance.target.accounts import box_accounts
from selftest.support.recorders import Sent, login

ACCOUNTS = box_accounts()
COMPANY, EMAIL, PASSWORD = (
    ACCOUNTS["main"].company,
    ACCOUNTS["main"].email.get_secret_value(),
    ACCOUNTS["main"].password.get_secret_value(),
)
RIGHT = login(COMPANY, EMAIL, PASSWORD)
WRONG = login(COMPANY, EMAIL, "Wrong-7431-pass")
SECOND = login(
    COMPANY,
    ACCOUNTS["second"].email.get_secret_value(),
    ACCOUNTS["second"].password.get_secret_value(),
)
CUT = Sent(COMPANY, RIGHT.body[:60])
