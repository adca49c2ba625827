#!/usr/bin/env bash
# hypercorn 0.18.0 (from pip, with h11 0.16.0)
#
# Expected: a request whose target is a whole URL is served as the one whose target is that URL's path.
#   RFC 9112 section 3.2.2 obliges every server to accept this form, and the ASGI specification says of
#   `path` that it is the path of the target, without host and scheme.
# Seen: scheme and host stay in `path` and in `raw_path`, so an application that routes by the path finds
#   no route. The query string is cut off as it should be.
# Why it matters: clients behind a proxy send this form. A login that is told apart by its path answers
#   404 to them on hypercorn and logs in on other ASGI servers (granian 2.8.7 hands over the path alone).
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet hypercorn==0.18.0 h11==0.16.0

venv/bin/python - <<'PY'
import asyncio, socket, sys
from hypercorn.asyncio import serve
from hypercorn.config import Config

async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    seen = f"{scope['path']}|{scope['raw_path'].decode()}|{scope['query_string'].decode()}"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": seen.encode()})

async def ask(port, target):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: login.example\r\nConnection: close\r\n\r\n".encode())
    answer = (await asyncio.wait_for(reader.read(), 10)).decode()
    writer.close()
    return answer.split("\r\n\r\n", 1)[1].split("\r\n")[1]

async def main():
    listening = socket.create_server(("127.0.0.1", 0))
    config, ending = Config(), asyncio.Event()
    config.bind, config.loglevel = [f"fd://{listening.fileno()}"], "CRITICAL"
    serving = asyncio.create_task(serve(application, config, shutdown_trigger=ending.wait))
    await asyncio.sleep(0.5)
    port = listening.getsockname()[1]
    seen = [await ask(port, one) for one in ("/api/acme?a=1", "http://login.example/api/acme?a=1")]
    ending.set()
    await serving
    return seen

seen = asyncio.run(main())
whole = "http://login.example/api/acme"
recorded = ["/api/acme|/api/acme|a=1", f"{whole}|{whole}|a=1"]
if seen != recorded:
    sys.exit(f"changed: recorded {recorded}, seen {seen}")
print("as recorded:", seen)
PY
