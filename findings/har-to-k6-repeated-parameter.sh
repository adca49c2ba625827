#!/usr/bin/env bash
# har-to-k6 0.14.16 (from npm)
#
# Expected: a request of an HTTP Archive becomes a k6 call of the same URL. HAR 1.2 lists in queryString the
#   parameters that the URL has already; a name may come twice, and each value has a row of its own.
# Seen: for "?lang=en&lang=ko" with its two rows the script asks for "?lang=en&lang=ko&lang=ko": the last value is
#   there once more. A parameter that comes once stays as it is.
# Why it matters: what is replayed is not what was recorded. A login that is recorded with a parameter in both
#   languages, or one that tests what a server does with a repeated parameter, gets another request under load,
#   and a server that refuses or counts the values answers differently than it did.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --silent --no-audit --no-fund --ignore-scripts har-to-k6@0.14.16 > /dev/null

cat > look.py <<'PY'
import json, re, subprocess, sys

def recorded(query):
    """Return an archive of one request with this query, told in its URL and in its rows."""
    rows = [dict(zip(("name", "value"), one.split("="))) for one in query.split("&")]
    request = {"method": "POST", "url": f"http://127.0.0.1:8000/api/acme/login?{query}", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
               "queryString": rows, "postData": {"mimeType": "application/json", "text": "{}"}, "headersSize": -1, "bodySize": 2}
    content = {"size": 0, "mimeType": "application/json"}
    response = {"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [], "content": content,
                "redirectURL": "", "headersSize": -1, "bodySize": -1}
    entry = {"startedDateTime": "2026-11-28T01:00:00.000Z", "time": 3, "request": request, "response": response, "cache": {},
             "timings": {"send": 0, "wait": 2, "receive": 1}}
    return {"log": {"version": "1.2", "creator": {"name": "by hand", "version": "1"}, "entries": [entry]}}

def asked(query):
    """Return the query that the converted script asks for."""
    with open("in.har", "w", encoding="utf-8") as file:
        json.dump(recorded(query), file)
    subprocess.run(["node_modules/.bin/har-to-k6", "in.har", "-o", "out.js"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open("out.js", encoding="utf-8") as file:
        return re.search(r"login\?([^']*)'", file.read())[1]

seen = {query: asked(query) for query in ("lang=en", "lang=en&as=x", "lang=en&lang=ko")}
if seen != {"lang=en": "lang=en", "lang=en&as=x": "lang=en&as=x", "lang=en&lang=ko": "lang=en&lang=ko&lang=ko"}:
    sys.exit(f"changed: {seen}")
print(f"as recorded: lang=en&lang=ko is asked for as {seen['lang=en&lang=ko']}")
PY
python3 look.py
