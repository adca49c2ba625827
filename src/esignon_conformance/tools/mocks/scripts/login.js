'use strict';
// Decides how a login ends. What it says in answer stands in `page`, which the contract gave.

const TYPES = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  string: (value) => typeof value === 'string',
};

function steps(pointer) {
  return pointer.split('/').slice(1);
}

function valueAt(document, pointer) {
  return steps(pointer).reduce(
    (value, name) => (TYPES.object(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    document,
  );
}

function put(document, pointer, value) {
  const names = steps(pointer);
  const last = names.pop();
  names.reduce((parent, name) => parent[name], document)[last] = value;
}

function companyOf(page, path) {
  const [before, after] = page.path;
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  const company = path.slice(before.length, path.length - after.length);
  if (company.includes('/')) return undefined;
  try {
    return decodeURIComponent(company);
  } catch {
    return ''; // No company has a name that cannot be decoded.
  }
}

function isMediaType(page, declared) {
  const [essence, ...parameters] = (declared || '').toLowerCase().split(';');
  const pairs = parameters.map((one) => one.split('=').map((part) => part.trim().replaceAll('"', '')));
  const charsets = pairs.filter(([name]) => name === 'charset');
  return essence.trim() === page.media_type && charsets.every(([, value]) => value === 'utf-8');
}

// `request` has method, path, query, mediaType and document, which is undefined for an unreadable body.
// Returns undefined for a path of another operation.
function decide(page, request, newToken) {
  const company = companyOf(page, request.path);
  if (company === undefined) return undefined;
  if (request.method !== page.method) return { status: 405, headers: { Allow: page.method } };
  if (!isMediaType(page, request.mediaType)) return { status: 415, headers: {} };
  const asked = new URLSearchParams(request.query).get('lang');
  const language = Object.hasOwn(page.answers, asked) ? asked : page.language;
  const answered = (name, document) => ({
    status: 200,
    headers: { 'Content-Type': `${page.media_type}; charset=utf-8`, 'Cache-Control': 'no-store' },
    name: `${name}-${language}`,
    document,
  });
  const refused = (reason) => answered(reason, page.answers[language][reason]);
  if (request.document === undefined) return refused('unreadable');
  for (const { pointer, type } of page.members) {
    if (!TYPES[type](valueAt(request.document, pointer))) return refused('wrong-form');
  }
  if (valueAt(request.document, page.request_code.pointer) !== page.request_code.value) {
    return refused('request-code');
  }
  const account = page.accounts.find(
    (one) =>
      one.company === company &&
      one.email === valueAt(request.document, page.email) &&
      one.password === valueAt(request.document, page.password),
  );
  if (!account) return refused('credentials');
  if (account.blocked) return refused('blocked');
  const document = structuredClone(account.answers[language]);
  put(document, page.token, newToken());
  const expiry = new Date(Date.now() + page.days * 24 * 3600 * 1000).toISOString();
  put(document, page.expiry, expiry.replace('T', ' ').replace('Z', ''));
  return answered(account.name, document);
}
