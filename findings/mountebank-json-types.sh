#!/usr/bin/env bash
# mountebank 2.9.1 (from npm)
#
# Expected: a deepEquals predicate on a JSON body matches the body it names. RFC 8259 section 3 has numbers,
#   strings, true, false and null as different values, and the page on predicates says nothing else.
# Seen: the number 1 matches the string "1" and the other way round, null matches the string "null", true
#   the string "true". All values are made strings before they are compared. That a number in a predicate
#   should match at all was mountebank-testing/mountebank issue 4.
# Why it matters: a login mock cannot answer differently to a code or a password that came as a number or
#   as null instead of a string, so a test of "a number is refused" cannot be written against it this way.
#   A predicate on the text of the body (`contains`, with the quotes) tells them apart.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent mountebank@2.9.1 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > look.js <<'JS'
const net = require('net');
const { spawn } = require('child_process');
const wait = (time) => new Promise((done) => { setTimeout(done, time); });
const free = () => new Promise((done) => {
  const held = net.createServer().listen(0, '127.0.0.1', () => { const { port } = held.address(); held.close(() => done(port)); });
});
const send = (port, path, value) => fetch(`http://127.0.0.1:${port}${path}`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value),
});

(async () => {
  const port = await free();
  const options = ['--port', port, '--host', '127.0.0.1', '--nologfile', '--loglevel', 'error', '--pidfile', 'mb.pid'];
  const mb = spawn(process.execPath, ['node_modules/mountebank/bin/mb', 'start', ...options], { stdio: 'ignore' });
  process.on('exit', () => mb.kill()).on('SIGTERM', () => process.exit(1));
  for (let tries = 0; tries < 150; tries += 1) {
    if (await fetch(`http://127.0.0.1:${port}/`).catch(() => null)) break;
    await wait(100);
  }
  const stubs = [1, '1', null, 'null', true, 'true'].map((password, at) => ({
    predicates: [{ deepEquals: { path: `/${at}`, body: { password } } }],
    responses: [{ is: { statusCode: 200 } }],
  }));
  stubs.push({ predicates: [{ contains: { path: '/text', body: '"password":"1"' } }], responses: [{ is: { statusCode: 200 } }] });
  const imposter = { protocol: 'http', port: await free(), host: '127.0.0.1', stubs, defaultResponse: { statusCode: 401 } };
  await send(port, '/imposters', imposter);
  const seen = [];
  for (const [at, password] of ['1', 1, 'null', null, 'true', true, '2'].entries()) {
    seen.push((await send(imposter.port, `/${at % 6}`, { password })).status);
  }
  for (const password of ['1', 1]) seen.push((await send(imposter.port, '/text', { password })).status);
  const recorded = [200, 200, 200, 200, 200, 200, 401, 200, 401];
  const same = seen.join() === recorded.join();
  console.log(same ? 'as recorded (six of the other type, a wrong one, two by the text):' : `changed: recorded ${recorded}; seen`, seen.join(' '));
  process.exit(same ? 0 : 1);
})();
JS
node look.js
