import { AwsError, type AwsResponse } from '../types.ts';
import type { Bucket } from './bucket.ts';
import { readPayload } from './payload.ts';
import type { S3Request } from './request.ts';
import { requireDeletable } from './retention.ts';
import { childrenOf, findText, malformed, parseXml, renderXml, type XmlElement } from './xml.ts';

const MOST_OBJECTS = 1000;

/** A key, and the version that is to go for good. */
interface Target {
  readonly key: string;
  readonly versionId: string | undefined;
}

interface Deleted {
  /** Of the delete marker that was made or removed. */
  readonly markerId?: string;
  readonly versionId?: string;
}

/** `DeleteObject`: what is not there is deleted already. */
export async function deleteObject(bucket: Bucket, request: S3Request): Promise<AwsResponse> {
  const { key, query, headers } = request;
  const target = { key, versionId: query.get('versionId') ?? undefined };
  const { markerId, versionId } = await deleteOne(bucket, target, mayBypassGovernance(headers));
  const named = versionId ?? markerId;
  return {
    status: 204,
    headers: {
      ...(markerId !== undefined && { 'x-amz-delete-marker': 'true' }),
      ...(named !== undefined && { 'x-amz-version-id': named }),
    },
    body: '',
  };
}

/** `DeleteObjects`: each by itself; what is locked stays, and is told. */
export async function deleteObjects(bucket: Bucket, request: S3Request): Promise<AwsResponse> {
  readPayload(request);
  const { targets, isQuiet } = readTargets(request);
  const results: Array<XmlElement> = [];
  for (const target of targets) {
    const result = await tryDelete(bucket, target, mayBypassGovernance(request.headers));
    if (!isQuiet || result[0] === 'Error') results.push(result);
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: renderXml(['DeleteResult', results]),
  };
}

/** The caller's permission to do it was asked before. */
export function mayBypassGovernance(headers: S3Request['headers']): boolean {
  return headers['x-amz-bypass-governance-retention']?.toLowerCase() === 'true';
}

/** Throws MalformedXML. */
export function readTargets({ body }: S3Request): {
  readonly targets: ReadonlyArray<Target>;
  readonly isQuiet: boolean;
} {
  const root = parseXml(Buffer.from(body).toString('utf8'));
  const objects = childrenOf(root, 'Object');
  if (root.name !== 'Delete' || objects.length === 0 || objects.length > MOST_OBJECTS) {
    throw malformed();
  }
  const targets = objects.map((object) => {
    const key = findText(object, 'Key');
    if (key === undefined || key === '') throw malformed();
    return { key, versionId: findText(object, 'VersionId') };
  });
  return { targets, isQuiet: findText(root, 'Quiet') === 'true' };
}

async function tryDelete(bucket: Bucket, target: Target, mayBypass: boolean): Promise<XmlElement> {
  const { key, versionId } = target;
  const place: ReadonlyArray<XmlElement> = [
    ['Key', key],
    ...(versionId === undefined ? [] : ([['VersionId', versionId]] as const)),
  ];
  try {
    const { markerId } = await deleteOne(bucket, target, mayBypass);
    const marker: ReadonlyArray<XmlElement> =
      markerId === undefined
        ? []
        : [
            ['DeleteMarker', 'true'],
            ['DeleteMarkerVersionId', markerId],
          ];
    return ['Deleted', [...place, ...marker]];
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return ['Error', [...place, ['Code', error.code], ['Message', error.message]]];
  }
}

async function deleteOne(
  bucket: Bucket,
  { key, versionId }: Target,
  mayBypass: boolean,
): Promise<Deleted> {
  const version = bucket.find(key, versionId);
  if (versionId === undefined && bucket.definition.isVersioned) {
    return { markerId: (await bucket.addDeleteMarker(key)).versionId };
  }
  if (version !== undefined) {
    requireDeletable(version, bucket.nowMs(), mayBypass);
    await bucket.remove(version);
  }
  if (versionId === undefined) return {};
  return { versionId, ...(version?.kind === 'delete-marker' && { markerId: versionId }) };
}
