#!/usr/bin/env bash
# restify 12.0.0 (from npm)
#
# Expected: "application/json ;charset=utf-8" names the same media type as "application/json;charset=utf-8".
#   RFC 9110 section 5.6.6 allows optional blanks before the semicolon of a parameter as well as after it.
# Seen: with the blank in front, the body parser does not take the body for JSON. It raises nothing and
#   answers no 415: the handler is called, and `req.body` is a Buffer of the bytes instead of an object.
# Why it matters: a login handler that reads `req.body.email` finds no email and answers as if it had not
#   been sent. A client that writes its header this way is told that a member is missing, not that its
#   media type was not understood.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent restify@12.0.0 >npm.txt 2>&1 || { cat npm.txt; exit 1; }

cat > look.js <<'JS'
const http = require('http');
const restify = require('restify');

const server = restify.createServer();
server.use(restify.plugins.bodyParser());
server.post('/login', (req, res, next) => {
  res.send({ kind: Buffer.isBuffer(req.body) ? 'Buffer' : typeof req.body, email: req.body.email || 'none' });
  return next();
});

const ask = (type) => new Promise((done, failed) => {
  const options = { port: server.address().port, host: '127.0.0.1', path: '/login', method: 'POST', agent: false };
  const request = http.request({ ...options, headers: { 'Content-Type': type } }, (answer) => {
    let text = '';
    answer.on('data', (part) => { text += part; }).on('end', () => {
      const { kind, email } = JSON.parse(text);
      done(`${answer.statusCode} ${kind} ${email}`);
    });
  });
  request.on('error', failed).end('{"email":"kim@example.com"}');
});

server.listen(0, '127.0.0.1', async () => {
  const seen = [];
  for (const type of ['application/json;charset=utf-8', 'application/json; charset=utf-8', 'application/json ;charset=utf-8']) {
    seen.push(await ask(type));
  }
  server.close();
  const recorded = ['200 object kim@example.com', '200 object kim@example.com', '200 Buffer none'];
  const same = seen.join() === recorded.join();
  console.log(same ? 'as recorded:' : `changed: recorded ${recorded}; seen`, seen.join(', '));
  process.exitCode = same ? 0 : 1;
});
JS
node --no-deprecation look.js
