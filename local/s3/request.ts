import { AwsError, type AwsRequest } from '../types.ts';

/** An S3 request, its operation known: paths name bucket and key, the query says the rest. */
export interface S3Request {
  readonly operation: string;
  readonly bucket: string;
  /** Empty for operations on the bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** As sent: perhaps in chunks. */
  readonly body: Uint8Array;
}

/** What `S3_PROTOCOL` made of the request. */
export function readS3Request({ operation, headers, input }: AwsRequest): S3Request {
  const { Bucket, Key, Query, Body } = input;
  return {
    operation,
    headers,
    bucket: typeof Bucket === 'string' ? Bucket : '',
    key: typeof Key === 'string' ? Key : '',
    query: new URLSearchParams(typeof Query === 'string' ? Query : ''),
    body: Body instanceof Uint8Array ? Body : new Uint8Array(),
  };
}

/** A member that S3 takes from the query. Throws InvalidArgument when it is no such number. */
export function integerIn(
  query: URLSearchParams,
  name: string,
  { otherwise, most }: { readonly otherwise: number; readonly most: number },
): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value <= most) return value;
  throw invalidArgument(`Argument ${name} must be an integer between 0 and ${most}`);
}

export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgument', message);
}
