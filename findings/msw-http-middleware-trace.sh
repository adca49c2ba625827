#!/usr/bin/env bash
# @mswjs/http-middleware 0.10.3 (from npm)
#
# Expected: a server answers a method that it does not know, with 405 or 501 (RFC 9110 section 9.1), and goes on.
# Seen: TRACE ends the whole process. The middleware makes a fetch Request of each request, which throws for
#   TRACE ("'TRACE' HTTP method is unsupported"), and nobody awaits the promise in which that happens.
#   CONNECT never gets to the middleware; POST and an unknown method are answered.
# Why it matters: one request from a scanner, or from a suite that tries all methods, takes the mock of a login
#   away from every test that runs beside it, and those fail with refused connections.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent --ignore-scripts @mswjs/http-middleware@0.10.3 msw@2.15.0 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > mock.mjs <<'JS'
import { createServer } from '@mswjs/http-middleware';
import { http, HttpResponse } from 'msw';

const login = http.post('*/api/:company/login', () => HttpResponse.json({ body: null }));
const server = createServer(login).listen(0, '127.0.0.1', () => console.log(server.address().port));
JS

cat > look.js <<'JS'
const { spawn } = require('child_process');
const http = require('http');

const mock = spawn(process.execPath, ['mock.mjs'], { stdio: ['ignore', 'pipe', 'ignore'] });
const ask = (port, method) => new Promise((done) => {
  const options = { port, host: '127.0.0.1', path: '/api/acme/login', method, agent: false };
  const told = http.request(options, (answer) => { answer.resume(); done(answer.statusCode); });
  told.on('error', (problem) => done(problem.code)).end();
});

mock.stdout.once('data', async (line) => {
  const port = Number(line), seen = [];
  const ended = new Promise((done) => { mock.on('exit', done); setTimeout(done, 5000, 'runs on').unref(); });
  for (const method of ['POST', 'PROPFIND', 'POST', 'TRACE']) seen.push(await ask(port, method));
  seen.push(await ended);
  mock.kill();
  const recorded = [200, 404, 200, 'ECONNRESET', 1];
  const same = JSON.stringify(seen) === JSON.stringify(recorded);
  console.log(same ? 'as recorded (POST, PROPFIND, POST, TRACE, exit status):' : `changed: recorded ${JSON.stringify(recorded)}; seen`, JSON.stringify(seen));
  process.exitCode = same ? 0 : 1;
});
JS
node look.js
