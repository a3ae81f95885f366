/** What CloudFront, or another front, says of a request: believed only when it proves itself. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { EDGE_HEADERS } from './edge-headers.ts';

/** Who was asked, and by whom. */
export interface Addressed {
  /** `host[:port]`, lower-case. */
  readonly host: string;
  /** The caller's network address. */
  readonly sourceAddress: string;
}

const VIEWER = 'cloudfront-viewer-address';

/**
 * `edgeSecret` is one, or two while a new one takes the place of an old one, with a comma between.
 * Without a secret there is no edge: then every request is the API's own. What another cell hands
 * on has passed the edge there, and IAM says that it comes from a cell.
 */
export function hasPassedEdge(
  { headers, forwardedBy }: Pick<APIGatewayProxyEventV2, 'headers'> & { forwardedBy?: string },
  edgeSecret: string | undefined,
): boolean {
  if (edgeSecret === undefined || forwardedBy !== undefined) return true;
  const proof = headers[EDGE_HEADERS.secret] ?? '';
  // Nothing proves nothing, whatever stands beside a comma.
  return proof !== '' && edgeSecret.split(',').some((secret) => isSame(proof, secret));
}

/** By the edge's headers where there is an edge, else by the request itself. */
export function readAddressed(
  { headers, requestContext }: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>,
  edgeSecret: string | undefined,
): Addressed {
  const { sourceIp } = requestContext.http;
  if (edgeSecret === undefined) return { host: lower(headers['host']), sourceAddress: sourceIp };
  return {
    host: lower(headers[EDGE_HEADERS.host]),
    sourceAddress: withoutPort(headers[VIEWER]) ?? sourceIp,
  };
}

function lower(host: string | undefined): string {
  return (host ?? '').trim().toLowerCase();
}

/** `192.0.2.1:46532`, and for IPv6 `2001:db8::1:46532` with or without brackets. */
function withoutPort(viewer: string | undefined): string | undefined {
  const [, address] = /^\[?([0-9a-f.:]+?)\]?:\d{1,5}$/i.exec(viewer ?? '') ?? [];
  return address;
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
