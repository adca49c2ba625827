"""What a load run sends: right logins, unknown emails, cut-off bodies, bodies that lack a member.

"Only right logins, unknown emails, malformed bodies and missing members": no wrong password for a real
account, ever.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ..contract.model import Operation
from ..target.target import Account, made_up_account
from .plan import LoadPlan

# Of a hundred requests: the situation, and how many.
SHARES: Mapping[str, int] = {"right": 70, "unknown-email": 10, "malformed": 10, "missing": 10}
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
    """Draws requests by their shares; each process and each user draws others."""

    plan: LoadPlan
    operation: Operation
    chance: random.Random

    def draw(self) -> Login:
        """Return the next request."""
        (situation,) = self.chance.choices([*SHARES], weights=[*SHARES.values()])
        account = self.chance.choice(self.plan.accounts)
        if situation == "right":
            body = self._body(account)
        else:
            # Of a request that is refused not even the email is a real one, nor is the password.
            made_up = made_up_account(account.company, self.chance.getrandbits(32))
            body = self._body(made_up)
        if situation == "malformed":
            body = body[: self.chance.randrange(1, len(body) - 1)]
        elif situation == "missing":
            value = json.loads(body)
            del value["body"]["memb_pwd"]
            body = json.dumps(value).encode()
        path = self.operation.path.replace("{companyId}", quote(account.company, safe=""))
        return Login(situation, _CASES.get(situation, ""), path, body)

    def _body(self, account: Account) -> bytes:
        example: Mapping[str, Any] = self.operation.request_example
        named = {
            "memb_email": account.email.get_secret_value(),
            "memb_pwd": account.password.get_secret_value(),
        }
        value = {**example, "body": {**example["body"], **named}}
        return json.dumps(value, ensure_ascii=False).encode()
