"""Waits out the target's limit, and knows one that hangs on no pace: a lock or a firewall that says 429."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..redaction.secret import Secret
from .delivery import Delivery, is_limit
from .messages import Request
from .rate_limit import TRIES_AFTER_LIMIT, Pace, asks_for_a_while

_MANY = 429
# Right logins of others and the limited request by turns: what lets in so many of the one and none of
# the other does not count requests in a time.
_ROUNDS = 2
# Where others were limited, too, it is one of pace: that is not asked about without end.
_MOST_IN_VAIN = 2
_TELL_OF_A_FIREWALL = 2
# After so many it is not asked each time, while right logins that go out anyway are let in: of so few
# limits in a row one of the pace would have met them, too.
_TELL_FOR_GOOD, _SINCE_LET_IN = 6, 5
# So many wrong logins in a row met a limit, and no right one between them did: one of the pace does not
# choose so.
_TELL_OF_WRONG_LOGINS = 5


@dataclass
class OwnLimits:
    """The emails that the target answers with 429 whatever the pace, and how that is found out.

    `let_in` tells whether others than the one whom a request names are let in now, twice in a row, and
    `own_is_let_in` whether the one whom it names is answered, asked plainly; `is_waited_for` tells of a
    request that its limit is waited out first, as that of a real account is, which may be let in once
    more after that; `is_wrong` tells whether it names one without the right password.
    """

    let_in: Callable[[Request], bool] = lambda _request: False
    own_is_let_in: Callable[[Request], bool] = lambda _request: False
    is_waited_for: Callable[[Request], bool] = lambda _request: True
    is_wrong: Callable[[Request], bool] = lambda _request: False
    emails: set[Secret] = field(default_factory=set)
    # The emails whose limits have lowered the pace.
    slowed_by: set[Secret] = field(default_factory=set)
    # The emails that got another answer than a limit, and the requests that a limit is the word on: a
    # firewall answers so, whoever sends them and however slowly.
    answered: set[Secret] = field(default_factory=set)
    refused: set[Request] = field(default_factory=set)
    # What is sent to find out is not waited for.
    _is_asking: bool = False
    _in_vain: int = 0
    # How many wrong logins in a row met a limit, while no right one did.
    _wrong_limited: int = 0
    # How many limits were met since the last login with the right password that met none.
    _since_let_in: int = _SINCE_LET_IN + 1

    def holds(self, request: Request) -> bool:
        """Tell whether the email that a request names is limited by itself."""
        return request.memb_email in self.emails

    def is_waited_out(self, request: Request) -> bool:
        """Tell whether a limit that a request meets is to be waited for at all."""
        return not (self._is_asking or self.holds(request) or request in self.refused)

    @property
    def is_of_wrong_logins(self) -> bool:
        """Tell whether a limit meets wrong logins alone, whatever the pace."""
        return self._wrong_limited >= _TELL_OF_WRONG_LOGINS

    def note_limit(self, request: Request) -> None:
        """Note that a request met a limit."""
        self._since_let_in += 1
        if self.is_wrong(request):
            self._wrong_limited += 1
        elif self.is_waited_for(request) and not self._is_asking:
            self._wrong_limited = 0

    def note_answer(self, request: Request) -> None:
        """Note that a request was answered by something else than a limit."""
        self.answered.add(request.memb_email)
        if self.is_waited_for(request) and not self.is_wrong(request):
            self._since_let_in = 0
        # A wrong login that was not looked at as one, such as one without a media type, says no more then.
        if self.is_wrong(request) and not self.is_of_wrong_logins:
            self._wrong_limited = 0

    def is_due(self, request: Request, limits: int, retry_after: str | None, room: int) -> bool:
        """Tell whether it is asked on what a limit hangs before it is waited for once more.

        `limits` is how often in a row the request has met it, and `room` how often it may yet go out.
        """
        if self._knows_a_firewall:
            return True
        if not room:
            # Nothing is gained by waiting long for what is not sent again, as no wrong password is.
            return asks_for_a_while(retry_after)
        if self.is_waited_for(request):
            return False
        # Where one email is limited so, another may be, too; and a second is waited for, a minute is not.
        return limits > 1 or bool(self.emails) or asks_for_a_while(retry_after)

    def ask(
        self, request: Request, limited: Delivery, room: int, again: Callable[[], Delivery]
    ) -> Delivery:
        """Find out on what a limit hangs; return the last delivery of the request.

        `room` is how often the request may yet go out.
        """
        answer = limited.answer
        if answer is None or self._in_vain >= _MOST_IN_VAIN:
            return limited
        # What asks to come back in a while, while others are let in, needs no second word; nor does what
        # a firewall has said of others.
        says_all = not room and asks_for_a_while(answer.header("Retry-After"))
        says_all |= self._knows_a_firewall
        if room < _ROUNDS and not says_all:
            return limited
        self._is_asking, last, tries = True, limited, limited.tries
        try:
            rounds = 0 if self._needs_no_word else 1 if says_all else _ROUNDS
            for _ in range(rounds):
                if not self.let_in(request):
                    self._in_vain += 1
                    break
                if says_all:
                    continue
                last = again()
                tries += last.tries
                if not is_limit(last.answer):
                    break
            else:
                if self._is_of_request(request):
                    self.refused.add(request)
                elif answer.status == _MANY:
                    self.emails.add(request.memb_email)
        finally:
            self._is_asking = False
        return replace(last, tries=tries)

    @property
    def _knows_a_firewall(self) -> bool:
        """Tell whether so many requests were refused by a limit that one more needs no second try."""
        return len(self.refused) >= _TELL_OF_A_FIREWALL

    @property
    def _needs_no_word(self) -> bool:
        """Tell whether what has been learnt of other requests is enough."""
        return len(self.refused) >= _TELL_FOR_GOOD and self._since_let_in <= _SINCE_LET_IN

    def _is_of_request(self, request: Request) -> bool:
        """Tell whether a limit hangs on what a request says, and not on whom it names."""
        named = request.memb_email.get_secret_value()
        # A limit of an email lets it try before.
        is_first = not self.is_waited_for(request) and request.memb_email not in self.answered
        return not named or is_first or self.own_is_let_in(request)


@dataclass
class Waiting:
    """Waits out what limits one request (429, 503), as long as the target asks.

    The request goes out `most_tries` times at most; `again` sends it once more, at most so often.
    """

    request: Request
    most_tries: int
    pace: Pace
    own: OwnLimits
    again: Callable[[int], Delivery]

    def end(self, first: Delivery) -> Delivery:
        """Return the last delivery of the request; its `tries` are those of all."""
        last, limits = first, 0
        while is_limit(last.answer):
            if not self.own.is_waited_out(self.request):
                return self._given_up(last)
            limits += 1
            retry_after = last.answer.header("Retry-After") if last.answer else None
            room = self.most_tries - last.tries
            self.own.note_limit(self.request)
            if self.own.is_of_wrong_logins and self.own.is_wrong(self.request):
                # No pace is slow enough, and nothing is gained by waiting.
                self.pace.forget_limits()
                return replace(last, gave_up=True, cut_short=True)
            if self.own.is_due(self.request, limits, retry_after, room):
                last = self._asked(last)
                if not self.own.is_waited_out(self.request) or not is_limit(last.answer):
                    continue
            if limits > TRIES_AFTER_LIMIT or not self.pace.wait_for_target(retry_after):
                last = self._asked(last)
                return self._given_up(last) if is_limit(last.answer) else last
            self.own.slowed_by.add(self.request.memb_email)
            if last.tries >= self.most_tries:
                return replace(last, gave_up=True, cut_short=True)
            sent = last.tries
            last = self.again(self.most_tries - sent)
            last = replace(last, tries=sent + last.tries)
        if not is_limit(last.answer):
            self.own.note_answer(self.request)
        return last

    def _asked(self, last: Delivery) -> Delivery:
        room = self.most_tries - last.tries
        return self.own.ask(self.request, last, room, lambda: self.again(1))

    def _given_up(self, last: Delivery) -> Delivery:
        if self.request in self.own.refused:
            self.own.slowed_by.discard(self.request.memb_email)
            self.pace.forget_limits()
            # No more is known of it than that it was turned away before the application.
            return last
        if self.own.slowed_by and self.own.slowed_by <= self.own.emails:
            # Nothing has lowered the pace but what does not hang on it.
            self.own.slowed_by.clear()
            self.pace.forget_limits()
        return replace(last, gave_up=True)
