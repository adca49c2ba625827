"""The tokens that an operation needs: those of a login, sent once an account before its first request."""

from __future__ import annotations

from ...contract.model import Contract
from ...contract.skip_reason import Reason
from ...recording.recording import Recording
from ...target.target import Target
from ...transport.json_reader import member, read_json
from ..requests.builder import MissingAccount, build
from .carrier import Carrier
from .exchange_loop import TargetGone


class Tokens:
    """Logs an account in when its token is asked for first, and remembers it.

    The login is no part of what is judged, so it stands in no recording; its token is a secret.
    """

    def __init__(
        self, contract: Contract, target: Target, transport: Carrier, recording: Recording
    ) -> None:
        self._contract = contract
        self._target = target
        self._transport = transport
        self._recording = recording
        self._known: dict[str, str] = {}

    def of(self, account: str) -> str:
        """Return the token of an account.

        Raises `MissingAccount` where no login of that account is known, and `TargetGone` where the
        login gives no token: nothing that needs one can then be judged.
        """
        if account not in self._known:
            self._known[account] = self._logged_in(account)
        return self._known[account]

    def _logged_in(self, account: str) -> str:
        login, header = self._contract.login, self._contract.operation.token
        assert login is not None  # noqa: S101 - loading saw to it
        assert header is not None  # noqa: S101 - as above
        right = (case for case in login.cases.values() if case.is_plain_right_login)
        case = next((one for one in right if one.account == account), None)
        if case is None:
            raise MissingAccount(account)
        request = build(case, login, self._target, self._recording.scrubber.register)
        answer = self._transport.send(request).answer
        value = member(read_json(answer.body).value, header.pointer)[1] if answer else None
        if not isinstance(value, str) or not value:
            status = f"HTTP {answer.status}" if answer is not None else "-"
            raise TargetGone(Reason("no-token", f"{login.operation.id} {account}: {status}"))
        self._recording.scrubber.register_token(value)
        return value
