import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../types.ts';
import type { Checksum } from './object-version.ts';
import type { S3Request } from './request.ts';

/** The bytes that were meant, and a checksum that they were found to fit. */
export interface Payload {
  readonly bytes: Uint8Array;
  /** The last that the caller sent; undefined when it sent none. */
  readonly checksum: Checksum | undefined;
  /** Whether anything vouched for the bytes, which writes under an object lock need. */
  readonly isChecked: boolean;
}

const DIGESTS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  crc32: (bytes) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    return sum.toString('base64');
  },
  sha1: (bytes) => createHash('sha1').update(bytes).digest('base64'),
  sha256: (bytes) => createHash('sha256').update(bytes).digest('base64'),
};
const PREFIX = 'x-amz-checksum-';
/** Settings that only look like checksums. */
const NO_CHECKSUMS = new Set(['algorithm', 'type', 'mode']);

/**
 * Reads a body, out of its chunks if need be, and checks what vouches for it: `Content-MD5`,
 * checksums in headers or trailers, the hash that was signed. Throws BadDigest,
 * XAmzContentSHA256Mismatch, IncompleteBody, or NotImplemented for an algorithm not spoken here.
 */
export function readPayload({ headers, body }: S3Request): Payload {
  const { bytes, trailers } = isChunked(headers) ? readChunks(body) : { bytes: body, trailers: {} };
  requireDecodedLength(headers, bytes);
  const given = Object.entries({ ...headers, ...trailers }).flatMap(([name, value]) => {
    const algorithm = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
    return algorithm === undefined || NO_CHECKSUMS.has(algorithm) ? [] : [{ algorithm, value }];
  });
  for (const checksum of given) requireChecksum(checksum, bytes);
  const isSigned = requireSignedHash(headers['x-amz-content-sha256'], bytes);
  const isMd5 = requireMd5(headers['content-md5'], bytes);
  return { bytes, checksum: given.at(-1), isChecked: given.length > 0 || isSigned || isMd5 };
}

function requireChecksum({ algorithm, value }: Checksum, bytes: Uint8Array): void {
  const digest = DIGESTS[algorithm];
  if (digest === undefined) {
    throw new AwsError('NotImplemented', `the local cloud knows no checksum ${algorithm}`, 501);
  }
  if (digest(bytes) === value) return;
  const name = algorithm.toUpperCase();
  throw new AwsError(
    'BadDigest',
    `The ${name} you specified did not match the calculated checksum.`,
  );
}

function requireMd5(wanted: string | undefined, bytes: Uint8Array): boolean {
  if (wanted === undefined) return false;
  if (createHash('md5').update(bytes).digest('base64') === wanted) return true;
  throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

/** `UNSIGNED-PAYLOAD` and the names of streams vouch for nothing. */
function requireSignedHash(wanted: string | undefined, bytes: Uint8Array): boolean {
  if (wanted === undefined || !/^[0-9a-f]{64}$/.test(wanted)) return false;
  if (createHash('sha256').update(bytes).digest('hex') === wanted) return true;
  const message = 'The provided x-amz-content-sha256 header does not match what was computed.';
  throw new AwsError('XAmzContentSHA256Mismatch', message);
}

function requireDecodedLength(headers: S3Request['headers'], bytes: Uint8Array): void {
  const wanted = headers['x-amz-decoded-content-length'];
  if (wanted !== undefined && Number(wanted) !== bytes.length) throw incomplete();
}

/** SigV4, "transferring a payload in multiple chunks". */
function isChunked(headers: S3Request['headers']): boolean {
  return (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
}

const LINE_END = '\r\n';
const SIZE = /^([0-9a-f]{1,8})(?:;chunk-signature=[0-9a-f]{64})?$/i;

/** `size[;chunk-signature=…] CRLF bytes CRLF` until a size of 0, then trailers. */
function readChunks(body: Uint8Array): {
  readonly bytes: Uint8Array;
  readonly trailers: Readonly<Record<string, string>>;
} {
  const all = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Array<Buffer> = [];
  let at = 0;
  for (;;) {
    const lineEnd = all.indexOf(LINE_END, at);
    const [, hex] = lineEnd < 0 ? [] : (SIZE.exec(all.toString('latin1', at, lineEnd)) ?? []);
    if (hex === undefined) throw incomplete();
    const size = Number.parseInt(hex, 16);
    const start = lineEnd + LINE_END.length;
    if (size === 0) {
      return {
        bytes: Buffer.concat(chunks),
        trailers: readTrailers(all.toString('latin1', start)),
      };
    }
    at = start + size + LINE_END.length;
    if (all.toString('latin1', start + size, at) !== LINE_END) throw incomplete();
    chunks.push(all.subarray(start, start + size));
  }
}

function readTrailers(text: string): Readonly<Record<string, string>> {
  const lines = text.split(LINE_END).map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(
    lines.flatMap((line) =>
      line === null ? [] : [[(line[1] ?? '').toLowerCase(), line[2] ?? '']],
    ),
  );
}

function incomplete(): AwsError {
  const message = 'You did not provide the number of bytes specified by the Content-Length header';
  return new AwsError('IncompleteBody', message);
}
