#!/usr/bin/env bash
# CherryPy 18.10.0 (from pip)
#
# Expected: with `tools.json_in`, "Application/JSON" is taken as "application/json" is. RFC 9110 section
#   8.3.1: "The type and subtype tokens are case-insensitive."
# Seen: it is refused with 415, "Expected an entity of content type application/json, text/javascript". The
#   type is looked up in a table as it was sent. A charset, with a blank before it or not, does no harm.
# Why it matters: a client, or a gateway that writes the type anew, is told to send the very media type that
#   it sent, and a suite that checks only "application/json" sees nothing of it.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet CherryPy==18.10.0 >pip.txt 2>&1 || { cat pip.txt; exit 1; }

venv/bin/python - <<'PY'
import http.client, socket, sys
import cherrypy

class Root:
    @cherrypy.expose
    @cherrypy.tools.json_in()
    def login(self):
        return cherrypy.request.json["email"]

def ask(port, media_type):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/login", b'{"email": "kim@example.com"}', {"Content-Type": media_type})
    status = connection.getresponse().status
    connection.close()
    return media_type, status

with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
cherrypy.config.update({"server.socket_host": "127.0.0.1", "server.socket_port": port, "environment": "embedded"})
cherrypy.tree.mount(Root())
cherrypy.server.subscribe()
cherrypy.engine.start()
try:
    types = ("application/json", "application/json ;charset=utf-8", "Application/JSON", "APPLICATION/JSON")
    seen = [ask(port, one) for one in types]
finally:
    cherrypy.engine.exit()
recorded = [(types[0], 200), (types[1], 200), (types[2], 415), (types[3], 415)]
if seen != recorded:
    sys.exit(f"changed: recorded {recorded}, seen {seen}")
print("as recorded:", *seen)
PY
