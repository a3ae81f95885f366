import { request } from 'node:http';

/** A request with nothing made right on the way: header values and body as given. */
export interface RawRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>;
  readonly body: string;
}

/** Redirects are not followed. Rejects when the server hangs up without an answer. */
export function sendRaw(issuer: string, raw: RawRequest): Promise<RawResponse> {
  const { hostname, port } = new URL(issuer);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        method: raw.method,
        path: raw.target,
        headers: { ...raw.headers, 'content-length': String(raw.body.length) },
      },
      (response) => {
        const chunks: Array<Buffer> = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    sent.once('error', reject);
    sent.end(raw.body);
  });
}
