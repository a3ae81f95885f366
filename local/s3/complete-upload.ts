import { createHash } from 'node:crypto';
import { AwsError, type AwsResponse } from '../types.ts';
import type { Bucket } from './bucket.ts';
import { requireUpload, xmlHeaders } from './multipart.ts';
import type { Part, Upload } from './object-version.ts';
import { requireWritable } from './preconditions.ts';
import { versionHeaders } from './put-object.ts';
import type { S3Request } from './request.ts';
import { childrenOf, findText, malformed, parseXml, renderXml } from './xml.ts';

/** All parts but the last hold at least so much (S3 User Guide, "multipart upload limits"). */
const LEAST_PART_BYTES = 5 * 1024 * 1024;

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
