/** What CloudFront says of a request, which is believed only when it proves itself. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { equalInConstantTime } from '../adapters/crypto/hash.ts';

/** Who was asked, and by whom. */
export interface Addressed {
  /** `host[:port]`, lower-case. */
  readonly host: string;
  /** The caller's network address. */
  readonly sourceAddress: string;
}

/** Added by CloudFront, so that nobody can pass it and its WAF by. */
const SECRET = 'x-domicile-edge';
/** CloudFront's own `Host` towards the API is the API's. */
const HOST = 'x-domicile-host';
const VIEWER = 'cloudfront-viewer-address';

/**
 * Without a secret there is no edge: then every request is the API's own. What another cell hands
 * on has passed the edge there, and IAM says that it comes from a cell.
 */
export function hasPassedEdge(
  { headers, forwardedBy }: Pick<APIGatewayProxyEventV2, 'headers'> & { forwardedBy?: string },
  edgeSecret: string | undefined,
): boolean {
  if (edgeSecret === undefined || forwardedBy !== undefined) return true;
  return equalInConstantTime(headers[SECRET] ?? '', edgeSecret);
}

/** By the edge's headers where there is an edge, else by the request itself. */
export function readAddressed(
  { headers, requestContext }: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>,
  edgeSecret: string | undefined,
): Addressed {
  const { sourceIp } = requestContext.http;
  if (edgeSecret === undefined) return { host: lower(headers['host']), sourceAddress: sourceIp };
  return {
    host: lower(headers[HOST]),
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
