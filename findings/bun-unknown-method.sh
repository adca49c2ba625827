#!/usr/bin/env bash
# bun 1.4.5 (from npm)
#
# Expected: a request with a method that the server does not know gets an answer. RFC 9110 section 9.1: "An
#   origin server that receives a request method that is unrecognized or not implemented SHOULD respond with the
#   501 (Not Implemented) status code." Any token is a method (section 9.1), as is "LOGIN" or "PURGE-ALL".
# Seen: `Bun.serve` closes the connection without a byte, and its handler is never called. Methods that are
#   registered (PROPFIND, and even QUERY) reach the handler.
# Why it matters: a client, or a gateway in front, has nothing that tells this from a server that broke down, and
#   a tester who tries other methods looks for a crash.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent bun@1.4.5 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > look.js <<'JS'
import net from 'node:net';

const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('reached') });

const ask = (method) => new Promise((done) => {
  let text = '';
  const socket = net.connect(server.port, '127.0.0.1', () => {
    socket.write(`${method} /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  });
  socket.on('data', (part) => { text += part; });
  socket.on('error', () => {});
  socket.on('close', () => done(`${method}: ${text.split('\r\n')[0] || 'nothing'}`));
});

const seen = [];
for (const method of ['POST', 'PROPFIND', 'QUERY', 'LOGIN', 'PURGE-ALL']) seen.push(await ask(method));
server.stop(true);
const recorded = ['POST: HTTP/1.1 200 OK', 'PROPFIND: HTTP/1.1 200 OK', 'QUERY: HTTP/1.1 200 OK', 'LOGIN: nothing',
  'PURGE-ALL: nothing'];
const same = seen.join() === recorded.join();
console.log(same ? 'as recorded:' : `changed: recorded ${recorded}; seen`, seen.join(', '));
process.exit(same ? 0 : 1);
JS
node_modules/.bin/bun look.js
