import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { InvariantError } from '../../core/errors.ts';
import type { ExportFiles, ExportLinks } from '../../core/ports/exports.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import { callAws } from '../aws-errors.ts';
import { createFileWriter } from './file-writer.ts';

/** The cell's bucket, whose own key encrypts what lies in it. */
interface Bucket {
  readonly s3: S3Client;
  readonly bucket: string;
}

const LINK_SECONDS = 60;

/** Of a file's name: `export.json` is JSON, and the page is a page. */
const CONTENT_TYPES = {
  'export.json': 'application/json',
  'export.html': 'text/html; charset=utf-8',
} as const;

export function createExportFiles(deps: Bucket): ExportFiles {
  const { s3, bucket } = deps;
  return {
    async putPart(requestId, number, lines) {
      await callAws('S3', () =>
        s3.send(
          new PutObjectCommand({
            ...{ Bucket: bucket, Key: partKey(requestId, number), Body: lines },
            ContentType: 'application/jsonl',
          }),
        ),
      );
    },

    readParts: (requestId, parts) => readParts(deps, requestId, parts),

    removeParts: (requestId) => removeBelow(deps, partsPrefix(requestId)),

    create: (requestId, name) =>
      createFileWriter({
        ...{ s3, bucket, key: `${folderOf(requestId)}${name}` },
        contentType: CONTENT_TYPES[name],
      }),

    removeAll: (requestId) => removeBelow(deps, folderOf(requestId)),
  };
}

/** Signs by itself: what may be read is asked of whoever signed when the link is used. */
export function createExportLinks({ s3, bucket }: Bucket): ExportLinks {
  return {
    createLink: (requestId, name, saveAs) =>
      getSignedUrl(
        s3,
        new GetObjectCommand({
          ...{ Bucket: bucket, Key: `${folderOf(requestId)}${name}` },
          ResponseContentDisposition: `attachment; filename="${saveAs}"`,
          ResponseContentType: CONTENT_TYPES[name],
          ResponseCacheControl: 'no-store',
        }),
        { expiresIn: LINK_SECONDS },
      ),
  };
}

/** A part is a page of a table, 1 MB or little more: as a whole it is small enough. */
async function* readParts(
  { s3, bucket }: Bucket,
  requestId: PrivacyRequestId,
  parts: number,
): AsyncGenerator<string> {
  for (let number = 1; number <= parts; number += 1) {
    const text = await callAws('S3', async () => {
      const { Body: body } = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: partKey(requestId, number) }),
      );
      return body?.transformToString();
    });
    if (text === undefined) throw new InvariantError('a part of an export is empty');
    for (const line of text.split('\n')) {
      if (line !== '') yield line;
    }
  }
}

/** By pages of a thousand, which one call deletes. Can be repeated. */
async function removeBelow({ s3, bucket }: Bucket, prefix: string): Promise<void> {
  for (;;) {
    const { Contents: found = [] } = await callAws('S3', () =>
      s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix })),
    );
    if (found.length === 0) return;
    const objects = found.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
    const { Errors: errors = [] } = await callAws('S3', () =>
      s3.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
      ),
    );
    if (errors.length > 0) throw new Error(`S3 left objects: ${errors[0]?.Code}`);
  }
}

function folderOf(requestId: PrivacyRequestId): string {
  return `exports/${requestId}/`;
}

function partsPrefix(requestId: PrivacyRequestId): string {
  return `${folderOf(requestId)}parts/`;
}

/** Sorts by number, for whoever looks at the bucket. */
function partKey(requestId: PrivacyRequestId, number: number): string {
  return `${partsPrefix(requestId)}${String(number).padStart(6, '0')}.jsonl`;
}
