#!/usr/bin/env bash
# twisted 26.10.0 (twisted.web, from pip)
#
# Expected: an answer with the status 204 has no Content-Length. RFC 9110 section 8.6 forbids a server to
#   send one with 204.
# Seen: a resource that sets 204 and returns nothing is answered with "Content-Length: 0". So is one that
#   sets 304, where the same section allows no other length than that of the answer with 200.
# Why it matters: a suite that checks answers against HTTP's own rules reports a fault here that no line
#   of the application holds, and proxies differ in whether they let the header pass, so the same server
#   looks right behind one of them. bottlepy/bottle issue 829 tells of a cache that stumbles over it.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet twisted==26.10.0

venv/bin/python - <<'PY'
import http.client, sys
from twisted.internet import reactor, threads
from twisted.web import resource, server

class Answer(resource.Resource):
    isLeaf = True
    def render_GET(self, request):
        request.setResponseCode(int(request.path[1:]))
        return b"" if request.path != b"/200" else b"ok"

def length(port, status):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", f"/{status}")
    answer = connection.getresponse()
    connection.close()
    return answer.status, answer.getheader("Content-Length")

def look(port):
    return [length(port, status) for status in (200, 204, 304)]

seen = []
port = reactor.listenTCP(0, server.Site(Answer()), interface="127.0.0.1")
looking = threads.deferToThread(look, port.getHost().port)
looking.addBoth(lambda found: (seen.append(found), reactor.stop()))
reactor.run()
recorded = [(200, "2"), (204, "0"), (304, "0")]
if seen != [recorded]:
    sys.exit(f"changed: recorded {recorded}, seen {seen}")
print("as recorded (status, Content-Length):", *seen)
PY
