#!/usr/bin/env bash
# mitmproxy 11.0.2 (from PyPI)
#
# Expected: in an HTTP Archive that `hardump` writes, content.size of a compressed answer is the length of the
#   text that stands beside it, bigger than response.bodySize. HAR 1.2 says of content.size "should be equal to
#   response.bodySize if there is no compression and bigger when the content has been compressed".
# Seen: content.size is the number of compressed bytes, as response.bodySize is, while content.text is the
#   unpacked text and content.compression says how many bytes were saved.
# Why it matters: who checks a recorded answer against its size, or takes content.size - content.compression
#   for what was on the wire, finds every compressed answer broken or gets a negative number. Either compare
#   with the text itself, or not at all.
set -euo pipefail
tmp=$(mktemp -d)
trap 'kill $(cat "$tmp"/*.pid 2>/dev/null) 2>/dev/null || true; rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mitmproxy==11.0.2

cat > server.py <<'PY'
import gzip, http.server, pathlib

TEXT = b'{"result_msg": "' + b"x" * 2000 + b'"}'


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        packed = gzip.compress(TEXT, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path("server.port").write_text(str(server.server_port))
server.serve_forever()
PY
python3 server.py & echo $! > server.pid
for _ in $(seq 100); do [ -s server.port ] && break; sleep 0.1; done

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
venv/bin/mitmdump --quiet --set confdir=conf --listen-host 127.0.0.1 --listen-port "$port" \
  --mode "reverse:http://127.0.0.1:$(cat server.port)" --set hardump=out.har & echo $! > proxy.pid
python3 - "$port" <<'PY'
import sys, time, urllib.request

for _ in range(200):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/").read()
        break
    except OSError:
        time.sleep(0.1)
PY
kill -INT "$(cat proxy.pid)"; wait "$(cat proxy.pid)" || true

python3 - <<'PY'
import json, sys

answer = json.load(open("out.har"))["log"]["entries"][0]["response"]
content = answer["content"]
decoded = len(content["text"].encode())
seen = (content["size"] == answer["bodySize"], content["size"] < decoded, content["compression"] == decoded - answer["bodySize"])
if seen == (True, True, True):
    print(f"as recorded: size {content['size']}, bodySize {answer['bodySize']}, text of {decoded} bytes, compression {content['compression']}")
else:
    sys.exit(f"changed: recorded (True, True, True); seen {seen}")
PY
