#!/usr/bin/env bash
# wiremock 3.13.2 (the jar that the npm package brings; needs Java 11 or later)
#
# Expected: a request body is matched as it was sent unless a Content-Encoding says that it is packed. RFC
#   9110 section 8.4 makes that header, and nothing in the body, the sign of a coding. WireMock's
#   documentation has binaryEqualTo compare the bytes of the body.
# Seen: a body that is gzip data is unpacked with no Content-Encoding at all. binaryEqualTo with the bytes
#   as sent does not match it, equalTo with the text inside does. This is wiremock/wiremock issue 547.
# Why it matters: a test that sends a packed login without saying so, and asks whether that is refused,
#   gets the answer to the plain login. The mock cannot tell the two apart, a real server can.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent wiremock@3.13.2 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > look.js <<'JS'
const net = require('net');
const zlib = require('zlib');
const { spawn } = require('child_process');
const wait = (time) => new Promise((done) => { setTimeout(done, time); });
const plain = '{"email":"kim@example.com"}';
const packed = zlib.gzipSync(plain);

const held = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = held.address();
  held.close(async () => {
    const jar = 'node_modules/wiremock/build/wiremock-standalone-3.13.2.jar';
    const options = ['-Xmx256m', '-jar', jar, '--port', port, '--bind-address', '127.0.0.1', '--disable-banner'];
    const wiremock = spawn('java', options, { stdio: 'ignore' });
    process.on('exit', () => wiremock.kill()).on('SIGTERM', () => process.exit(1));
    const post = (path, body, headers = {}) => fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers });
    for (let tries = 0; tries < 600; tries += 1) {
      if (await post('/', '').catch(() => null)) break;
      await wait(100);
    }
    const stub = (urlPath, pattern) => post('/__admin/mappings', JSON.stringify({
      request: { method: 'POST', urlPath, bodyPatterns: [pattern] }, response: { status: 200 },
    }));
    await stub('/bytes', { binaryEqualTo: packed.toString('base64') });
    await stub('/text', { equalTo: plain });
    const type = { 'Content-Type': 'application/octet-stream' };
    const seen = [];
    for (const [path, body] of [['/bytes', packed], ['/text', packed], ['/text', plain]]) {
      seen.push(`${path} ${(await post(path, body, type)).status}`);
    }
    const recorded = ['/bytes 404', '/text 200', '/text 200'];
    const same = seen.join() === recorded.join();
    console.log(same ? 'as recorded (packed by bytes, packed by text, plain by text):' : `changed: recorded ${recorded}; seen`, seen.join(', '));
    process.exit(same ? 0 : 1);
  });
});
JS
node look.js
