// As default.js, with the least that the page asks beyond it.
const express = require('express');
const bcrypt = require('bcryptjs');
const jwt = require('jsonwebtoken');

const users = require(process.env.ACCOUNTS).map((one) => ({
  ...one,
  hash: bcrypt.hashSync(one.password, 4),
}));

const app = express();
app.disable('etag');
// A Buffer, since the parser of express.json() guesses the charset and swallows a byte order mark.
app.use('/api', express.raw({ type: 'application/json', limit: '1mb' }));

function answer(code, message, body) {
  const header = { response_code: '1001A', result_code: code, result_msg: message, session_id: '' };
  return body ? { header, body } : { header };
}

const UNREADABLE = answer('12', '수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.');
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function read(bytes) {
  const text = JSON.parse(utf8.decode(bytes));
  const { memb_email, memb_pwd } = text.body;
  if (text.header.request_code !== '1001Q') throw new SyntaxError('request_code');
  if (typeof memb_email !== 'string' || typeof memb_pwd !== 'string') throw new SyntaxError('body');
  return { memb_email, memb_pwd };
}

app.post('/api/:companyId/login', async (req, res) => {
  let sent;
  try {
    sent = read(req.body);
  } catch {
    return res.json(UNREADABLE);
  }
  const user = users.find((one) => one.company === req.params.companyId && one.email === sent.memb_email);
  // bcrypt looks at 72 bytes only.
  if (!user || bcrypt.truncates(sent.memb_pwd) || !(await bcrypt.compare(sent.memb_pwd, user.hash))) {
    return res.json(answer('10', '로그인 정보가 정확하지 않습니다.'));
  }
  if (user.blocked) {
    return res.json(answer('95', 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.'));
  }
  const expires = new Date(Date.now() + 30 * 24 * 3600 * 1000);
  res.set('Cache-Control', 'no-store').json(answer('00', '성공적으로 로그인되었습니다.', {
    access_token: jwt.sign({ sub: user.email, jti: crypto.randomUUID() }, 'a secret of the server', { expiresIn: '30d' }),
    comp_id: user.company,
    device_id: 'web',
    expire_date: expires.toISOString(),
    memb_email: user.email,
  }));
});

app.all('/api/:companyId/login', (req, res) => res.set('Allow', 'POST').sendStatus(405));

// Whatever a parser or a path refuses is a refusal with the one envelope.
app.use((error, req, res, next) => {
  res.status(error.status < 500 ? 200 : 500).json(UNREADABLE);
});

app.listen(Number(process.env.PORT), '127.0.0.1');
