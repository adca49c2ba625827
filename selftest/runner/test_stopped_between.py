"""What stands between the suite and the application is told as such, soon, and blames nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.transport.json_reader import read_json
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.clock import Clock, let_no_run_wait
from selftest.support.judged import failing
from selftest.support.login_desk import CASES, WRONG, Desk, of, run
from selftest.support.raw_server import Received, answer

EXPIRED = answer(b"", "401 Unauthorized", 'WWW-Authenticate: Bearer error="invalid_token"')
HTML = "Content-Type: text/html"
PAGES = {
    "redirect": answer(b"", "301 Moved Permanently", "Location: https://127.0.0.1/"),
    "401": EXPIRED,
    "401 in JSON": answer(
        b'{"message": "no"}', "401 Unauthorized", "Content-Type: application/json"
    ),
    "403": answer(b"<html>", "403 Forbidden", HTML),
    "404": answer(b"<html>", "404 Not Found", HTML),
    "405": answer(b"<html>", "405 Method Not Allowed", HTML),
    "407": answer(b"", "407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="x"'),
    "421": answer(b"", "421 Misdirected Request"),
    "501": answer(b"<html>", "501 Unsupported method", HTML),
    "502": answer(b"<html>", "502 Bad Gateway", HTML),
    "503": answer(b"<html>", "503 Service Unavailable", HTML),
    "504": answer(b"<html>", "504 Gateway Timeout", HTML),
    "511": answer(b"<html>", "511 Network Authentication Required", HTML),
    "520": answer(b"error code: 520", "520 Unknown", "Content-Type: text/plain"),
    "a page": answer(b"<!doctype html><html>", "200 OK", HTML),
    "http to https": answer(
        b"The plain HTTP request was sent to HTTPS port", "400 Bad Request", HTML
    ),
    "no HTTP": b"\x15\x03\x01\x00\x02\x02\x46\r\n",
}
# The desk knows no other language than Korean.
MALFORMED = [
    case.id
    for case in CASES.values()
    if case.situation == "malformed" and not case.tags and "lang" not in repr(case).lower()
]
CHOSEN = [*WRONG, *MALFORMED, "unknown-email", "get-with-body", *of("hostile"), "odd-language-any"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let no test wait."""
    return let_no_run_wait(monkeypatch)


@dataclass
class Fronted(Desk):
    """A desk behind something that answers in its place: `front` says what, None where it passes on."""

    front: Callable[[Received, int, str], bytes | None] = lambda _received, _number, _code: None
    fronted: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.instead = self._instead

    def _instead(self, received: Received, code: str) -> bytes | None:
        data = self.front(received, self.requests, code)
        if data is not None:
            self.fronted.append(self.requests)
        return data


def from_request(number: int, page: bytes) -> Fronted:
    """Return a desk that is out of reach from some request on."""
    return Fronted(front=lambda _received, at, _code: page if at >= number else None)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("number", [1, 40, pytest.param(101, marks=pytest.mark.slow)])
def test_what_answers_everything_stops_the_run_after_ten_requests(number: int, page: str) -> None:
    desk = from_request(number, PAGES[page])
    ended = run(desk, CHOSEN)
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert exit_status(list(judged.values())) == 6
    assert 0 < len(desk.fronted) <= 10
    assert ended.recording.ended is not None
    assert ended.recording.ended.word in ("between", "no-answer")
    if number > 1:
        # What came before is judged.
        assert judged["REQ-1"].verdict == "holds"
        stop = ended.recording.stop
        assert stop is not None
        at = next(i for i, one in enumerate(ended.recording.exchanges) if one.id == stop.since)
        assert all(one.gave_up for one in ended.recording.exchanges[at:])
        assert not any(one.gave_up for one in ended.recording.exchanges[:at])


@pytest.mark.parametrize("page", ["401", "404", "502", "503", "a page"])
def test_what_answers_right_logins_alone_is_the_servers_finding(page: str) -> None:
    for first in (1, 30):
        desk = Fronted(front=to_right_logins(first, PAGES[page]))
        ended = run(desk, ["right-login", "unknown-email", *MALFORMED[:4]])
        assert ended.recording.stop is None
        assert failing(ended.verdicts()) & {"REQ-1", "ENV-1", "ENV-10", "SUC-8"}


