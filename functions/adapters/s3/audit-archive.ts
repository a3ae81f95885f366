import type { S3Client } from '@aws-sdk/client-s3';
import type { AuditHour } from '../../core/audit/hours.ts';
import type { FileWriter } from '../../core/ports/exports.ts';
import { createFileWriter } from './file-writer.ts';

/** The file of an hour; the bucket's default retention locks each version of it. */
export function createArchiveFile(
  { s3, bucket }: { readonly s3: S3Client; readonly bucket: string },
  hour: AuditHour,
): FileWriter {
  const [day, time = ''] = hour.split('T');
  const key = `audit/${day}/${time.slice(0, 2)}.jsonl`;
  return createFileWriter({ s3, bucket, key, contentType: 'application/jsonl' });
}
