import type { AwsResponse } from '../types.ts';
import type { Bucket } from './bucket.ts';
import type { ObjectVersion } from './object-version.ts';
import { integerIn, invalidArgument, type S3Request } from './request.ts';
import { renderXml, type XmlElement } from './xml.ts';

const MOST_KEYS = 1000;

/** One line of a listing: a key, or what keys have in common up to a delimiter. */
interface Entry {
  readonly name: string;
  readonly isCommonPrefix: boolean;
}

interface Page {
  readonly entries: ReadonlyArray<Entry>;
  readonly isTruncated: boolean;
}

/** `ListObjectsV2`. */
export function listObjects(bucket: Bucket, { query }: S3Request): AwsResponse {
  const current = (key: string) => bucket.find(key, undefined);
  const keys = bucket.sortedKeys().filter((key) => current(key)?.kind === 'object');
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : openToken(token);
  const page = takePage(keys, query, after);
  const next = page.entries.at(-1)?.name;
  return xml('ListBucketResult', [
    ['Name', bucket.definition.name],
    ...head(query, page),
    ['KeyCount', String(page.entries.length)],
    ...(token === null ? [] : ([['ContinuationToken', token]] as const)),
    ...(page.isTruncated && next !== undefined
      ? ([['NextContinuationToken', sealToken(next)]] as const)
      : []),
    ...page.entries.flatMap(({ name, isCommonPrefix }): ReadonlyArray<XmlElement> => {
      const version = current(name);
      if (isCommonPrefix || version === undefined) return [];
      return [['Contents', [['Key', name], ...describe(version)]]];
    }),
    ...commonPrefixes(page),
  ]);
}

/** `ListObjectVersions`: of whole keys, so that no page ends between two versions of one. */
export function listObjectVersions(bucket: Bucket, { query }: S3Request): AwsResponse {
  const page = takePage(bucket.sortedKeys(), query, query.get('key-marker') ?? '');
  const next = page.entries.at(-1)?.name;
  return xml('ListVersionsResult', [
    ['Name', bucket.definition.name],
    ...head(query, page),
    ...(page.isTruncated && next !== undefined ? ([['NextKeyMarker', next]] as const) : []),
    ...page.entries
      .filter(({ isCommonPrefix }) => !isCommonPrefix)
      .flatMap(({ name }) => bucket.versionsOf(name).map(describeVersion)),
    ...commonPrefixes(page),
  ]);
}

/** `ListMultipartUploads`: all of a prefix at once. */
export function listMultipartUploads(bucket: Bucket, { query }: S3Request): AwsResponse {
  const prefix = query.get('prefix') ?? '';
  const uploads = bucket.uploads().filter(({ key }) => key.startsWith(prefix));
  return xml('ListMultipartUploadsResult', [
    ['Bucket', bucket.definition.name],
    ['Prefix', prefix],
    ['IsTruncated', 'false'],
    ...uploads.map(
      ({ id, key, initiatedAtMs }): XmlElement => [
        'Upload',
        [
          ['Key', key],
          ['UploadId', id],
          ['Initiated', new Date(initiatedAtMs).toISOString()],
        ],
      ],
    ),
  ]);
}

/** Entries only grow along the keys, so that the last one's name tells where to go on. */
function takePage(keys: ReadonlyArray<string>, query: URLSearchParams, after: string): Page {
  const most = integerIn(query, 'max-keys', { otherwise: MOST_KEYS, most: 2 ** 31 - 1 });
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const entries = new Map<string, Entry>();
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const entry = entryOf(key, prefix, delimiter);
    if (compareBytes(entry.name, after) <= 0) continue;
    if (!entries.has(entry.name) && entries.size >= Math.min(most, MOST_KEYS)) {
      return { entries: [...entries.values()], isTruncated: most > 0 };
    }
    entries.set(entry.name, entry);
  }
  return { entries: [...entries.values()], isTruncated: false };
}

function entryOf(key: string, prefix: string, delimiter: string): Entry {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  if (at < 0) return { name: key, isCommonPrefix: false };
  return { name: key.slice(0, at + delimiter.length), isCommonPrefix: true };
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function head(query: URLSearchParams, { isTruncated }: Page): ReadonlyArray<XmlElement> {
  const delimiter = query.get('delimiter');
  return [
    ['Prefix', query.get('prefix') ?? ''],
    ...(delimiter === null ? [] : ([['Delimiter', delimiter]] as const)),
    ['MaxKeys', query.get('max-keys') ?? String(MOST_KEYS)],
    ['IsTruncated', String(isTruncated)],
  ];
}

function commonPrefixes({ entries }: Page): ReadonlyArray<XmlElement> {
  return entries
    .filter(({ isCommonPrefix }) => isCommonPrefix)
    .map(({ name }) => ['CommonPrefixes', [['Prefix', name]]]);
}

function describe(version: ObjectVersion): ReadonlyArray<XmlElement> {
  const modified: XmlElement = ['LastModified', new Date(version.modifiedAtMs).toISOString()];
  if (version.kind === 'delete-marker') return [modified];
  return [
    modified,
    ['ETag', `"${version.etag}"`],
    ['Size', String(version.size)],
    ['StorageClass', 'STANDARD'],
  ];
}

function describeVersion(version: ObjectVersion, index: number): XmlElement {
  return [
    version.kind === 'object' ? 'Version' : 'DeleteMarker',
    [
      ['Key', version.key],
      ['VersionId', version.versionId],
      ['IsLatest', String(index === 0)],
      ...describe(version),
    ],
  ];
}

function sealToken(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function openToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString('utf8');
  if (sealToken(name) === token) return name;
  throw invalidArgument('The continuation token provided is incorrect');
}

function xml(name: string, content: ReadonlyArray<XmlElement>): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: renderXml([name, content]),
  };
}
