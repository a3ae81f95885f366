/** What policies can ask of an S3 request, and what it says of itself. */
import type { AuthorizationQuery } from '../types.ts';
import type { S3Request } from './request.ts';

export type Context = AuthorizationQuery['context'];

/** Headers that policies see under `s3:` and their own name. */
const HEADERS_AS_KEYS = [
  'x-amz-acl',
  'x-amz-content-sha256',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
];
const LISTING_MEMBERS = ['prefix', 'delimiter', 'max-keys'];
const DAY_MS = 86_400_000;

export function commonContext({ headers, query }: S3Request, account: string): Context {
  const isPresigned = query.has('X-Amz-Signature');
  const named = HEADERS_AS_KEYS.flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[`s3:${name}`, [value]] as const];
  });
  return {
    's3:authType': [isPresigned ? 'REST-QUERY-STRING' : 'REST-HEADER'],
    's3:signatureversion': ['AWS4-HMAC-SHA256'],
    's3:TlsVersion': ['1.3'],
    's3:ResourceAccount': [account],
    'aws:ResourceAccount': [account],
    ...Object.fromEntries(named),
  };
}

export function listingContext({ query }: S3Request): Context {
  const named = LISTING_MEMBERS.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[`s3:${name}`, [value]] as const];
  });
  return Object.fromEntries(named);
}

export function lockContext({ headers }: S3Request, nowMs: number): Context {
  const mode = headers['x-amz-object-lock-mode'];
  const until = headers['x-amz-object-lock-retain-until-date'];
  const days = Math.floor((Date.parse(until ?? '') - nowMs) / DAY_MS);
  return {
    ...(mode !== undefined && { 's3:object-lock-mode': [mode] }),
    ...(until !== undefined && {
      's3:object-lock-retain-until-date': [until],
      's3:object-lock-remaining-retention-days': [String(days)],
    }),
  };
}

export function versionIn({ query }: S3Request): string | undefined {
  return query.get('versionId') ?? undefined;
}

export function wantsChecksum({ headers }: S3Request): boolean {
  return headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
}
