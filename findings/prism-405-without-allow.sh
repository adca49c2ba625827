#!/usr/bin/env bash
# @stoplight/prism-cli 5.16.0 (from npm)
#
# Expected: a path of the description that is asked with another method than it has is answered with 405
#   and an Allow header that lists the methods: RFC 9110 section 15.5.6 obliges the server to send it.
# Seen: 405 without Allow, for GET, PUT and OPTIONS alike. Reported as stoplightio/prism issue 1929.
# Why it matters: a client or a test that reads Allow to learn how to log in finds none, and a suite that
#   judges a mock by HTTP's rules finds the mock at fault where the description of the API is right. What
#   is judged is then Prism, not the API.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent @stoplight/prism-cli@5.16.0 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > api.yaml <<'YAML'
openapi: 3.0.3
info: {title: login, version: '1'}
paths:
  /login:
    post: {responses: {'200': {description: done, content: {application/json: {example: {code: '00'}}}}}}
YAML
cat > look.js <<'JS'
const net = require('net');
const { spawn } = require('child_process');
const wait = (time) => new Promise((done) => { setTimeout(done, time); });

const held = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = held.address();
  held.close(async () => {
    const options = ['mock', '--host', '127.0.0.1', '--port', port, '--multiprocess', 'false', 'api.yaml'];
    const prism = spawn(process.execPath, ['node_modules/@stoplight/prism-cli/dist/index.js', ...options], { stdio: 'ignore' });
    process.on('exit', () => prism.kill()).on('SIGTERM', () => process.exit(1));
    const url = `http://127.0.0.1:${port}/login`;
    for (let tries = 0; tries < 300; tries += 1) {
      if (await fetch(url).catch(() => null)) break;
      await wait(100);
    }
    const seen = [];
    for (const method of ['POST', 'GET', 'PUT', 'OPTIONS']) {
      const answer = await fetch(url, { method });
      seen.push(`${method} ${answer.status} Allow: ${answer.headers.get('Allow') || 'none'}`);
    }
    const recorded = ['POST 200 Allow: none', 'GET 405 Allow: none', 'PUT 405 Allow: none', 'OPTIONS 405 Allow: none'];
    const same = seen.join() === recorded.join();
    console.log(same ? 'as recorded:' : `changed: recorded ${recorded}; seen`, seen.join(', '));
    process.exit(same ? 0 : 1);
  });
});
JS
node look.js
