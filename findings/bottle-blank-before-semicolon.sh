#!/usr/bin/env bash
# bottle 0.13.4 (from pip)
#
# Expected: `request.json` reads "application/json ;charset=utf-8" as it reads "application/json;charset=utf-8".
#   RFC 9110 section 5.6.6 allows optional blanks before the semicolon of a parameter as well as after it.
# Seen: with the blank in front, `request.json` is None. Nothing is raised and no 415 is sent. Other letter case
#   of the media type does no harm.
# Why it matters: a login handler answers as if the body had not been sent, or breaks down on None. A client
#   that writes its header this way is told that a member is missing, not that its media type was not understood.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet bottle==0.13.4 >pip.txt 2>&1 || { cat pip.txt; exit 1; }

venv/bin/python - <<'PY'
import http.client, sys, threading
from wsgiref.simple_server import WSGIRequestHandler, make_server
from bottle import Bottle, request

class Quiet(WSGIRequestHandler):
    def log_message(self, *words):
        pass

app = Bottle()

@app.post("/login")
def login():
    return "none" if request.json is None else request.json["email"]

server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
types = ("application/json;charset=utf-8", "Application/JSON; charset=utf-8", "application/json ;charset=utf-8")
seen = []
for one in types:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request("POST", "/login", b'{"email": "kim@example.com"}', {"Content-Type": one})
    seen.append((one, connection.getresponse().read().decode()))
    connection.close()
server.shutdown()
recorded = [(types[0], "kim@example.com"), (types[1], "kim@example.com"), (types[2], "none")]
if seen != recorded:
    sys.exit(f"changed: recorded {recorded}, seen {seen}")
print("as recorded:", *seen)
PY
