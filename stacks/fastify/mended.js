// As default.js, with the least that the page asks beyond it.
// Without coercion: a password in an array, a number or null would be made a text.
const fastify = require('fastify')({
  ajv: { customOptions: { coerceTypes: false } },
  frameworkErrors: (error, request, reply) => reply.send(UNREADABLE),
});
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

const UNREADABLE = answer('12', '수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.');

// Whatever the parser, the schema or the router refuses is a refusal with the one envelope.
fastify.setErrorHandler((error, request, reply) => reply.send(UNREADABLE));

fastify.post('/api/:companyId/login', { schema }, async (request, reply) => {
  const { memb_email, memb_pwd } = request.body.body;
  const user = users.find((one) => one.company === request.params.companyId && one.email === memb_email);
  // bcrypt looks at 72 bytes only.
  if (!user || bcrypt.truncates(memb_pwd) || !(await bcrypt.compare(memb_pwd, user.hash))) {
    return answer('10', '로그인 정보가 정확하지 않습니다.');
  }
  if (user.blocked) {
    return answer('95', 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.');
  }
  const expires = new Date(Date.now() + 30 * 24 * 3600 * 1000);
  reply.header('Cache-Control', 'no-store');
  return answer('00', '성공적으로 로그인되었습니다.', {
    access_token: jwt.sign({ sub: user.email, jti: crypto.randomUUID() }, 'a secret of the server', { expiresIn: '30d' }),
    comp_id: user.company,
    device_id: 'web',
    expire_date: expires.toISOString(),
    memb_email: user.email,
  });
});

fastify.route({
  method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  url: '/api/:companyId/login',
  handler: async (request, reply) => reply.code(405).header('Allow', 'POST').send(),
});

fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
