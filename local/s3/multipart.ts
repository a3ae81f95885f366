import { createHash, randomUUID } from 'node:crypto';
import { AwsError, type AwsResponse } from '../types.ts';
import type { Bucket } from './bucket.ts';
import { readRange } from './get-object.ts';
import type { Part, StoredObject, Upload } from './object-version.ts';
import { readPayload } from './payload.ts';
import { requireWritable } from './preconditions.ts';
import { decode } from './protocol.ts';
import {
  describeObject,
  encryptionHeaders,
  requireVouched,
  versionHeaders,
  writeBytes,
} from './put-object.ts';
import { integerIn, invalidArgument, type S3Request } from './request.ts';
import { childrenOf, findText, malformed, parseXml, renderXml } from './xml.ts';

/** All parts but the last hold at least so much (S3 User Guide, "multipart upload limits"). */
const LEAST_PART_BYTES = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;

/** `CreateMultipartUpload`. */
export async function createMultipartUpload(
  bucket: Bucket,
  request: S3Request,
): Promise<AwsResponse> {
  const { key } = request;
  const description = describeObject(bucket, request);
  const id = randomUUID();
  const initiatedAtMs = bucket.nowMs();
  await bucket.saveUpload({ ...description, kind: 'upload', id, key, initiatedAtMs, parts: [] });
  const document = renderXml([
    'InitiateMultipartUploadResult',
    [
      ['Bucket', bucket.definition.name],
      ['Key', key],
      ['UploadId', id],
    ],
  ]);
  return { status: 200, headers: xmlHeaders(description.encryption), body: document };
}

/** `UploadPart`: a number that is sent again replaces what it was. */
export async function uploadPart(bucket: Bucket, request: S3Request): Promise<AwsResponse> {
  const upload = requireUpload(bucket, request);
  const payload = readPayload(request);
  requireVouched(upload.retention, payload);
  const part = await addPart(bucket, upload, partNumberIn(request), payload.bytes);
  const { checksum } = payload;
  return {
    status: 200,
    headers: {
      etag: `"${part.etag}"`,
      ...encryptionHeaders(upload.encryption),
      ...(checksum && { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value }),
    },
    body: '',
  };
}

/** What `x-amz-copy-source` names. Throws InvalidArgument. */
export function readCopySource({ headers }: S3Request): {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
} {
  const [path = '', query = ''] = (headers['x-amz-copy-source'] ?? '').split('?');
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decode(path)) ?? [];
  if (bucket === undefined || key === undefined) {
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  return { bucket, key, versionId: new URLSearchParams(query).get('versionId') ?? undefined };
}

/** `UploadPartCopy`: bytes that S3 has already; the source's own key opens them. */
export async function uploadPartCopy(
  bucket: Bucket,
  request: S3Request,
  source: Bucket,
): Promise<AwsResponse> {
  const upload = requireUpload(bucket, request);
  const { key, versionId } = readCopySource(request);
  const object = source.requireObject(key, versionId);
  const part = await addPart(
    bucket,
    upload,
    partNumberIn(request),
    await readAll(source, object, request.headers['x-amz-copy-source-range']),
  );
  const modified = new Date(part.modifiedAtMs).toISOString();
  const document = renderXml([
    'CopyPartResult',
    [
      ['LastModified', modified],
      ['ETag', `"${part.etag}"`],
    ],
  ]);
  return { status: 200, headers: xmlHeaders(upload.encryption), body: document };
}

/** `CompleteMultipartUpload`: the parts that are named, in their order, become the object. */
export async function completeMultipartUpload(
  bucket: Bucket,
  request: S3Request,
): Promise<AwsResponse> {
  const upload = requireUpload(bucket, request);
  const parts = chooseParts(upload, request);
  requireWritable(request, bucket.find(upload.key, undefined));
  bucket.forgetUpload(upload);
  const { key, headers, metadata, encryption, retention } = upload;
  const etag = etagOf(parts);
  const blobs = parts.flatMap((part) => part.blobs);
  const size = blobs.reduce((sum, blob) => sum + blob.size, 0);
  const description = { headers, metadata, encryption, retention, checksum: undefined };
  const object = await bucket.addObject(
    { ...description, kind: 'object', key, size, etag, blobs },
    upload.id,
  );
  const unused = upload.parts.filter((part) => !parts.includes(part));
  await bucket.removeBlobs(unused.flatMap((part) => part.blobs));
  const document = renderXml([
    'CompleteMultipartUploadResult',
    [
      ['Bucket', bucket.definition.name],
      ['Key', key],
      ['ETag', `"${etag}"`],
    ],
  ]);
  const named = versionHeaders(bucket, object.versionId);
  return { status: 200, headers: { ...xmlHeaders(encryption), ...named }, body: document };
}

