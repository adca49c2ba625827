#!/usr/bin/env bash
# tornado 6.6.1 (from pip)
#
# Expected: a chunked request body is read also where a chunk's size is followed by an extension or the
#   last chunk by a trailer field. Both are part of the format: RFC 9112 section 7.1.1 obliges a recipient
#   to ignore extensions it does not know, and section 7.1.2 lets it drop the trailer.
# Seen: either is answered with 400 and the application is not asked. The same body in plain chunks is
#   read. The answer has no body and none of the application's headers. A note in tornado's source has
#   extensions as still to be done; its documentation does not tell.
# Why it matters: a client or a proxy may send a login in this form, for example with a checksum in the
#   trailer. A suite that does so meets a 400 that is the server's, not the application's, and must not
#   take it for the application's word on the login.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet tornado==6.6.1

venv/bin/python - <<'PY'
import asyncio, logging, sys
import tornado.httpserver, tornado.netutil, tornado.web

logging.disable()

class Login(tornado.web.RequestHandler):
    def post(self):
        self.write(self.request.body)

async def ask(port, body):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST / HTTP/1.1\r\nHost: login.example\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    writer.write((head + body).encode())
    answer = (await asyncio.wait_for(reader.read(), 10)).decode()
    writer.close()
    top, _, content = answer.partition("\r\n\r\n")
    return f"{top.split()[1]} {content}".strip()

async def main():
    sockets = tornado.netutil.bind_sockets(0, "127.0.0.1")
    tornado.httpserver.HTTPServer(tornado.web.Application([("/", Login)])).add_sockets(sockets)
    port = sockets[0].getsockname()[1]
    bodies = {
        "plain": "3\r\nabc\r\n0\r\n\r\n",
        "extension": "3;note=1\r\nabc\r\n0\r\n\r\n",
        "trailer": "3\r\nabc\r\n0\r\nX-Checksum: 1\r\n\r\n",
    }
    return {name: await ask(port, body) for name, body in bodies.items()}

seen = asyncio.run(main())
recorded = {"plain": "200 abc", "extension": "400", "trailer": "400"}
if seen != recorded:
    sys.exit(f"changed: recorded {recorded}, seen {seen}")
print("as recorded:", seen)
PY
