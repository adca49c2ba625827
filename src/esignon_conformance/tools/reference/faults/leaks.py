"""SEC-1, SEC-4: answers that give away the password sent, or the insides of the server."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import quote

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Object, Reason, Response
from .registry import add, changed, fault
from .when import When, because, body, company, email, issued, refused, text_at

# SEC-1: the password sent comes back nowhere.
Form: TypeAlias = Callable[[str], str]


def _sent(request: LoginRequest) -> str:
    return text_at(request, "body/memb_pwd")


def _as_it_is(password: str) -> str:
    return password


# fmt: off
IN_TEXT: tuple[tuple[str, str, When, Form], ...] = (
    ("wrong-password", "The text of 10 repeats a wrong password.", because(Reason.WRONG_PASSWORD),
     _as_it_is),
    ("unknown-email", "The text of 10 repeats the password of an unknown email.",
     because(Reason.UNKNOWN_EMAIL), _as_it_is),
    ("unknown-company", "The text for an unknown company repeats the password.",
     because(Reason.UNKNOWN_COMPANY), _as_it_is),
    ("request-code", "The text of 99 repeats the password.", because(Reason.REQUEST_CODE),
     _as_it_is),
    ("success", "The text of a success repeats the password.", issued, _as_it_is),
    ("upper-case", "The text of 10 repeats the password in upper case.", refused, str.upper),
    ("backwards", "The text of 10 repeats the password backwards.", because(Reason.UNKNOWN_EMAIL),
     lambda password: password[::-1]),
    ("base64", "The text of 10 repeats the password in base64.", because(Reason.UNKNOWN_EMAIL),
     lambda password: base64.b64encode(password.encode("utf-8", "replace")).decode()),
    ("hex", "The text of 10 repeats the password in hexadecimal.", because(Reason.UNKNOWN_EMAIL),
     lambda password: password.encode("utf-8", "replace").hex()),
    ("percent", "The text of 10 repeats the password percent-encoded.",
     because(Reason.UNKNOWN_EMAIL), lambda password: quote(password, errors="replace", safe="")),
    ("html", "The text of 10 repeats the password in HTML.", because(Reason.UNKNOWN_EMAIL),
     lambda password: f"<b>{html.escape(password)}</b>"),
    ("first-half", "The text of 10 repeats the password but for its end.",
     because(Reason.UNKNOWN_EMAIL), lambda password: password[:-4] + "****"),
)
# fmt: on


def _telling(when: When, form: Form) -> Callable[..., str]:
    def message(request: LoginRequest, decision: Decision, code: str) -> str:
        right, password = STEPS.message(request, decision, code), _sent(request)
        told = bool(password) and when(request, decision)
        return f"{right} ({form(password)})" if told else right

    return message


for _name, _sentence, _when, _form in IN_TEXT:
    add(f"password-told-{_name}", "SEC-1", _sentence, changed(message=_telling(_when, _form)))


@fault("SEC-1", step="issue_body")
def password_in_success(request: LoginRequest, decision: Decision) -> Json:
    """A success repeats memb_pwd beside memb_email."""
    return {**STEPS.issue_body(request, decision), "memb_pwd": _sent(request)}


@fault("SEC-1", step="issue_body")
def password_in_token(request: LoginRequest, decision: Decision) -> Json:
    """The token is email and password in base64, with a random end."""
    right = STEPS.issue_body(request, decision)
    pair = f"{right['memb_email']}:{_sent(request)}:{right['access_token']}"
    return {**right, "access_token": base64.b64encode(pair.encode()).decode()}


@fault("SEC-1", step="issue_body")
def password_in_device_id(request: LoginRequest, decision: Decision) -> Json:
    """device_id is made of the password in hexadecimal."""
    right = STEPS.issue_body(request, decision)
    return {**right, "device_id": _sent(request).encode().hex()}


@fault("SEC-1", step="refuse_body")
def credentials_repeated_in_refusals(request: LoginRequest, decision: Decision) -> Json:
    """A refusal repeats the email and the password sent."""
    return {"memb_email": text_at(request, "body/memb_email"), "memb_pwd": _sent(request)}


@fault("SEC-1", step="message")
def unreadable_body_repeated(request: LoginRequest, decision: Decision, code: str) -> str:
    """The text of 12 repeats the end of what could not be read."""
    right = STEPS.message(request, decision, code)
    if decision.reason is not Reason.UNREADABLE:
        return right
    return f"{right} …{request.raw[-60:].decode('utf-8', 'replace')}"


@fault("SEC-1", step="header")
def request_repeated_as_text(
    request: LoginRequest, decision: Decision, code: str, text: str
) -> Object:
    """A refusal holds the request as a string of escapes in a member of its own."""
    right = STEPS.header(request, decision, code, text)
    escaped = "".join(f"\\u{ord(one):04x}" for one in _sent(request))
    return right if decision.issued else {**right, "request": escaped}


def _in_head(name: bytes, form: Form) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right, password = STEPS.respond(request, decision, payload), _sent(request)
        if not password.isascii() or not password.isprintable():
            return right
        return replace(right, headers=(*right.headers, (name, form(password).encode())))

    return respond


add(
    "password-in-head",
    "SEC-1",
    "A header field of every answer repeats the password.",
    changed(respond=_in_head(b"X-Debug-Request", _as_it_is)),
)
add(
    "password-in-cookie",
    "SEC-1",
    "A cookie repeats the password percent-encoded.",
    changed(
        respond=_in_head(b"Set-Cookie", lambda password: f"remember={quote(password, safe='')}")
    ),
)


@fault("SEC-1", step="turn_away")
def query_repeated_in_page(request: LoginRequest, status: HTTPStatus) -> Response:
    """The page of 405 repeats the query string."""
    right = STEPS.turn_away(request, status)
    return replace(right, body=right.body + request.path + b"?" + request.query)


@fault("SEC-1", step="turn_away")
def body_repeated_in_page(request: LoginRequest, status: HTTPStatus) -> Response:
    """The page of 415 repeats the body of the request."""
    right = STEPS.turn_away(request, status)
    told = status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    return replace(right, body=right.body + request.raw) if told else right


# SEC-4: no insides of the server in a body.
_WHERE = "esignon.login.LoginService"
# fmt: off
INSIDES: tuple[tuple[str, str, When, str], ...] = (
    ("python-traceback", "a Python traceback", because(Reason.UNREADABLE),
     'Traceback (most recent call last):\n  File "/srv/app/login.py", line 42, in read\n'
     "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
    ("python-error", "a Python error", because(Reason.MISSING_MEMBER), "KeyError: 'memb_pwd'"),
    ("java-frames", "frames of the JVM", because(Reason.WRONG_TYPE),
     f"java.lang.ClassCastException\n\tat {_WHERE}.read(LoginService.java:87)\n\tat "
     "org.springframework.web.servlet.FrameworkServlet.service(FrameworkServlet.java:897)"),
    ("java-exception", "the name of a Java exception", because(Reason.UNREADABLE),
     "com.fasterxml.jackson.core.JsonParseException: Unexpected end-of-input"),
    ("dotnet-frames", "frames of .NET", because(Reason.REQUEST_CODE),
     "System.NullReferenceException at Esignon.Api.LoginController.Post(LoginRequest request) in "
     "C:\\build\\Esignon\\LoginController.cs:line 31"),
    ("dotnet-frame-alone", "a frame of .NET without its place", because(Reason.UNREADABLE),
     "   at Esignon.Api.LoginController.Login(String companyId)"),
    ("node-frames", "frames of Node", because(Reason.NO_OBJECT),
     "TypeError: Cannot read properties of null\n    at login (/app/src/routes/login.js:21:13)"),
    ("php-error", "an error of PHP", because(Reason.UNREADABLE),
     "Fatal error: Uncaught TypeError in /var/www/html/api/login.php on line 12"),
    ("go-trace", "a trace of Go", because(Reason.WRONG_TYPE),
     "panic: interface conversion\n\ngoroutine 34 [running]:\nmain.login(0xc000)"),
    ("ruby-frames", "a frame of Ruby", because(Reason.MISSING_MEMBER),
     "/app/controllers/login.rb:14:in `create'"),
    ("rust-panic", "a panic of Rust", because(Reason.WRONG_TYPE),
     "thread 'tokio-runtime-worker' panicked at src/login.rs:55:10"),
    ("sql-state", "an SQL state", email(lambda text: "'" in text),
     "SQLSTATE[42000]: You have an error in your SQL syntax"),
    ("oracle-error", "an error of Oracle", company(lambda name: "'" in name),
     "ORA-01756: quoted string not properly terminated"),
    ("sqlite-error", "an error of SQLite", email(lambda text: '"' in text),
     'near "OR": syntax error'),
    ("postgres-error", "an error of PostgreSQL", email(lambda text: "\0" in text),
     'psycopg2.errors.SyntaxError: syntax error at or near "OR"'),
    ("sql-statement", "an SQL statement", because(Reason.UNKNOWN_EMAIL),
     "SELECT * FROM member WHERE comp_id = ? AND memb_email = ?"),
    ("unix-path", "the path of a source file", because(Reason.BLOCKED_COMPANY),
     "denied by /opt/esignon/lib/company_filter.py"),
    ("windows-path", "a Windows path of a library", because(Reason.UNREADABLE),
     "D:\\services\\esignon\\bin\\Login.dll"),
    ("file-and-line", "a source file and its line", because(Reason.WRONG_PASSWORD), "login.go:118"),
    ("pascal-frame", "a frame of Free Pascal", because(Reason.WRONG_TYPE),
     "  $00000000004010EF  LOGIN,  line 3 of login.pas"),
    ("php-class", "a class of PHP", because(Reason.UNREADABLE), "Cake\\Http\\BadRequestException"),
    ("firebird", "an error of Firebird", company(lambda name: "'" in name), "SQL error code = -104"),
    ("perl-error", "an error of Perl", because(Reason.NO_OBJECT),
     "malformed JSON string at /srv/esignon/lib/Login.pm line 12."),
    ("elixir-error", "an error of Elixir", because(Reason.MISSING_MEMBER),
     "** (FunctionClauseError) no function clause matching (login 0.1.0) lib/login.ex:12: call/2"),
    ("nlohmann-error", "an exception of a JSON library of C++", because(Reason.UNREADABLE),
     "[json.exception.parse_error.101] parse error at line 1, column 5: syntax error while parsing "
     "value - unexpected end of input; last read: '\"b'"),
    ("erlang-error", "an error of Erlang", because(Reason.WRONG_TYPE),
     "{badmatch,12} [{login,read,[{file,\"src/login.erl\"},{line,12}]}]"),
    ("haskell-error", "a call stack of Haskell", because(Reason.MISSING_MEMBER),
     "Prelude.undefined\nCallStack (from HasCallStack):\n  undefined, called at src/Login.hs:12:5 in "
     "main:Login"),
    ("lua-error", "a traceback of Lua", because(Reason.NO_OBJECT),
     "login.lua:12: attempt to index a nil value (local 'body')\nstack traceback:\n\t[C]: in ?"),
    ("lisp-error", "a backtrace of Lisp", because(Reason.WRONG_TYPE),
     "Unhandled TYPE-ERROR in thread #<SB-THREAD:THREAD \"worker\" RUNNING {10026C8003}>"),
    ("mysql-error", "an error of MySQL with its SQL state", email(lambda text: "#" in text),
     "ERROR 1064 (42000): You have an error in your SQL syntax; check the manual"),
    ("postgres-error-of-nul", "an error of PostgreSQL, for NUL only", email(lambda text: "\0" in text),
     "invalid byte sequence for encoding \"UTF8\": 0x00"),
    ("postgres-error-of-long-text", "an error of PostgreSQL, for a long email only",
     email(lambda text: len(text) > 255), "value too long for type character varying(255)"),
    ("mysql-error-of-four-bytes", "an error of MySQL, for characters of four bytes only",
     email(lambda text: any(one > "\uffff" for one in text)),
     "Incorrect string value: '\\xF0\\x9F\\x98\\x80' for column 'email' at row 1"),
    ("sql-server-error-in-korean", "an error of SQL Server in Korean", email(lambda text: "'" in text),
     "'1' 근처의 구문이 잘못되었습니다."),
    ("postgres-error-in-korean", "an error of PostgreSQL in Korean, for a long email only",
     email(lambda text: len(text) > 255),
     "character varying(255) 자료형에 너무 긴 자료를 담으려고 합니다."),
    ("cubrid-error", "an error of CUBRID", because(Reason.UNKNOWN_EMAIL),
     "Cannot communicate with the broker[CAS INFO-localhost:33000,1,44]"),
    ("frame-on-odd-email", "a frame, for an odd email only",
     email(lambda text: any("\ud800" <= one <= "\udfff" for one in text)),
     "UnicodeEncodeError: 'utf-8' codec can't encode character '\\ud800' in position 2"),
    ("frame-on-success", "a frame, in a success", issued,
     "deprecated: at esignon.login.Token.make(Token.java:12)"),
    ("frame-on-huge-number", "a frame, for 1e400 only", body(lambda raw: b"1e400" in raw),
     "OverflowError\n\tat esignon.json.Reader.number(Reader.kt:201)"),
)
# fmt: on


def _in_message(when: When, insides: str) -> Callable[..., str]:
    def message(request: LoginRequest, decision: Decision, code: str) -> str:
        right = STEPS.message(request, decision, code)
        return f"{right} {insides}" if when(request, decision) else right

    return message


for _name, _what, _when, _insides in INSIDES:
    add(
        f"shows-{_name}",
        "SEC-4",
        f"The text of an answer shows {_what}.",
        changed(message=_in_message(_when, _insides)),
    )


@fault("SEC-4", step="header")
def frames_in_own_member(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
    """A refusal has a member with the frames of the JVM in an array."""
    right = STEPS.header(request, decision, code, text)
    frames = [f"at {_WHERE}.check(LoginService.java:{line})" for line in (87, 120)]
    return right if decision.issued else {**right, "trace": frames}


@fault("SEC-4", step="turn_away")
def frames_in_refused_method(request: LoginRequest, status: HTTPStatus) -> Response:
    """The page of 405 is a traceback."""
    right = STEPS.turn_away(request, status)
    page = b'Traceback (most recent call last):\n  File "/srv/app/main.py", line 7, in route\n'
    return replace(right, body=page) if status == HTTPStatus.METHOD_NOT_ALLOWED else right


@fault("SEC-4", step="turn_away")
def frames_in_refused_media_type(request: LoginRequest, status: HTTPStatus) -> Response:
    """The page of 415 shows a frame of the JVM."""
    right = STEPS.turn_away(request, status)
    page = (
        f"HttpMediaTypeNotSupportedException\n\tat {_WHERE}.read(LoginService.java:12)\n".encode()
    )
    return replace(right, body=page) if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE else right


@fault("SEC-4", step="respond")
def frames_for_odd_path(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """The page for a company that is not UTF-8 is a traceback."""
    if request.company_id is not None:
        return STEPS.respond(request, decision, payload)
    page = b'Traceback (most recent call last):\n  File "/srv/app/route.py", line 31, in match\n'
    return Response(404, ((b"Content-Type", b"text/plain"),), page)
