"""SEC-1, SEC-4, REJ-10: what a trailer holds, the fields behind the last chunk (RFC 9112 §7.1.2)."""

from __future__ import annotations

from collections.abc import Callable

from ..pipeline import LoginRequest, Reason
from .registry import Build, add
from .when import text_at
from .wire_server import Arrived, Reply, WireServer, head


def _with_trailer(reason: Reason, field: Callable[[LoginRequest], str]) -> Build:
    def say(arrived: Arrived) -> Reply:
        if arrived.reason is not reason or arrived.answered is None or not arrived.answer.body:
            return Reply((arrived.whole,))
        right = arrived.answer
        coding = (b"Transfer-Encoding", b"chunked")
        chunk = b"%x\r\n%s\r\n" % (len(right.body), right.body)
        last = f"0\r\n{field(arrived.answered.request)}\r\n\r\n".encode("utf-8", "replace")
        return Reply((head(right.status, (*right.headers, coding)) + chunk + last,))

    return lambda world: WireServer(world, say)


def _seen(request: LoginRequest) -> str:
    password = text_at(request, "body/memb_pwd")
    return f"X-Seen: {password if password.isprintable() else '-'}"


# fmt: off
TRAILERS: tuple[tuple[str, str, str, Reason, Callable[[LoginRequest], str]], ...] = (
    ("password-in-trailer", "SEC-1", "The trailer of a refusal holds the password.",
     Reason.UNKNOWN_EMAIL, _seen),
    ("frame-in-trailer", "SEC-4", "The trailer of a refusal holds a frame of the JVM.",
     Reason.WRONG_PASSWORD,
     lambda _request: "X-Cause: at com.example.login.LoginService.check(LoginService.java:77)"),
    ("token-in-trailer", "REJ-10", "The trailer of a refusal holds a token.",
     Reason.WRONG_PASSWORD, lambda _request: "Access-Token: pq7Vw0LmZk3RtY8uNd5S"),
)
# fmt: on

for _name, _clause, _sentence, _reason, _field in TRAILERS:
    add(_name, _clause, _sentence, _with_trailer(_reason, _field))
