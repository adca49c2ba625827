
  const newToken = () => require('crypto').randomBytes(104).toString('base64');
  const { method, path, query, headers, body } = config.request;
  const mediaType = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type');
  let document;
  try {
    document = JSON.parse(body);
  } catch {
    document = undefined;
  }
  const search = new URLSearchParams(query).toString();
  const asked = { method, path, query: search, mediaType: mediaType && mediaType[1], document };
  const decided = decide(page, asked, newToken);
  if (!decided) return { statusCode: 404 };
  const text = decided.document ? JSON.stringify(decided.document) : '';
  return { statusCode: decided.status, headers: decided.headers, body: text };
