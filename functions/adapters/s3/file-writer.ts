import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { FileWriter } from '../../core/ports/exports.ts';
import { callAws } from '../aws-errors.ts';

interface Target {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
}

/** At least 5 MiB (S3, "multipart upload limits"); this much of a file is in memory at once. */
const PART_BYTES = 8 * 1024 * 1024;

/**
 * A small file is one call; a large one is uploaded in parts. An upload that a crash cuts off is
 * invisible, and the bucket's lifecycle ends it within a day.
 */
export function createFileWriter({ s3, bucket, key, contentType }: Target): FileWriter {
  const object = { Bucket: bucket, Key: key } as const;
  const done: Array<CompletedPart> = [];
  let pending: Array<Buffer> = [];
  let pendingBytes = 0;
  let totalBytes = 0;
  let uploadId: string | undefined;

  function takePending(): Buffer {
    const body = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    return body;
  }

  async function begin(): Promise<string> {
    const created = await callAws('S3', () =>
      s3.send(new CreateMultipartUploadCommand({ ...object, ContentType: contentType })),
    );
    if (created.UploadId === undefined) throw new Error('S3 began no upload');
    return created.UploadId;
  }

  async function uploadPending(): Promise<void> {
    uploadId ??= await begin();
    const part = { ...object, UploadId: uploadId, PartNumber: done.length + 1 };
    const body = takePending();
    const { ETag } = await callAws('S3', () =>
      s3.send(new UploadPartCommand({ ...part, Body: body })),
    );
    done.push({ PartNumber: part.PartNumber, ...(ETag !== undefined && { ETag }) });
  }

  return {
    async write(text) {
      const bytes = Buffer.from(text, 'utf8');
      pending.push(bytes);
      pendingBytes += bytes.length;
      totalBytes += bytes.length;
      if (pendingBytes >= PART_BYTES) await uploadPending();
    },

    async end() {
      if (uploadId === undefined) {
        const put = { ...object, Body: takePending(), ContentType: contentType };
        await callAws('S3', () => s3.send(new PutObjectCommand(put)));
        return totalBytes;
      }
      if (pendingBytes > 0) await uploadPending();
      const complete = { ...object, UploadId: uploadId, MultipartUpload: { Parts: done } };
      await callAws('S3', () => s3.send(new CompleteMultipartUploadCommand(complete)));
      return totalBytes;
    },

    async abort() {
      if (uploadId === undefined) return;
      const abort = new AbortMultipartUploadCommand({ ...object, UploadId: uploadId });
      await callAws('S3', () => s3.send(abort));
    },
  };
}
