import { AwsError, type AwsResponse } from '../types.ts';
import type { Bucket } from './bucket.ts';
import type { StoredObject } from './object-version.ts';
import { isUnmodified } from './preconditions.ts';
import { encryptionHeaders, versionHeaders } from './put-object.ts';
import type { S3Request } from './request.ts';

/** Query members that replace a header of the answer (`GetObject`, "overriding response headers"). */
const OVERRIDES: Readonly<Record<string, string>> = {
  'response-content-type': 'content-type',
  'response-content-disposition': 'content-disposition',
  'response-content-language': 'content-language',
  'response-content-encoding': 'content-encoding',
  'response-cache-control': 'cache-control',
  'response-expires': 'expires',
};

/** `GetObject`: bytes are read as they are sent, so that a large object needs no memory. */
export function getObject(bucket: Bucket, request: S3Request): AwsResponse {
  const object = findObject(bucket, request);
  const headers = headersOf(bucket, object, request);
  if (isUnmodified(request, object)) return { status: 304, headers, body: '' };
  const range = readRange(request.headers['range'], object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  const bytes = bucket.sealing(object.key, object.encryption).open(object.blobs, start, end);
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      ...(range === undefined
        ? checksumHeaders(request, object)
        : { 'content-range': `bytes ${start}-${end - 1}/${object.size}` }),
      'content-length': String(end - start),
    },
    body: '',
    bytes,
  };
}

/** `HeadObject`: all but the bytes. */
export function headObject(bucket: Bucket, request: S3Request): AwsResponse {
  const object = findObject(bucket, request);
  const headers = headersOf(bucket, object, request);
  if (isUnmodified(request, object)) return { status: 304, headers, body: '' };
  const range = readRange(request.headers['range'], object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...headers,
      ...checksumHeaders(request, object),
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${object.size}` }),
      'content-length': String(end - start),
    },
    body: '',
  };
}

function findObject(bucket: Bucket, { key, query }: S3Request): StoredObject {
  return bucket.requireObject(key, query.get('versionId') ?? undefined);
}

function headersOf(
  bucket: Bucket,
  object: StoredObject,
  { query }: S3Request,
): Readonly<Record<string, string>> {
  const { etag, modifiedAtMs, metadata, retention, versionId, encryption } = object;
  return {
    ...object.headers,
    ...Object.fromEntries(
      Object.entries(OVERRIDES).flatMap(([member, header]) => {
        const value = query.get(member);
        return value === null ? [] : [[header, requireHeaderValue(member, value)] as const];
      }),
    ),
    ...Object.fromEntries(
      Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
    ),
    ...encryptionHeaders(encryption),
    ...versionHeaders(bucket, versionId),
    ...(retention && {
      'x-amz-object-lock-mode': retention.mode,
      'x-amz-object-lock-retain-until-date': new Date(retention.untilMs).toISOString(),
    }),
    etag: `"${etag}"`,
    'last-modified': new Date(modifiedAtMs).toUTCString(),
    'accept-ranges': 'bytes',
  };
}

/** Nothing that ends a line, and nothing that HTTP cannot carry. */
function requireHeaderValue(member: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new AwsError('InvalidArgument', `${member} holds what no header can`);
}

function checksumHeaders(
  { headers }: S3Request,
  { checksum }: StoredObject,
): Readonly<Record<string, string>> {
  const isWanted = headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
  if (!isWanted || checksum === undefined) return {};
  return {
    [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
    'x-amz-checksum-type': 'FULL_OBJECT',
  };
}

/**
 * One range (RFC 9110 §14.1.2); whatever else the header says is passed over, as S3 does. Throws
 * InvalidRange when it begins behind the end.
 */
export function readRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from === '') {
    const start = Math.max(0, size - Number(to));
    if (Number(to) === 0 || size === 0) throw invalidRange(size);
    return { start, end: size };
  }
  const start = Number(from);
  if (to !== '' && Number(to) < start) return undefined;
  if (start >= size) throw invalidRange(size);
  return { start, end: to === '' ? size : Math.min(size, Number(to) + 1) };
}

function invalidRange(size: number): AwsError {
  const message = 'The requested range is not satisfiable';
  return new AwsError('InvalidRange', message, 416, { ActualObjectSize: size });
}
