#!/usr/bin/env bash
# loadtest 8.2.1 (from npm)
#
# Expected: "if there were errors a report with all error codes will be shown" (README): answers with HTTP 401, 429
#   and 500 are counted under these codes.
# Seen: each of them is counted as an error, and all of them under the one code "-1", as is a connection that failed.
# Why it matters: under load a login may refuse what it should let in (401), ask for a slower pace (429) or break
#   down (500). The report of a run says the same of all three, so whether the server is at fault is not in it. What the
#   callback of each request gets has the status; count there.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --silent --no-audit --no-fund --ignore-scripts loadtest@8.2.1 > /dev/null

cat > look.mjs <<'JS'
import http from "node:http"
import { loadTest } from "loadtest"

const server = http.createServer((request, response) => {
  request.resume()
  request.on("end", () => {
    response.statusCode = Number(request.url.slice(1))
    response.end("{}")
  })
})
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))

const seen = {}
for (const status of [200, 401, 429, 500]) {
  const url = `http://127.0.0.1:${server.address().port}/${status}`
  const result = await loadTest({ url, method: "POST", body: "{}", contentType: "application/json", maxRequests: 4, quiet: true })
  seen[status] = [result.totalRequests, result.totalErrors, result.errorCodes]
}
const lost = [4, 4, { "-1": 4 }]
const told = JSON.stringify(seen)
if (told !== JSON.stringify({ 200: [4, 0, {}], 401: lost, 429: lost, 500: lost })) {
  console.log(`changed: ${told}`)
  process.exit(1)
}
console.log(`as recorded: requests, errors and codes by status: ${told}`)
process.exit(0)
JS
node look.mjs
