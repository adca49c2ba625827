"""The requests of cases, made when they are sent, or before that where there is time to spare."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator

from ...contract.model import Case, Contract
from ...recording.recording import Recording
from ...target.target import Target
from ...transport.messages import Request
from ..requests.builder import MissingAccount, build
from ..requests.company_let_in import login_before, with_company_let_in
from ..requests.cookies import with_cookies
from ..requests.other_characters import NotApplicable
from ..requests.sent_where import is_to_be_sent
from .carrier import Carrier
from .session_tokens import Tokens


class RequestCache:
    """Makes the request of each case once, and anew where the case needs a token or cookies.

    `built` holds what was made so far, by case; those who send to one target alike may share it.
    """

    def __init__(
        self,
        contract: Contract,
        target: Target,
        transport: Carrier,
        recording: Recording,
        built: dict[str, Request] | None = None,
    ) -> None:
        self._contract = contract
        self._target = target
        self._transport = transport
        self._recording = recording
        self._register = recording.scrubber.register
        self._mask = recording.masking.request
        self._tokens = Tokens(contract, target, transport, recording)
        self._to_come: Iterator[Case] = iter(())
        self._asked_for: set[str] = set()
        self._built = {} if built is None else built

    def expect(self, cases: Iterable[Case]) -> None:
        """Make known which cases are to come, in order."""
        self._to_come = iter(cases)

    def request(self, case: Case) -> Request:
        """Return the request of a case.  Raises what `build` does."""
        self._asked_for.add(case.id)
        if not is_to_be_sent(case, self._recording.exchanges, self._contract):
            raise NotApplicable("other-outcome-before")
        if case.needs == "cookies":
            plain = self.without_token(case)
            return with_cookies(plain, self._recording.exchanges, self._contract)
        if login_before(case) is not None:
            derived = with_company_let_in(case, self._recording.exchanges, self._contract)
            if derived is not case:
                # Not kept: at another server, which is sent alike, that login may be refused.
                return build(derived, self._contract, self._target, self._register)
        if case.needs != "token":
            return self.without_token(case)
        token = self._tokens.of(case.account)
        return build(case, self._contract, self._target, self._register, token)

    def without_token(self, case: Case) -> Request:
        """Return the request of a case as it is where no token is there.  Raises what `build` does."""
        found = self._built.get(case.id)
        if found is None:
            found = build(case, self._contract, self._target, self._register)
            self._built[case.id] = found
        return found

    def work_for(self, seconds: float) -> float:
        """Make requests that are to come for so many seconds; return how many of these are left."""
        until = time.monotonic() + seconds
        if not self._make_until(until):
            # All were made before. What judging needs is loaded in this time.
            _ = self._contract.validator
        return max(0.0, until - time.monotonic())

    def _make_until(self, until: float) -> bool:
        """Tell whether there was a request left to make."""
        found = False
        while time.monotonic() < until and (case := next(self._to_come, None)) is not None:
            found = True
            # A token is asked for when it is needed: that is a request of its own.  Cookies come with a
            # login that is still to come.
            # And what hangs on the outcome of another may never be sent.
            is_known = case.needs is None and not case.where
            if case.burst or not is_known or case.id in self._asked_for:
                continue
            # What cannot be made is told when its turn comes.
            with contextlib.suppress(NotApplicable, MissingAccount):
                request = self.without_token(case)
                self._transport.prepare(request)
                self._mask(request)
        return found
