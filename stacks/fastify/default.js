// The login as the guides of Fastify show it: a JSON Schema for the body.
const fastify = require('fastify')();
const bcrypt = require('bcryptjs');
const jwt = require('jsonwebtoken');

const users = require(process.env.ACCOUNTS).map((one) => ({
  ...one,
  hash: bcrypt.hashSync(one.password, 4),
}));

const schema = {
  body: {
    type: 'object',
    required: ['header', 'body'],
    properties: {
      header: {
        type: 'object',
        required: ['request_code'],
        properties: { request_code: { const: '1001Q' } },
      },
      body: {
        type: 'object',
        required: ['memb_email', 'memb_pwd'],
        properties: { memb_email: { type: 'string' }, memb_pwd: { type: 'string' } },
      },
    },
  },
};

function answer(code, message, body) {
  const header = { response_code: '1001A', result_code: code, result_msg: message, session_id: '' };
  return body ? { header, body } : { header };
}

fastify.post('/api/:companyId/login', { schema }, async (request) => {
  const { memb_email, memb_pwd } = request.body.body;
  const user = users.find((one) => one.company === request.params.companyId && one.email === memb_email);
  if (!user || !(await bcrypt.compare(memb_pwd, user.hash))) {
    return answer('10', '로그인 정보가 정확하지 않습니다.');
  }
  if (user.blocked) {
    return answer('95', 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.');
  }
  const expires = new Date(Date.now() + 30 * 24 * 3600 * 1000);
  return answer('00', '성공적으로 로그인되었습니다.', {
    access_token: jwt.sign({ sub: user.email }, 'a secret of the server', { expiresIn: '30d' }),
    comp_id: user.company,
    device_id: 'web',
    expire_date: expires.toISOString(),
    memb_email: user.email,
  });
});

fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
