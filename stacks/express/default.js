// The login as the guides of Express, bcryptjs and jsonwebtoken show it.
const express = require('express');
const bcrypt = require('bcryptjs');
const jwt = require('jsonwebtoken');

const users = require(process.env.ACCOUNTS).map((one) => ({
  ...one,
  hash: bcrypt.hashSync(one.password, 4),
}));

const app = express();
app.use(express.json());

function answer(code, message, body) {
  const header = { response_code: '1001A', result_code: code, result_msg: message, session_id: '' };
  return body ? { header, body } : { header };
}

app.post('/api/:companyId/login', async (req, res) => {
  const { memb_email, memb_pwd } = req.body.body;
  const user = users.find((one) => one.company === req.params.companyId && one.email === memb_email);
  if (!user || !(await bcrypt.compare(memb_pwd, user.hash))) {
    return res.json(answer('10', '로그인 정보가 정확하지 않습니다.'));
  }
  if (user.blocked) {
    return res.json(answer('95', 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.'));
  }
  const expires = new Date(Date.now() + 30 * 24 * 3600 * 1000);
  res.json(answer('00', '성공적으로 로그인되었습니다.', {
    access_token: jwt.sign({ sub: user.email }, 'a secret of the server', { expiresIn: '30d' }),
    comp_id: user.company,
    device_id: 'web',
    expire_date: expires.toISOString(),
    memb_email: user.email,
  }));
});

app.listen(Number(process.env.PORT), '127.0.0.1');
