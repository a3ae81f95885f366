/** Throws an Error with the control API's own description. */
async function call(method, path, body) {
  const response = await fetch(`/_local/api/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error_description ?? `status ${response.status}`);
  return answer;
}

export const get = (path) => call('GET', path);
export const post = (path, body = {}) => call('POST', path, body);
export const remove = (path) => call('DELETE', path);
