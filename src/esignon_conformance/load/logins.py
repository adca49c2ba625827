"""What a load run sends: right logins, unknown emails, cut-off bodies, bodies that lack a member.

"Only right logins, unknown emails, malformed bodies and missing members": no wrong password for a real
account, ever.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from ..contract.model import Operation
from ..target.target import Account, drawn_account
from .plan import LoadPlan

# Of a hundred requests: the situation, and how many.
SHARES: Mapping[str, int] = {"right": 70, "unknown-email": 10, "malformed": 10, "missing": 10}
_SITUATIONS = tuple(name for name, share in SHARES.items() for _ in range(share))
# What the judge is told of a request that no value in it shows: that its email is a made-up one.
_CASES: Mapping[str, str] = {"unknown-email": "traffic-unknown-email"}


@dataclass(frozen=True)
class Login:
    """A request: its situation, the case that it is where the judge cannot tell, path and body."""

    situation: str
    case: str
    path: str
    body: bytes = field(repr=False)


@dataclass
class Logins:
    """Draws requests by their shares, for all users of a process; each process draws others."""

    plan: LoadPlan
    operation: Operation
    chance: random.Random
    _right: dict[int, Login] = field(default_factory=dict)

    def draw(self) -> Login:
        """Return the next request."""
        situation = _SITUATIONS[int(self.chance.random() * len(_SITUATIONS))]
        number = int(self.chance.random() * len(self.plan.accounts))
        if situation == "right":
            # Made once for each account: the users of a process wait while one of them makes a request.
            found = self._right.get(number)
            if found is None:
                account = self.plan.accounts[number]
                found = self._right[number] = self._login(situation, account, self._value(account))
            return found
        # Of a request that is refused not even the email is a real one, nor is the password.
        company = self.plan.accounts[number].company
        made_up = drawn_account(company, self.chance)
        value = self._value(made_up)
        if situation == "missing":
            del value["body"]["memb_pwd"]
        login = self._login(situation, made_up, value)
        if situation == "malformed":
            return replace(login, body=login.body[: self.chance.randrange(1, len(login.body) - 1)])
        return login

    def _login(self, situation: str, account: Account, value: Mapping[str, Any]) -> Login:
        path = self.operation.path.replace("{companyId}", quote(account.company, safe=""))
        body = json.dumps(value, ensure_ascii=False).encode()
        return Login(situation, _CASES.get(situation, ""), path, body)

    def _value(self, account: Account) -> dict[str, Any]:
        example: Mapping[str, Any] = self.operation.request_example
        named = {
            "memb_email": account.email.get_secret_value(),
            "memb_pwd": account.password.get_secret_value(),
        }
        return {**example, "body": {**example["body"], **named}}
