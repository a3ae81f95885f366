import { randomUUID } from 'node:crypto';
import { AwsError, type AwsResponse } from '../types.ts';
import type { Bucket } from './bucket.ts';
import { readRange } from './get-object.ts';
import type { Part, StoredObject, Upload } from './object-version.ts';
import { readPayload } from './payload.ts';
import { decode } from './protocol.ts';
import { describeObject, encryptionHeaders, requireVouched, writeBytes } from './put-object.ts';
import { integerIn, invalidArgument, type S3Request } from './request.ts';
import { collectBytes } from './storage.ts';
import { renderXml } from './xml.ts';

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

/** `AbortMultipartUpload`. */
export async function abortMultipartUpload(
  bucket: Bucket,
  request: S3Request,
): Promise<AwsResponse> {
  await bucket.abort(requireUpload(bucket, request));
  return { status: 204, headers: {}, body: '' };
}

/** Throws NoSuchUpload, also for one that has been completed. */
export function requireUpload(bucket: Bucket, { key, query }: S3Request): Upload {
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

async function readAll(
  bucket: Bucket,
  { key, encryption, blobs, size }: StoredObject,
  wanted: string | undefined,
): Promise<Uint8Array> {
  const { start, end } = readRange(wanted, size) ?? { start: 0, end: size };
  return await collectBytes(bucket.sealing(key, encryption).open(blobs, start, end));
}

export function xmlHeaders(encryption: Upload['encryption']): Readonly<Record<string, string>> {
  return { 'content-type': 'application/xml', ...encryptionHeaders(encryption) };
}