/** `AbortMultipartUpload`. */
export async function abortMultipartUpload(
  bucket: Bucket,
  request: S3Request,
): Promise<AwsResponse> {
  await bucket.abort(requireUpload(bucket, request));
  return { status: 204, headers: {}, body: '' };
}

/** Throws NoSuchUpload, also for one that has been completed. */
function requireUpload(bucket: Bucket, { key, query }: S3Request): Upload {
  const upload = bucket.findUpload(query.get('uploadId') ?? '');
  if (upload?.key === key) return upload;
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  throw new AwsError('NoSuchUpload', message, 404);
}

function partNumberIn({ query }: S3Request): number {
  const number = integerIn(query, 'partNumber', { otherwise: 0, most: MOST_PARTS });
  if (number > 0) return number;
  throw invalidArgument(`Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`);
}

async function addPart(
  bucket: Bucket,
  upload: Upload,
  number: number,
  bytes: Uint8Array,
): Promise<Part> {
  const { blob, etag } = await writeBytes(bucket, upload.key, upload.encryption, bytes);
  // Parts arrive side by side: what has come meanwhile counts.
  const current = bucket.findUpload(upload.id);
  if (current === undefined) {
    await bucket.removeBlobs([blob]);
    throw new AwsError('NoSuchUpload', 'The specified upload does not exist.', 404);
  }
  const part = { number, size: blob.size, etag, modifiedAtMs: bucket.nowMs(), blobs: [blob] };
  const others = current.parts.filter((one) => one.number !== number);
  const replaced = current.parts.filter((one) => one.number === number);
  const parts = [...others, part].toSorted((a, b) => a.number - b.number);
  await bucket.saveUpload({ ...current, parts });
  await bucket.removeBlobs(replaced.flatMap(({ blobs }) => blobs));
  return part;
}

/** Throws MalformedXML, InvalidPart, InvalidPartOrder, EntityTooSmall. */
function chooseParts(upload: Upload, { body }: S3Request): ReadonlyArray<Part> {
  const root = parseXml(Buffer.from(body).toString('utf8'));
  const named = childrenOf(root, 'Part').map((part) => ({
    number: Number(findText(part, 'PartNumber')),
    etag: (findText(part, 'ETag') ?? '').replaceAll('"', ''),
  }));
  if (root.name !== 'CompleteMultipartUpload' || named.length === 0) throw malformed();
  if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0))) {
    throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order.');
  }
  const parts = named.map(({ number, etag }) => {
    const part = upload.parts.find((one) => one.number === number && one.etag === etag);
    if (part !== undefined) return part;
    const message =
      "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
    throw new AwsError('InvalidPart', message);
  });
  if (parts.slice(0, -1).some(({ size }) => size < LEAST_PART_BYTES)) {
    const message = 'Your proposed upload is smaller than the minimum allowed size';
    throw new AwsError('EntityTooSmall', message);
  }
  return parts;
}

/** A digest of digests, and how many there were. */
function etagOf(parts: ReadonlyArray<Part>): string {
  const digests = Buffer.concat(parts.map(({ etag }) => Buffer.from(etag, 'hex')));
  return `${createHash('md5').update(digests).digest('hex')}-${parts.length}`;
}

async function readAll(
  bucket: Bucket,
  { key, encryption, blobs, size }: StoredObject,
  wanted: string | undefined,
): Promise<Uint8Array> {
  const { start, end } = readRange(wanted, size) ?? { start: 0, end: size };
  const chunks: Array<Uint8Array> = [];
  for await (const bytes of bucket.sealing(key, encryption).open(blobs, start, end)) {
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function xmlHeaders(encryption: Upload['encryption']): Readonly<Record<string, string>> {
  return { 'content-type': 'application/xml', ...encryptionHeaders(encryption) };
}
