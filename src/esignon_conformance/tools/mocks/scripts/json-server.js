
const crypto = require('crypto');
const page = require('./login.json');

const newToken = () => crypto.randomBytes(104).toString('base64');

function answer(req, res, next, document) {
  const [path, query] = req.url.split('?');
  const mediaType = req.headers['content-type'];
  const decided = decide(page, { method: req.method, path, query, mediaType, document }, newToken);
  if (!decided) return next();
  res.status(decided.status).set(decided.headers);
  return decided.document ? res.json(decided.document) : res.end();
}

// json-server reads a body before its middlewares run; one that it cannot read arrives as an error.
module.exports = [
  (req, res, next) => answer(req, res, next, req.body),
  (error, req, res, next) => answer(req, res, () => next(error), undefined),
];
