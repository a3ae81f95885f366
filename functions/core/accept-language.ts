const MAX_TAGS = 8;
const TAG = /^[a-z]{1,8}(-[a-z0-9]{1,8}){0,4}$/i;

/** The tags of an `Accept-Language` header, most wanted first (RFC 9110 §12.5.4). */
export function parseAcceptLanguage(header: string): ReadonlyArray<string> {
  return header
    .slice(0, 512)
    .split(',')
    .map(parseRange)
    .filter((range) => range.weight > 0 && TAG.test(range.tag))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_TAGS)
    .map((range) => range.tag);
}

/** The tags of `ui_locales`, most wanted first; others are passed over (OIDC Core §3.1.2.1). */
export function parseUiLocales(value: string): ReadonlyArray<string> {
  return value
    .split(' ')
    .filter((tag) => TAG.test(tag))
    .slice(0, MAX_TAGS);
}

function parseRange(text: string): { tag: string; weight: number } {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => parameter.startsWith('q='));
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return { tag, weight: Number.isNaN(weight) ? 0 : weight };
}
