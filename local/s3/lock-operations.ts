import { AwsError, type AwsResponse } from '../types.ts';
import type { Bucket } from './bucket.ts';
import { mayBypassGovernance } from './delete-objects.ts';
import { readPayload } from './payload.ts';
import type { S3Request } from './request.ts';
import { parseRetention, requireChangeable } from './retention.ts';
import { findText, malformed, parseXml, renderXml, type XmlElement } from './xml.ts';

/** `PutObjectRetention`: longer or stricter; shorter only where governance may be bypassed. */
export async function putObjectRetention(bucket: Bucket, request: S3Request): Promise<AwsResponse> {
  requireObjectLock(bucket);
  const { key, query, headers } = request;
  const object = bucket.requireObject(key, query.get('versionId') ?? undefined);
  const root = parseXml(Buffer.from(readPayload(request).bytes).toString('utf8'));
  if (root.name !== 'Retention') throw malformed();
  const mode = findText(root, 'Mode');
  const until = findText(root, 'RetainUntilDate');
  // Empty takes the retention away, where that is allowed.
  const isEmpty = mode === undefined && until === undefined;
  const nowMs = bucket.nowMs();
  const retention = isEmpty ? undefined : parseRetention(mode, until, nowMs);
  requireChangeable(object.retention, retention, nowMs, mayBypassGovernance(headers));
  await bucket.change({ ...object, retention });
  return { status: 200, headers: {}, body: '' };
}

/** `GetObjectRetention`. */
export function getObjectRetention(bucket: Bucket, { key, query }: S3Request): AwsResponse {
  requireObjectLock(bucket);
  const { retention } = bucket.requireObject(key, query.get('versionId') ?? undefined);
  if (retention === undefined) {
    const message = 'The specified object does not have a ObjectLock configuration';
    throw new AwsError('NoSuchObjectLockConfiguration', message, 404);
  }
  return xml([
    'Retention',
    [
      ['Mode', retention.mode],
      ['RetainUntilDate', new Date(retention.untilMs).toISOString()],
    ],
  ]);
}

/** `GetObjectLockConfiguration`. */
export function getObjectLockConfiguration(bucket: Bucket): AwsResponse {
  const { hasObjectLock, defaultRetention } = bucket.definition;
  if (!hasObjectLock) {
    const message = 'Object Lock configuration does not exist for this bucket';
    throw new AwsError('ObjectLockConfigurationNotFoundError', message, 404);
  }
  const rule: ReadonlyArray<XmlElement> =
    defaultRetention === undefined
      ? []
      : [
          [
            'Rule',
            [
              [
                'DefaultRetention',
                [
                  ['Mode', defaultRetention.mode],
                  ['Days', String(defaultRetention.days)],
                ],
              ],
            ],
          ],
        ];
  return xml(['ObjectLockConfiguration', [['ObjectLockEnabled', 'Enabled'], ...rule]]);
}

function requireObjectLock({ definition }: Bucket): void {
  if (definition.hasObjectLock) return;
  throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

function xml(element: XmlElement): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: renderXml(element),
  };
}
