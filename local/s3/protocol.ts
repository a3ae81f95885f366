import type { ParsedRequest, Protocol, RawRequest } from '../gateway/protocol.ts';
import { AwsError } from '../types.ts';
import { invalidArgument } from './request.ts';
import { renderXml } from './xml.ts';

/** `<method> <bucket or object> <subresources in order>` → operation. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'HEAD bucket': 'HeadBucket',
  'GET bucket': 'ListObjects',
  'GET bucket list-type': 'ListObjectsV2',
  'GET bucket versions': 'ListObjectVersions',
  'GET bucket uploads': 'ListMultipartUploads',
  'GET bucket object-lock': 'GetObjectLockConfiguration',
  'POST bucket delete': 'DeleteObjects',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'PUT object retention': 'PutObjectRetention',
  'GET object retention': 'GetObjectRetention',
  'POST object uploads': 'CreateMultipartUpload',
  'PUT object partNumber,uploadId': 'UploadPart',
  'POST object uploadId': 'CompleteMultipartUpload',
  'DELETE object uploadId': 'AbortMultipartUpload',
};

const SUBRESOURCES = new Set(
  Object.keys(OPERATIONS).flatMap((one) => (one.split(' ')[2] ?? '').split(',')),
);
/** Members that are sent bare and say nothing of the operation. */
const OTHER_MEMBERS = new Set(['prefix', 'delimiter', 'start-after', 'continuation-token']);

/**
 * S3's REST API with the bucket in the path, as the SDKs address hosts that are IP addresses.
 * Bodies are bytes; errors are XML.
 */
export const S3_PROTOCOL: Protocol = {
  parse: (request) => ({ ...parsePath(request) }),
  renderError: (error, requestId) => ({
    status: error.status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body: renderXml(
      [
        'Error',
        [
          ['Code', error.code],
          ['Message', error.message],
          ...Object.entries(error.extra).map(([name, value]) => [name, String(value)] as const),
          ['RequestId', requestId],
        ],
      ],
      false,
    ),
  }),
};

function parsePath({ method, target, headers, body }: RawRequest): ParsedRequest {
  const [path = '', query = ''] = splitOnce(target, '?');
  const [bucket = '', key = ''] = splitOnce(path.slice(1), '/');
  const Key = decode(key);
  const operation = operationOf(method, Key, new URLSearchParams(query), headers);
  return { operation, input: { Bucket: decode(bucket), Key, Query: query, Body: body } };
}

function operationOf(
  method: string,
  key: string,
  query: URLSearchParams,
  headers: RawRequest['headers'],
): string {
  const named = [...query].flatMap(([name, value]) =>
    SUBRESOURCES.has(name) || (value === '' && !OTHER_MEMBERS.has(name)) ? [name] : [],
  );
  const place = key === '' ? 'bucket' : 'object';
  const form = [method, place, named.toSorted().join(',')].join(' ').trim();
  const operation = OPERATIONS[form];
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  if (isCopy && operation === 'UploadPart') return 'UploadPartCopy';
  if (operation !== undefined && !isCopy) return operation;
  throw new AwsError('NotImplemented', `the local cloud does not emulate ${form}`, 501);
}

function splitOnce(text: string, separator: string): ReadonlyArray<string> {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** A plus sign is itself in a path. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw invalidArgument("Couldn't parse the specified URI.");
  }
}
