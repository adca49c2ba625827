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
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mitmproxy==11.0.2

cat > look.py <<'PY'
import gzip, http.server, json, signal, socket, subprocess, sys, threading, time, urllib.request

TEXT = b'{"result_msg": "' + b"x" * 2000 + b'"}'

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        packed = gzip.compress(TEXT, mtime=0)
        self.send_response(200)
        for name, value in (("Content-Type", "application/json"), ("Content-Encoding", "gzip"), ("Content-Length", len(packed))):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *_): ...

server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
with socket.create_server(("127.0.0.1", 0)) as held:
    port = held.getsockname()[1]
proxy = subprocess.Popen(["venv/bin/mitmdump", "--quiet", "--set", "confdir=conf", "--set", "hardump=out.har", "--listen-host", "127.0.0.1",
                          "--listen-port", str(port), "--mode", f"reverse:http://127.0.0.1:{server.server_port}"])
for _ in range(200):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/").read()
        break
    except OSError:
        time.sleep(0.1)
proxy.send_signal(signal.SIGINT)
proxy.wait(30)
answer = json.load(open("out.har"))["log"]["entries"][0]["response"]
content, body = answer["content"], answer["bodySize"]
text = len(content["text"].encode())
if content["size"] != body or body >= text or content["compression"] != text - body:
    sys.exit(f"changed: size {content['size']}, bodySize {body}, text of {text} bytes, compression {content['compression']}")
print(f"as recorded: size {content['size']}, bodySize {body}, text of {text} bytes, compression {content['compression']}")
PY
python3 look.py
