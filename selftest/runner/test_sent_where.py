"""What is sent only where another case came to what it names: the form of a request is let in, or read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.runner.requests.contract_check import problems_of
from esignon_conformance.runner.requests.sent_where import case_before, is_to_be_sent
from esignon_conformance.runner.schedule.order import needed, ordered
from esignon_conformance.runner.schedule.selection import by_telling
from esignon_conformance.target.limits import ELSEWHERE, ON_LOOPBACK, Limits
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import contract, page, plain, refusal, request_of, success
from selftest.support.login_desk import CASES, PLAIN, REAL, Desk, company_of, ready, run
from selftest.support.raw_server import Received

CASE = CASES["wrong-password-form"]
LOGIN = "media-type-form-encoded"
HANGING = [one.id for one in CASES.values() if one.where]
LET_IN, REFUSED, AWAY = success(LOGIN), refusal(LOGIN, code="12"), page(LOGIN, 415)


@pytest.mark.parametrize(
    ("exchanges", "is_sent"),
    [
        ((LET_IN,), True),
        ((success("right-login"), LET_IN, LET_IN), True),
        ((), False),
        ((REFUSED,), False),
        ((AWAY,), False),
        ((LET_IN, REFUSED), False),
        ((success("right-login"),), False),
    ],
)
def test_a_case_is_sent_where_the_other_came_to_nothing_else(
    exchanges: tuple[Exchange, ...], is_sent: bool
) -> None:
    assert case_before(CASE) == LOGIN
    assert is_to_be_sent(CASE, exchanges, contract()) is is_sent


def test_a_case_that_names_no_other_is_sent() -> None:
    assert is_to_be_sent(CASES["wrong-password"], (), contract())


@pytest.mark.parametrize("is_limited", [False, True])
def test_it_is_sent_after_the_case_that_it_hangs_on(is_limited: bool) -> None:
    # However telling it is, and in whatever situation.
    ranks = {name: float(name not in HANGING) for name in CASES} if is_limited else None
    sent = [case.id for case in ordered(CASES.values(), ranks=ranks)]
    for name in HANGING:
        assert sent.index(name) > sent.index(case_before(CASES[name]) or "")


def test_a_part_of_a_run_sends_the_case_that_it_hangs_on() -> None:
    wanted = needed(contract(), {"wrong-password-multipart"}, ())
    assert {"media-type-multipart", "wrong-password-multipart", LOGIN} <= wanted


def test_a_case_hangs_on_one_that_is_there_and_on_what_it_may_come_to() -> None:
    assert not list(problems_of(CASE, contract()))
    nothing = replace(CASE, where={"case": "no-such-case", "came_to": ["let in"]})
    found = " ".join(problems_of(nothing, contract()))
    assert "there is no case 'no-such-case'" in found
    assert "'let in' is not broken, nor one of" in found


# ---- over a socket ---------------------------------------------------------------------------------


@dataclass
class FormDesk(Desk):
    """A desk that takes form data, too; `asks` says of a password there whether it is the right one."""

    asks: Callable[[str, str], bool] = lambda given, right: given == right

    def _code(self, received: Received) -> str:
        if "urlencoded" not in (received.header("Content-Type") or ""):
            return super()._code(received)
        found = parse_qs(received.body.decode(), keep_blank_values=True)
        account = REAL.get(found.get("memb_email", [""])[0])
        if account is None or company_of(received) != account.company or "memb_pwd" not in found:
            return "10"
        return "00" if self.asks(found["memb_pwd"][0], plain(account.password)) else "10"

    def _answer(self, received: Received, code: str) -> bytes:
        if code == "00" and "urlencoded" in (received.header("Content-Type") or ""):
            email = parse_qs(received.body.decode())["memb_email"][0]
            body = b'{"body": {"memb_email": "%s"}}' % email.encode()
            return super()._answer(replace(received, body=body), code)
        return super()._answer(received, code)


OF_FORMS = [name for name in HANGING if CASES[name].where["case"] == LOGIN]


def of_forms(desk: Desk, limits: Limits = ON_LOOPBACK) -> dict[str, Reason | None]:
    """Return why each case that hangs on form data was not sent, and None where it was."""
    ended = run(desk, [*PLAIN, "wrong-password", LOGIN, *OF_FORMS], limits=limits)
    assert not ended.recording.locks
    sent = {one.case for one in ended.recording.exchanges}
    found = {name: ended.recording.unsent.get(name) for name in OF_FORMS}
    assert [name for name in OF_FORMS if name in sent] == [
        name for name in OF_FORMS if found[name] is None
    ]
    return found


def test_where_form_data_is_refused_nothing_hangs_on_it() -> None:
    assert set(of_forms(Desk()).values()) == {Reason("not-applicable", "other-outcome-before")}


def test_where_form_data_is_let_in_what_hangs_on_it_is_sent() -> None:
    found = of_forms(FormDesk())
    # Multipart is refused there.
    assert {name for name, reason in found.items() if reason is not None} == set()


def test_what_form_data_does_not_ask_for_is_told() -> None:
    desk = FormDesk(asks=lambda given, right: True)
    ended = run(desk, [*PLAIN, "wrong-password", LOGIN, "wrong-password-form"])
    found = ended.verdicts()["REJ-1"]
    assert (found.verdict, found.findings[0].cases) == ("fails", ("wrong-password-form",))


def test_off_this_machine_only_half_of_what_is_kept_for_findings_is_spent_so() -> None:
    limits = replace(ELSEWHERE, requests=80, requests_per_second=None)
    left_out = [name for name, why in of_forms(FormDesk(), limits).items() if why is not None]
    assert len(OF_FORMS) - len(left_out) == 4
    assert of_forms(FormDesk(), limits)[left_out[0]] == Reason("request-limit")


def test_its_wrong_passwords_count_when_they_are_sent_and_take_no_room_before() -> None:
    limits = replace(ELSEWHERE, wrong_passwords=1, requests_per_second=None)
    found = of_forms(FormDesk(), limits)
    assert found["wrong-password-form"] == Reason("wrong-passwords", "main")
    ended = run(Desk(), [*PLAIN, "wrong-password", LOGIN, *OF_FORMS], limits=limits)
    assert ended.desk.most_wrong[plain(REAL[next(iter(REAL))].email)] == 1


def test_parts_of_a_form_are_its_pairs() -> None:
    body = request_of("wrong-password-multipart").body
    assert body.startswith(b"--form-of-a-login\r\n")
    assert body.endswith(b"\r\n--form-of-a-login--\r\n")
    assert b'name="memb_email"\r\n\r\nnari.ok@gaon.invalid\r\n' in body
    assert b'name="body[memb_pwd]"' in body


def test_where_the_other_was_not_sent_its_reason_is_told() -> None:
    reason = Reason("waived")
    with ready(FormDesk()) as (sender, ended):
        sender.held_back = {LOGIN: reason}
        sender.send_all([*PLAIN, "wrong-password", LOGIN, "wrong-password-form"])
    assert ended.recording.unsent["wrong-password-form"] == reason


def test_whatever_a_limit_leaves_out_leaves_out_what_hangs_on_it() -> None:
    order = [case.id for case in by_telling(contract(), CASES.values())]
    for name in HANGING:
        assert order.index(name) > order.index(case_before(CASES[name]) or "")
