import type { App } from '../harness/apps.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty when the answer is not a JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** A form as given, byte for byte: for requests that no sound client library would send. */
export async function postForm(
  url: URL,
  body: string | Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  return await readAnswer(
    await fetch(url, {
      method: 'POST',
      body: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      redirect: 'manual',
    }),
  );
}

export async function readAnswer(response: Response): Promise<RawAnswer> {
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : {},
  };
}

/** RFC 6749 §2.3.1. */
export function basic({ clientId, clientSecret = '' }: App): { authorization: string } {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return { authorization: `Basic ${btoa(pair)}` };
}
