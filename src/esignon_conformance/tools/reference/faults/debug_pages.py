"""SEC-1, SEC-4: the pages, heads and answers in which platforms show their insides by default.

They are as the platform prints them, shortened: a Java container's error page, a debug page of Ruby or
Python, the crash report of an Erlang server.  Most come with a 500, which is ENV-10's as well.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import parse_qsl

from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Reason, Response
from .registry import add, changed, fault
from .when import When, because, text_at

Page: TypeAlias = Callable[[LoginRequest], str]
_HTML, _PLAIN, _JSON = b"text/html;charset=utf-8", b"text/plain", b"application/json"
_unreadable = because(Reason.UNREADABLE)


def _raw(request: LoginRequest) -> str:
    return request.raw.decode("utf-8", "replace")


def _sinatra(request: LoginRequest) -> str:
    """Return what Sinatra prints in development for a client that asks for no HTML."""
    return (
        "NoMethodError: undefined method `upcase' for 12:Integer\n"
        "\tapp.rb:7:in `block in <main>'\n"
        "\t/usr/share/rubygems-integration/all/gems/sinatra-3.0.5/lib/sinatra/base.rb:1696:in `call'\n"
    )


def _sinatra_parser(request: LoginRequest) -> str:
    return (
        f"JSON::ParserError: unexpected token at '{_raw(request)}'\n"
        "\t/usr/lib/ruby/3.1.0/json/common.rb:216:in `parse'\n\tapp.rb:6:in `block in <main>'\n"
    )


def _rack(request: LoginRequest) -> str:
    """Return the page of Rack::ShowExceptions, which ends in a table of the whole request."""
    return (
        "<!DOCTYPE html><html><head><title>TypeError at /api/login</title></head><body>"
        "<h1>TypeError at /api/login</h1><h2>no implicit conversion of nil into String</h2>"
        '<ul id="traceback"><li class="frame"><code>app.rb</code>: in <code>block in &lt;main&gt;</code>'
        "</li></ul><table><tr><td>rack.request.form_vars</td><td><div>"
        f"{html.escape(repr(_raw(request)))}</div></td></tr></table></body></html>"
    )


def _tomcat(request: LoginRequest) -> str:
    return (
        '<!doctype html><html lang="en"><head><title>HTTP Status 500 – Internal Server Error</title>'
        '</head><body><h1>HTTP Status 500 – Internal Server Error</h1><hr class="line" />'
        "<p><b>Type</b> Exception Report</p><p><b>Exception</b></p><pre>java.lang.ClassCastException: "
        "class java.lang.Integer cannot be cast to class java.lang.String\n"
        "&#9;net.esignon.Login.doPost(Login.java:42)\n"
        "&#9;jakarta.servlet.http.HttpServlet.service(HttpServlet.java:590)\n</pre>"
        "<h3>Apache Tomcat/10.1.60 (Debian)</h3></body></html>"
    )


def _yaws(request: LoginRequest) -> str:
    body = ",".join(str(one) for one in request.raw)
    return (
        "<html><h2>Internal error, yaws code crashed</h2><br><hr><pre>\n"
        "ERROR erlang code threw an uncaught exception:\n File: appmod:0\nClass: error\n"
        "Exception: {badmatch,{error,undefined}}\n"
        f"Req: {{http_request,'POST',{{abs_path,\"/api/login\"}},{{1,1}}}}\n"
        f"Stack: [{{login,out,[&lt;&lt;{body}&gt;&gt;],[{{file,&quot;login.erl&quot;}},{{line,12}}]}},\n"
        "        {yaws_server,deliver_dyn_part,8,[{file,&quot;yaws_server.erl&quot;},{line,2886}]}]\n"
        "</pre></html>"
    )


def _werkzeug(request: LoginRequest) -> str:
    return (
        "<!doctype html><html lang=en><head><title>TypeError // Werkzeug Debugger</title></head><body>"
        '<h1>TypeError</h1><h2 class="traceback">Traceback <em>(most recent call last)</em></h2>'
        '<div class="frame"><h4>File <cite class="filename">"/srv/esignon/login.py"</cite>,\n'
        '      line <em class="line">42</em>,\n      in <code class="function">login</code></h4></div>'
        "</body></html>"
    )


def _plug(request: LoginRequest) -> str:
    return (
        "<!DOCTYPE html><html><body><h5>FunctionClauseError <small>at POST</small></h5>"
        '<li><span class="stacktrace-info"><span class="filename">lib/esignon/login.ex</span>'
        '<span class="line">:<span class="line-number">12</span></span></span></li></body></html>'
    )


def _yellow(request: LoginRequest) -> str:
    return (
        "<!DOCTYPE html><html><head><title>Runtime Error</title></head><body>"
        "<h1>Server Error in '/' Application.</h1><h2><i>Object reference not set.</i></h2><pre>\n"
        "[NullReferenceException: Object reference not set to an instance of an object.]\n"
        "   Esignon.Api.LoginController.Post(LoginRequest request) +87\n"
        "   System.Web.Mvc.ActionMethodDispatcher.Execute(ControllerBase controller) +169\n</pre>"
        "</body></html>"
    )


def _hunchentoot(request: LoginRequest) -> str:
    return (
        "<html><head><title>500 Internal Server Error</title></head><body><h1>Internal Server Error"
        "</h1><p><pre>The value NIL is not of type STRING<br><br>Backtrace:<br>"
        "0: (SB-KERNEL:INTERNAL-ERROR #.(SB-SYS:INT-SAP #X7F2C) #&lt;unavailable argument&gt;)<br>"
        "1: ((:METHOD HUNCHENTOOT:ACCEPTOR-DISPATCH-REQUEST (T T)) #&lt;REQUEST&gt;)</pre></p></body>"
        "</html>"
    )


def _fastapi(request: LoginRequest) -> str:
    """Return what pydantic says of a body: for each thing wrong the whole of what it was in."""
    wrong = {"type": "missing", "loc": ["body", "x"], "msg": "Field required"}
    return json.dumps({"detail": [{**wrong, "input": request.document}]})


def _laravel(request: LoginRequest) -> str:
    frame = {"file": "/app/vendor/laravel/framework/Router.php", "line": 41, "class": "Router"}
    return json.dumps({"message": "Server Error", "trace": [frame]})


def _buffer(request: LoginRequest) -> str:
    data = {"type": "Buffer", "data": list(text_at(request, "body/memb_pwd").encode())}
    return json.dumps({"error": "unexpected value", "value": data}, indent=2)


def _chars(request: LoginRequest) -> str:
    return f"no such account: char[] [{', '.join(text_at(request, 'body/memb_pwd'))}]\n"


def _octal(request: LoginRequest) -> str:
    octets = text_at(request, "body/memb_pwd").encode("utf-8", "replace")
    return "bad value: " + "".join(f"\\{one:03o}" for one in octets) + "\n"


# fmt: off
PAGES: tuple[tuple[str, str, str, When, int, bytes, Page], ...] = (
    ("sinatra-trace", "SEC-4 ENV-10", "A wrong type gets Sinatra's trace in plain text.",
     because(Reason.WRONG_TYPE), 500, _PLAIN, _sinatra),
    ("sinatra-parser", "SEC-1 SEC-4 ENV-10",
     "What cannot be read gets a trace whose first line repeats it.", _unreadable, 500, _PLAIN,
     _sinatra_parser),
    ("rack", "SEC-1 SEC-4 ENV-10", "A missing member gets Rack's page with the body in a table.",
     because(Reason.MISSING_MEMBER), 500, _HTML, _rack),
    ("tomcat", "SEC-4 ENV-10", "A wrong type gets Tomcat's page with frames.",
     because(Reason.WRONG_TYPE), 500, _HTML, _tomcat),
    ("yaws", "SEC-1 SEC-4 ENV-10", "A wrong type gets yaws' report, the body in it as numbers.",
     because(Reason.WRONG_TYPE), 500, _HTML, _yaws),
    ("werkzeug", "SEC-4 ENV-10", "Text that is no object gets Werkzeug's debugger.",
     because(Reason.NO_OBJECT), 500, _HTML, _werkzeug),
    ("plug", "SEC-4 ENV-10", "A missing member gets the debug page of Elixir's Plug.",
     because(Reason.MISSING_MEMBER), 500, _HTML, _plug),
    ("yellow", "SEC-4 ENV-10", "What cannot be read gets ASP.NET's yellow page.", _unreadable, 500,
     _HTML, _yellow),
    ("hunchentoot", "SEC-4 ENV-10", "A wrong type gets a backtrace of Lisp.",
     because(Reason.WRONG_TYPE), 500, _HTML, _hunchentoot),
    ("laravel", "SEC-4 ENV-10", "A wrong type gets Laravel's trace in JSON.",
     because(Reason.WRONG_TYPE), 500, _JSON, _laravel),
    ("fastapi", "SEC-1 ENV-3", "A missing member gets FastAPI's 422 with what was sent.",
     because(Reason.MISSING_MEMBER), 422, _JSON, _fastapi),
    ("buffer", "SEC-1 ENV-10", "A wrong password comes back as the numbers of Node's buffer.",
     because(Reason.UNKNOWN_COMPANY), 500, _JSON, _buffer),
    ("chars", "SEC-1 ENV-10", "A password comes back as Java prints an array of characters.",
     because(Reason.UNKNOWN_COMPANY), 500, _PLAIN, _chars),
    ("octal", "SEC-1 ENV-10", "A password comes back in octal numbers.",
     because(Reason.UNKNOWN_COMPANY), 500, _PLAIN, _octal),
)
# fmt: on


def _showing(when: When, status: int, kind: bytes, page: Page) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        if not when(request, decision):
            return STEPS.respond(request, decision, payload)
        return Response(
            status, ((b"Content-Type", kind),), page(request).encode("utf-8", "replace")
        )

    return respond


for _name, _clauses, _sentence, _when, _status, _kind, _page in PAGES:
    add(
        f"debug-page-{_name}",
        _clauses,
        _sentence,
        changed(respond=_showing(_when, _status, _kind, _page)),
    )


@fault("SEC-1 ENV-10", step="respond")
def exception_in_head(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """What cannot be read gets an empty 500 with the exception in a header field, as cpp-httplib does."""
    if decision.reason is not Reason.UNREADABLE:
        return STEPS.respond(request, decision, payload)
    what = b"cannot read: " + request.raw[-120:].replace(b"\r", b" ").replace(b"\n", b" ")
    what = bytes(one for one in what if 0x20 <= one < 0x7F)
    return Response(500, ((b"EXCEPTION_WHAT", what),), b"")


@fault("SEC-4 ENV-10", step="respond")
def frame_in_head(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """A wrong type gets an empty 500 with the text of nlohmann's exception in a header field."""
    if decision.reason is not Reason.WRONG_TYPE:
        return STEPS.respond(request, decision, payload)
    what = b"[json.exception.type_error.302] type must be string, but is number"
    return Response(500, ((b"EXCEPTION_WHAT", what),), b"")


def _instead(
    status: HTTPStatus, page: Callable[[LoginRequest], str]
) -> Callable[[LoginRequest, HTTPStatus], Response]:
    def turn_away(request: LoginRequest, asked: HTTPStatus) -> Response:
        right = STEPS.turn_away(request, asked)
        return replace(right, body=page(request).encode()) if asked == status else right

    return turn_away


def _parameters(request: LoginRequest) -> str:
    rows = parse_qsl(request.query.decode("latin-1"))
    return "".join(f"<tr><td>{html.escape(n)}</td><td>{html.escape(v)}</td></tr>" for n, v in rows)


add(
    "parameters-in-page-of-other-method",
    "SEC-1",
    "The page of 405 has a table of the parameters of the query.",
    changed(turn_away=_instead(HTTPStatus.METHOD_NOT_ALLOWED, _parameters)),
)
add(
    "body-in-page-of-other-method",
    "SEC-1",
    "The page of 405 repeats the body of the request.",
    changed(turn_away=_instead(HTTPStatus.METHOD_NOT_ALLOWED, _raw)),
)