def to_right_logins(first: int, page: bytes) -> Callable[[Received, int, str], bytes | None]:
    """Return what answers right logins, from some request on."""
    return lambda _received, at, code: page if at >= first and code == "00" else None


def of_apache(status: str, *more: str) -> bytes:
    """Return the page that Apache itself writes for a status."""
    text = f"<html><head>\n<title>{status}</title>\n</head><body>\n</body></html>\n"
    page = f'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n{text}'
    return answer(page.encode(), status, HTML, "Server: Apache", *more)


def modsecurity(received: Received, cut: bytes) -> bytes:
    """Answer as ModSecurity does that turns all logins away, and bodies that are cut short otherwise."""
    return cut if read_json(received.body).problem else of_apache("403 Forbidden")


APACHES_500 = of_apache("500 Internal Server Error")


def test_a_firewall_that_tells_a_cut_body_by_another_status_stops_the_run() -> None:
    desk = Fronted(front=lambda received, _at, _code: modsecurity(received, APACHES_500))
    ended = run(desk, CHOSEN)
    judged = ended.verdicts()
    assert ended.recording.ended == Reason("between", "HTTP 403")
    assert failing(judged) == set()
    assert exit_status(list(judged.values())) == 6
    assert len(desk.fronted) <= 10
    assert all(one.gave_up for one in ended.recording.exchanges)


@pytest.mark.parametrize(
    "cut",
    [
        answer(b"<html>oops</html>", "500 Oops", HTML, "Server: Apache"),
        APACHES_500.replace(b"Server: Apache", b"Server: gunicorn"),
        answer(b'{"header": {}}', "500 Oops", "Content-Type: application/json"),
    ],
    ids=["an application's page", "another server", "an envelope"],
)
def test_an_application_that_breaks_down_at_a_cut_body_is_judged(cut: bytes) -> None:
    desk = Fronted(front=lambda received, _at, _code: modsecurity(received, cut))
    ended = run(desk, ["right-login", "unknown-email", *MALFORMED[:4]])
    assert ended.recording.stop is None
    assert "ENV-10" in failing(ended.verdicts())


def test_an_application_that_was_heard_once_is_judged_beside_pages_of_a_web_server() -> None:
    desk = Fronted(
        front=lambda received, at, _code: modsecurity(received, APACHES_500) if at > 40 else None
    )
    ended = run(desk, CHOSEN)
    assert ended.recording.ended != Reason("between", "HTTP 403")
    assert failing(ended.verdicts()) & {"ENV-1", "ENV-10", "SUC-8"}


def test_500_and_a_drop_stop_nothing() -> None:
    ended = run(from_request(30, answer(b"<html>", "500 Oops", HTML)), CHOSEN)
    assert ended.recording.stop is None
    assert "ENV-10" in failing(ended.verdicts())


def test_a_token_that_expires_at_a_hostile_case_is_not_that_cases_doing() -> None:
    seen: list[int] = []

    def front(received: Received, _at: int, _code: str) -> bytes | None:
        seen.extend([1] if b"' OR '1'='1" in received.body else [])
        return EXPIRED if seen else None

    ended = run(Fronted(front=front), CHOSEN)
    assert ended.recording.ended == Reason("between", "HTTP 401")
    assert ended.recording.stop is not None
    assert ended.recording.stop.suspect == ""


# ---- a backend that goes away ------------------------------------------------------------------------


def test_a_replica_that_is_gone_is_told_as_no_limit(clock: Clock) -> None:
    """Every other request meets a dead replica, and no more of an account's may go out than it bears."""
    desk = Fronted(
        front=lambda _received, number, _code: (
            answer(b"<html>", "502 Bad Gateway") if number % 2 else None
        )
    )
    chosen = [one.id for one in CASES.values() if one.situation == "blocked" and not one.burst]
    recording = run(desk, ["right-login", *chosen]).recording
    told = {recording.why_excused(one).word for one in recording.exchanges if one.gave_up}
    assert told == {"unrepeated"}


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Service Unavailable"])
@pytest.mark.parametrize("head", ["", "Retry-After: 5"])
def test_a_gateway_whose_backend_still_starts_is_waited_for(
    clock: Clock, status: str, head: str
) -> None:
    """Both are started for a nightly run, and the gateway is there first."""
    page = answer(b"<html>", status, HTML, *[head] * bool(head))
    desk = Fronted(front=lambda _received, _number, _code: page if clock.now < 1045 else None)
    ended = run(desk, CHOSEN)
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert ended.recording.ended is None
    assert judged["REQ-1"].verdict == judged["ENV-10"].verdict == "holds"
    assert len(desk.fronted) <= 10


