
// Starts Prism beside itself, and has it give the example of the contract that a login ends with.
const { spawn } = require('child_process');
const crypto = require('crypto');
const http = require('http');
const net = require('net');
const page = require('./login.json');

const [port, prismPort] = process.argv.slice(2).map(Number);
const host = '127.0.0.1';
const prism = spawn('prism', ['mock', 'openapi.json', '--host', host, '--port', String(prismPort)], {
  stdio: ['ignore', 'inherit', 'inherit'],
  shell: process.platform === 'win32',
});
prism.on('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => prism.kill());

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const newToken = () => crypto.randomBytes(104).toString('base64');
const agent = new http.Agent({ keepAlive: true });

function read(bytes) {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

// Prism answers what the documented request is answered, by the name of the example.
function askPrism(name, response) {
  const body = JSON.stringify(page.example);
  const asked = http.request({
    agent,
    host,
    port: prismPort,
    method: page.method,
    path: page.path.join('mock'),
    headers: {
      'Content-Type': page.media_type,
      'Content-Length': Buffer.byteLength(body),
      Prefer: `code=200, example=${name}`,
    },
  });
  asked.on('response', (answered) => {
    const headers = { 'Content-Type': answered.headers['content-type'], 'Cache-Control': 'no-store' };
    response.writeHead(answered.statusCode, headers);
    answered.pipe(response);
  });
  asked.on('error', () => response.writeHead(502).end());
  asked.end(body);
}

function answer(request, response, bytes) {
  const [path, query] = request.url.split('?');
  const mediaType = request.headers['content-type'];
  const document = read(bytes);
  const decided = decide(page, { method: request.method, path, query, mediaType, document }, newToken);
  if (decided && decided.document) return askPrism(decided.name, response);
  return response.writeHead(decided ? decided.status : 404, decided ? decided.headers : {}).end();
}

const server = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => answer(request, response, Buffer.concat(pieces)));
});

// Nobody is taken before Prism is there to be asked.
function listen() {
  const tried = net.connect(prismPort, host, () => {
    tried.destroy();
    server.listen(port, host);
  });
  tried.on('error', () => setTimeout(listen, 100));
}

listen();
