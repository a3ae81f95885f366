import { createHash } from 'node:crypto';
import { JWKS_MAX_AGE_SECONDS } from '../core/key-rotation.ts';
import type { HttpRequest, HttpResponse } from './message.ts';

interface Published {
  readonly contentType?: string;
  /** How long caches that serve many may keep it; as long as everybody else without it. */
  readonly sharedMaxAgeSeconds?: number;
}

/** A public JSON document with an ETag; 304 for those who have it already (RFC 9110 §13.1.2). */
export function publishedDocument(
  request: HttpRequest,
  document: unknown,
  { contentType = 'application/json', sharedMaxAgeSeconds }: Published = {},
): HttpResponse {
  const body = JSON.stringify(document);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const shared = sharedMaxAgeSeconds === undefined ? '' : `, s-maxage=${sharedMaxAgeSeconds}`;
  const headers = { 'cache-control': `public, max-age=${JWKS_MAX_AGE_SECONDS}${shared}`, etag };
  if (hasTag(request.headers.get('if-none-match'), etag)) return { status: 304, headers };
  return { status: 200, headers: { ...headers, 'content-type': contentType }, body };
}

function hasTag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
