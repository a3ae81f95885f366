import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../types.ts';
import type { CredentialScope } from './credential-scope.ts';
import type { CredentialRegistry, Identity } from './credentials.ts';
import type { RawRequest } from './protocol.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** S3 takes no URL that is good for longer than a week. */
const MAX_EXPIRES_SECONDS = 604_800;
const MAX_CLOCK_SKEW_MS = 15 * 60_000;
const CREDENTIAL =
  /^([A-Z0-9]{16,128})\/(\d{8})\/([a-z0-9-]{1,32})\/([a-z0-9-]{1,32})\/aws4_request$/;
const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Who signed a URL, by its query; undefined for one that says nothing of it. S3 alone takes them. */
export function findPresignedScope(target: string): CredentialScope | undefined {
  const credential = queryOf(target).get('X-Amz-Credential') ?? '';
  const [, accessKeyId, , region, service] = CREDENTIAL.exec(credential) ?? [];
  if (accessKeyId === undefined || region === undefined || service !== 's3') return undefined;
  return { accessKeyId, region, service };
}

/**
 * Whoever holds a presigned URL acts as the one who signed it, until it expires by the shared clock
 * (S3 API Reference, "authenticating requests: using query parameters"). Throws AwsError.
 */
export function requirePresigned(
  raw: RawRequest,
  credentials: CredentialRegistry,
  nowMs: number,
): Identity {
  const query = queryOf(raw.target);
  const times = requireTimes(query, nowMs);
  const [, accessKeyId = '', day = '', region = ''] =
    CREDENTIAL.exec(query.get('X-Amz-Credential') ?? '') ?? [];
  const signer = credentials.findSigner(accessKeyId);
  if (signer === undefined) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    throw new AwsError('InvalidAccessKeyId', message, 403);
  }
  if ((query.get('X-Amz-Security-Token') ?? undefined) !== signer.sessionToken) {
    throw new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.');
  }
  if (day !== times.date.slice(0, 8)) throw malformed('Invalid credential date');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = [ALGORITHM, times.date, scope, sha256(canonicalRequest(raw, query))].join('\n');
  const key = ['s3', 'aws4_request'].reduce<Buffer>(
    hmac,
    hmac(hmac(`AWS4${signer.secretAccessKey}`, day), region),
  );
  const isRight = areEqual(hmac(key, text).toString('hex'), query.get('X-Amz-Signature') ?? '');
  if (!isRight) throw mismatch();
  // The process that signed has nothing to do with whoever follows the link.
  return { principal: signer.principal, holder: undefined };
}

function requireTimes(query: URLSearchParams, nowMs: number): { readonly date: string } {
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) {
    throw malformed('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const date = query.get('X-Amz-Date') ?? '';
  const signedAtMs = Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
  if (!DATE.test(date) || Number.isNaN(signedAtMs)) {
    throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  const expires = query.get('X-Amz-Expires') ?? '';
  const isWhole = /^\d{1,9}$/.test(expires) && Number(expires) > 0;
  if (!isWhole || Number(expires) > MAX_EXPIRES_SECONDS) {
    throw malformed('X-Amz-Expires must be between 1 and 604800 seconds');
  }
  if (signedAtMs > nowMs + MAX_CLOCK_SKEW_MS) {
    throw new AwsError('AccessDenied', 'Request is not valid yet', 403);
  }
  const endsAtMs = signedAtMs + Number(expires) * 1000;
  if (nowMs < endsAtMs) return { date };
  throw new AwsError('AccessDenied', 'Request has expired', 403, {
    'X-Amz-Expires': expires,
    Expires: new Date(endsAtMs).toISOString(),
    ServerTime: new Date(nowMs).toISOString(),
  });
}

function canonicalRequest({ method, target, headers }: RawRequest, query: URLSearchParams): string {
  const signed = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  if (!signed.includes('host')) throw malformed('Signed headers must include host');
  const unsigned = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && !signed.includes(name),
  );
  if (unsigned.length > 0) {
    const message = 'There were headers present in the request which were not signed';
    throw new AwsError('AccessDenied', message, 403, { HeadersNotSigned: unsigned.join(', ') });
  }
  const [path = ''] = target.split('?');
  return [
    method,
    path,
    canonicalQuery(query),
    ...signed.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}`),
    '',
    signed.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
}

/** Read as the service reads it, so that nothing can mean one thing here and another there. */
function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('&');
}

/** RFC 3986: nothing but its unreserved characters stays. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function queryOf(target: string): URLSearchParams {
  const question = target.indexOf('?');
  return new URLSearchParams(question < 0 ? '' : target.slice(question + 1));
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function areEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function malformed(message: string): AwsError {
  return new AwsError('AuthorizationQueryParametersError', message);
}

function mismatch(): AwsError {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return new AwsError('SignatureDoesNotMatch', message, 403);
}
