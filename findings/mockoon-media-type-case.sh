#!/usr/bin/env bash
# @mockoon/cli 9.9.0 (from npm)
#
# Expected: a rule on a member of a JSON body holds for "Application/JSON" as it does for
#   "application/json": RFC 9110 section 8.3.1 has media types compared without regard to letter case.
# Seen: the rule never holds where the media type has a capital letter, so the request gets the response
#   for all others. A template reads the same member, so the body was read: mockoon/mockoon issue 2093 put
#   that right for the reading of bodies, and the rules compare by themselves.
# Why it matters: on a mock of a login the right password is refused, by clients that write the media type
#   in their own way. The answer looks like a wrong password, not like a header that was not understood.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent @mockoon/cli@9.9.0 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > look.js <<'JS'
const fs = require('fs');
const net = require('net');
const { spawn } = require('child_process');
const wait = (time) => new Promise((done) => { setTimeout(done, time); });
const id = (at) => `00000000-0000-4000-8000-00000000000${at}`;

const rule = { target: 'body', modifier: 'password', value: 'right', invert: false, operator: 'equals' };
const answer = (at, statusCode, rules) => ({
  uuid: id(at), statusCode, rules, rulesOperator: 'AND', default: !rules.length, bodyType: 'INLINE',
  body: "{{body 'password'}}", headers: [], latency: 0, disableTemplating: false, fallbackTo404: false,
});
const route = { uuid: id(1), type: 'http', method: 'post', endpoint: 'login', responses: [answer(2, 200, [rule]), answer(3, 401, [])] };

const held = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = held.address();
  held.close(async () => {
    const environment = { uuid: id(0), lastMigration: 33, name: 'login', port, hostname: '127.0.0.1', routes: [route] };
    fs.writeFileSync('login.json', JSON.stringify({ ...environment, rootChildren: [{ type: 'route', uuid: id(1) }] }));
    const options = ['start', '--data', 'login.json', '--repair', '--disable-log-to-file', '--disable-admin-api'];
    const mockoon = spawn(process.execPath, ['node_modules/@mockoon/cli/bin/run.js', ...options], { stdio: 'ignore' });
    process.on('exit', () => mockoon.kill()).on('SIGTERM', () => process.exit(1));
    const login = (type) => fetch(`http://127.0.0.1:${port}/login`, { method: 'POST', headers: { 'Content-Type': type }, body: '{"password":"right"}' });
    for (let tries = 0; tries < 300; tries += 1) {
      if (await login('text/plain').catch(() => null)) break;
      await wait(100);
    }
    const seen = [];
    for (const type of ['application/json', 'Application/JSON']) {
      const got = await login(type);
      seen.push(`${type}: ${got.status} ${await got.text()}`);
    }
    const recorded = ['application/json: 200 right', 'Application/JSON: 401 right'];
    const same = seen.join() === recorded.join();
    console.log(same ? 'as recorded (status, what the template reads):' : `changed: recorded ${recorded}; seen`, seen.join(', '));
    process.exit(same ? 0 : 1);
  });
});
JS
node look.js
