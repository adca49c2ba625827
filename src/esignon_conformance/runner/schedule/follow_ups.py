"""Which right logins follow a case, so that each kind of refusal has one directly after it."""

from __future__ import annotations

from ...contract.model import MALFORMED_KIND, Case
from ...recording.recording import Recording
from ...recording.response import Outcome, is_refusal
from .carrier import Carrier
from .exchange_loop import LOOK_ONCE, ExchangeLoop
from .login_probe import LoginProbe
from .request_cache import RequestCache

_EVERY_SO_MANY = 10


class FollowUps:
    """The right logins that follow what was refused, on the same connection and on a new one."""

    def __init__(
        self,
        transport: Carrier,
        exchange_loop: ExchangeLoop,
        recording: Recording,
        request_cache: RequestCache,
        login_probe: LoginProbe,
        *,
        is_sparing: bool = False,
    ) -> None:
        self._is_sparing = is_sparing
        self._transport = transport
        self._exchange_loop = exchange_loop
        self._recording = recording
        self._request_cache = request_cache
        self._login_probe = login_probe
        self._one_of_ten = 0
        # Situations of which one was looked after for stray bytes.
        self._looked: set[str] = set()
        # Kinds of refusal (situation, method, outcome) that a right login has followed already.
        self._followed: set[tuple[str, str | None, str]] = set()
        # Situations in which a right login on a new connection has followed a refusal directly.
        self._followed_at_once: set[str] = set()

    def after(self, case: Case, turn: int, result: Outcome) -> None:
        """Send right logins after what has come of a case, where they are due.

        After the last turn of a malformed one, so that the next such case comes directly after a right
        login on its connection.
        """
        kind = self._kind(case, result)
        first_of_kind = kind not in self._followed and result != "issued"
        malformed = case.situation in MALFORMED_KIND and is_refusal(result)
        is_last = turn == case.repeat - 1
        if (is_last and malformed and self._is_turn_of(case)) or first_of_kind:
            self._followed.add(kind)
            self._follow_up(case)
            return
        early = malformed or turn == 1
        group = self._group(case)
        if early and is_refusal(result) and group not in self._followed_at_once:
            # On a new connection with no other answer in between.
            self._followed_at_once.add(group)
            self._follow_up(case, at_once=True)

    def _kind(self, case: Case, result: Outcome) -> tuple[str, str | None, str]:
        """Return the kind of a refusal; with few requests one other method stands for all."""
        if self._is_sparing:
            return case.situation, "other" if case.method else None, ""
        return case.situation, case.method, result

    def _group(self, case: Case) -> str:
        """Return the situation; with few requests whether a body is malformed, or what it says wrong."""
        malformed = "malformed" if case.situation in MALFORMED_KIND else "wrong"
        return malformed if self._is_sparing else case.situation

    def _follow_up(self, case: Case, *, at_once: bool = False) -> None:
        """Send a right login after a refusal: on the same connection where kept, and on a new one.

        With `at_once`, on a new one only; with few requests, on the kept one alone where there is one.
        """
        if case.situation in MALFORMED_KIND and case.situation not in self._looked:
            self._looked.add(case.situation)
            self._recording.settle()
            self._exchange_loop.look(self._request_cache.work_for(LOOK_ONCE))
        if self._transport.is_kept() and not at_once:
            self._login_probe.login(
                self._login_probe.next_account("same"), role="follow-up", after=case.id
            )
            if self._is_sparing:
                return
        self._login_probe.login(
            self._login_probe.next_account("fresh"), role="follow-up", after=case.id, fresh=True
        )

    def _is_turn_of(self, case: Case) -> bool:
        """Tell whether right logins follow a case: each that stands in a file, and every tenth draw.

        With few requests they follow every tenth of either.
        """
        is_one_of_ten = case.is_drawn or self._is_sparing
        self._one_of_ten += is_one_of_ten
        return not is_one_of_ten or self._one_of_ten % _EVERY_SO_MANY == 0
