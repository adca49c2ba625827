#!/usr/bin/env bash
# polka 0.5.2 (from npm)
#
# Expected: a request whose target is a whole URL is answered like the one whose target is that URL's path.
#   RFC 9112 section 3.2.2 obliges a server to accept this form of the target.
# Seen: routes do not match it. polka answers 404 to the whole URL and 200 to the path alone. express
#   5.2.1, with the same route, answers 200 to both.
# Why it matters: clients that are set up for a proxy send this form. A mock of a login on polka answers
#   404 to them, which reads as "no such company" or "wrong path" and is neither.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent polka@0.5.2 express@5.2.1 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > look.js <<'JS'
const http = require('http');
const polka = require('polka');
const express = require('express');

const ask = (port, path) => new Promise((done, failed) => {
  const options = { port, host: '127.0.0.1', path, method: 'POST', agent: false };
  http.request(options, (answer) => { answer.resume(); done(answer.statusCode); }).on('error', failed).end();
});

const statuses = (application) => new Promise((done, failed) => {
  const server = http.createServer(application).listen(0, '127.0.0.1', async () => {
    const { port } = server.address();
    try {
      done([await ask(port, '/api/acme/login'), await ask(port, `http://127.0.0.1:${port}/api/acme/login`)]);
    } catch (problem) { failed(problem); }
    server.close();
  });
});

(async () => {
  const login = (req, res) => { res.end(req.params.company); };
  const seen = {
    polka: await statuses(polka().post('/api/:company/login', login).handler),
    express: await statuses(express().post('/api/:company/login', login)),
  };
  const recorded = { polka: [200, 404], express: [200, 200] };
  const same = JSON.stringify(seen) === JSON.stringify(recorded);
  console.log(same ? 'as recorded (path, whole URL):' : `changed: recorded ${JSON.stringify(recorded)}; seen`, JSON.stringify(seen));
  process.exitCode = same ? 0 : 1;
})();
JS
node look.js
