import { objectOf } from '../template/json.ts';
import type { TemplateError } from '../template/template-error.ts';
import type { ObjectVersion, Upload } from './object-version.ts';
import { isLocked } from './retention.ts';

/** One rule of a bucket's lifecycle; what it leaves out it does not do. */
export interface LifecycleRule {
  readonly prefix: string;
  readonly expirationDays: number | undefined;
  readonly noncurrentDays: number | undefined;
  readonly abortUploadsAfterDays: number | undefined;
  readonly removesLoneDeleteMarkers: boolean;
}

const KNOWN = new Set([
  'Id',
  'Status',
  'Prefix',
  'ExpirationInDays',
  'ExpiredObjectDeleteMarker',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
]);

/** Rules that are switched off are left out. */
export function readLifecycle(
  declared: unknown,
  refuse: (what: string) => TemplateError,
): ReadonlyArray<LifecycleRule> {
  const rules = objectOf(declared)['Rules'];
  return (Array.isArray(rules) ? rules.map(objectOf) : []).flatMap((rule) => {
    const { Status, Prefix, ExpirationInDays, ExpiredObjectDeleteMarker } = rule;
    const unknown = Object.keys(rule).find((name) => !KNOWN.has(name));
    if (unknown !== undefined) throw refuse(`the lifecycle's ${unknown}`);
    const noncurrent = objectOf(rule['NoncurrentVersionExpiration']);
    if (noncurrent['NewerNoncurrentVersions'] !== undefined) {
      throw refuse("the lifecycle's NewerNoncurrentVersions");
    }
    if (Status !== 'Enabled') return [];
    return [
      {
        prefix: typeof Prefix === 'string' ? Prefix : '',
        expirationDays: daysOf(ExpirationInDays),
        noncurrentDays: daysOf(noncurrent['NoncurrentDays']),
        abortUploadsAfterDays: daysOf(
          objectOf(rule['AbortIncompleteMultipartUpload'])['DaysAfterInitiation'],
        ),
        removesLoneDeleteMarkers: String(ExpiredObjectDeleteMarker ?? false) === 'true',
      },
    ];
  });
}

function daysOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}

const DAY_MS = 86_400_000;

/** S3 rounds up to the next midnight UTC. */
export function dueAtMs(sinceMs: number, days: number): number {
  return Math.ceil((sinceMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** What the rules want of one key's versions (newest first) at a time. */
export interface LifecycleVerdict {
  /** The newest version has expired: where there are versions, a delete marker hides it. */
  readonly hasExpired: boolean;
  readonly removed: ReadonlyArray<ObjectVersion>;
}

export function judgeVersions(
  rules: ReadonlyArray<LifecycleRule>,
  versions: ReadonlyArray<ObjectVersion>,
  nowMs: number,
): LifecycleVerdict {
  const [newest] = versions;
  const own = rules.filter(({ prefix }) => newest?.key.startsWith(prefix) === true);
  const isDue = (sinceMs: number, days: number | undefined) =>
    days !== undefined && dueAtMs(sinceMs, days) <= nowMs;
  const removed = versions.slice(1).filter((version, index) => {
    // A version is noncurrent since the one above it was written.
    const sinceMs = versions[index]?.modifiedAtMs ?? nowMs;
    return !isLocked(version, nowMs) && own.some((rule) => isDue(sinceMs, rule.noncurrentDays));
  });
  if (newest === undefined) return { hasExpired: false, removed };
  if (newest.kind === 'object') {
    const { modifiedAtMs } = newest;
    return { hasExpired: own.some((rule) => isDue(modifiedAtMs, rule.expirationDays)), removed };
  }
  const isLone = removed.length === versions.length - 1;
  const isUnwanted = isLone && own.some((rule) => rule.removesLoneDeleteMarkers);
  return { hasExpired: false, removed: isUnwanted ? [...removed, newest] : removed };
}

export function isAbandoned(
  rules: ReadonlyArray<LifecycleRule>,
  { key, initiatedAtMs }: Upload,
  nowMs: number,
): boolean {
  return rules.some(
    ({ prefix, abortUploadsAfterDays: days }) =>
      key.startsWith(prefix) && days !== undefined && dueAtMs(initiatedAtMs, days) <= nowMs,
  );
}

/** Nothing falls due between two midnights. */
export function nextMidnightMs(nowMs: number): number {
  return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
}
