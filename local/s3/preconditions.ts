import { AwsError } from '../types.ts';
import type { ObjectVersion, StoredObject } from './object-version.ts';
import type { S3Request } from './request.ts';

/** S3 User Guide, "conditional writes". Throws PreconditionFailed, or NoSuchKey for If-Match. */
export function requireWritable(
  { headers, key }: S3Request,
  current: ObjectVersion | undefined,
): void {
  const existing = current?.kind === 'object' ? current : undefined;
  if (headers['if-none-match'] === '*' && existing !== undefined) throw failed('If-None-Match');
  const wanted = headers['if-match'];
  if (wanted === undefined) return;
  if (existing === undefined) {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  }
  if (!names(wanted, existing)) throw failed('If-Match');
}

/** Whether the caller has the object already. Throws PreconditionFailed (RFC 9110 §13). */
export function isUnmodified({ headers }: S3Request, object: StoredObject): boolean {
  const wanted = headers['if-match'];
  if (wanted !== undefined && !names(wanted, object)) throw failed('If-Match');
  const known = headers['if-none-match'];
  return known !== undefined && names(known, object);
}

function names(condition: string, { etag }: StoredObject): boolean {
  return condition
    .split(',')
    .map((one) => one.trim().replaceAll('"', ''))
    .some((one) => one === '*' || one === etag);
}

function failed(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', message, 412, { Condition: condition });
}
