#!/usr/bin/env bash
# stubby 5.1.1 (stubby4node, from npm)
#
# Expected: an endpoint with `json` or `post` answers requests whose body fits it. The README says of both
#   that the body of the request is compared with them.
# Seen: a request without any body fits them all, and gets the endpoint's answer. Any other body that does
#   not fit, down to "{}" and a single blank, is answered with 404.
# Why it matters: a login mock made of such endpoints answers a POST without a body with the first one's
#   answer, most often the successful login. A test of "no body is refused" fails on the mock, and a client
#   that forgets to send its body passes. An endpoint above the others with post "^$" takes the empty body.
set -euo pipefail
tmp=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent stubby@5.1.1 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > data.json <<'JSON'
[{"request": {"method": "POST", "url": "^/json$", "json": "{\"email\":\"kim@example.com\"}"},
  "response": {"status": 200, "body": "json"}},
 {"request": {"method": "POST", "url": "^/post$", "post": "email=kim"},
  "response": {"status": 200, "body": "post"}},
 {"request": {"method": "POST", "url": "^/guarded$", "post": "^$"}, "response": {"status": 400}},
 {"request": {"method": "POST", "url": "^/guarded$", "post": "email=kim"}, "response": {"status": 200}}]
JSON
read -r stubs tls admin < <(node -e '
  const net = require("net"), held = [0, 0, 0].map(() => net.createServer());
  let left = held.length;
  held.forEach((one) => one.listen(0, "127.0.0.1", () => {
    if (--left === 0) { console.log(held.map((it) => it.address().port).join(" ")); held.forEach((it) => it.close()); }
  }));')
node node_modules/stubby/bin/stubby --data data.json --location 127.0.0.1 --quiet \
  --stubs "$stubs" --tls "$tls" --admin "$admin" >stubby.txt 2>&1 &
pid=$!

status() { curl --silent --noproxy '*' --output /dev/null --write-out '%{http_code}' -X POST "http://127.0.0.1:$stubs$1" "${@:2}" || true; }
for _ in $(seq 100); do [ "$(status /nothing)" = 000 ] || break; sleep 0.1; done
seen="json: $(status /json --data '{"email":"kim@example.com"}') $(status /json --data '{}') $(status /json --data ' ') $(status /json)"
seen+=", post: $(status /post --data 'email=kim') $(status /post --data 'email=lee') $(status /post)"
seen+=", guarded: $(status /guarded --data 'email=kim') $(status /guarded)"
recorded='json: 200 404 404 200, post: 200 404 200, guarded: 200 400'
[ "$seen" = "$recorded" ] || { echo "changed: recorded $recorded; seen $seen"; exit 1; }
echo "as recorded (fitting, not fitting, ..., empty): $seen"