# ---- 503 to what comes too fast ----------------------------------------------------------------------


@pytest.mark.parametrize("interval", [0.02, 0.3])
def test_a_limiter_that_says_503_slows_the_run_down_and_is_no_finding(
    interval: float, clock: Clock
) -> None:
    accepted = [0.0]

    def front(_received: Received, _at: int, _code: str) -> bytes | None:
        # As nginx does by default: nothing of it waits, and no Retry-After is said.
        if clock.now - accepted[0] < interval:
            return PAGES["503"]
        accepted[0] = clock.now
        return None

    ended = run(Fronted(front=front), [*CHOSEN, "burst-two-accounts"])
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert ended.recording.ended is None
    assert judged["ENV-10"].verdict == judged["REJ-2"].verdict == "holds"
    assert ended.transport.pace.interval >= interval


def test_503_to_one_case_alone_is_a_finding_and_slows_nothing_down(clock: Clock) -> None:
    def front(received: Received, _at: int, _code: str) -> bytes | None:
        return PAGES["503"] if received.body in (b"", b"null") else None

    ended = run(Fronted(front=front), ["right-login", "empty-body", "json-null", *MALFORMED])
    assert failing(ended.verdicts()) == {"ENV-10"}
    assert ended.transport.pace.interval == 0.0
    assert sum(clock.slept) < 5


def test_a_limiter_that_nothing_is_slow_enough_for_names_the_rate() -> None:
    ended = run(from_request(40, answer(b"", "429 Too Many Requests", "Retry-After: 1")), CHOSEN)
    assert failing(ended.verdicts()) == set()
    assert ended.recording.ended is not None
    assert ended.recording.ended.word == "limited"
    assert ended.recording.stop is not None


def test_a_proxy_whose_backend_is_dead_is_no_limit_though_it_says_when_to_come_again() -> None:
    """As Varnish does: 503 with Retry-After, from the first request on."""
    page = answer(b"<html>", "503 Backend fetch failed", HTML, "Retry-After: 5")
    ended = run(from_request(1, page), CHOSEN)
    assert ended.recording.ended == Reason("between", "HTTP 503")
    assert failing(ended.verdicts()) == set()
    # Where right logins were let in before, it may well be a limit.
    ended = run(from_request(40, page), CHOSEN)
    assert ended.recording.ended is not None
    assert ended.recording.ended.word == "limited"


# ---- what nobody but the application's answers could show ----------------------------------------------


def test_what_a_gateway_alone_answered_is_no_word_on_what_answers_must_not_hold() -> None:
    judged = run(from_request(1, EXPIRED), CHOSEN).verdicts()
    for clause in ("SEC-1", "SEC-4"):
        assert judged[clause].verdict == "could-not-judge"


def test_a_gateway_that_gives_something_away_breaks_what_answers_must_not_hold() -> None:
    page = answer(b"Traceback (most recent call last):", "401 Unauthorized")
    assert failing(run(from_request(1, page), CHOSEN).verdicts()) == {"SEC-4"}


BURST = ["right-login", "right-login-second", *MALFORMED[:8], "burst-two-accounts"]


@pytest.fixture(scope="module")
def before_burst() -> int:
    """Return how many requests go out before those of the burst."""
    sent = run(Desk(), BURST).recording.exchanges
    first = next(one for one in sent if one.role == "burst")
    return int(first.request_id.rpartition("-")[2]) - 1


@pytest.mark.parametrize("page", ["401", "redirect", "a page"])
@pytest.mark.parametrize("number", [1, 4, 8])
def test_what_answers_in_the_midst_of_a_burst_stops_the_run(
    number: int, page: str, before_burst: int
) -> None:
    desk = from_request(before_burst + number, PAGES[page])
    ended = run(desk, BURST)
    assert failing(ended.verdicts()) == set()
    assert ended.recording.ended is not None
    assert ended.recording.ended.word == "between"
    stop = ended.recording.stop
    assert stop is not None
    assert next(one for one in ended.recording.exchanges if one.id == stop.since).role == "burst"
    # What was on its way at once is one sign.
    assert len(desk.fronted) <= 8 + 10
