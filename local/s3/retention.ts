import { objectOf } from '../template/json.ts';
import type { TemplateError } from '../template/template-error.ts';
import { AwsError } from '../types.ts';
import type { LockMode, ObjectVersion, Retention } from './object-version.ts';

/** What a version gets that comes without a retention of its own. */
export interface DefaultRetention {
  readonly mode: LockMode;
  readonly days: number;
}

const DAY_MS = 86_400_000;
const DAYS_OF_YEAR = 365;

/** `ObjectLockConfiguration` of a bucket in the template. */
export function readDefaultRetention(
  declared: unknown,
  refuse: (what: string) => TemplateError,
): DefaultRetention | undefined {
  const rule = objectOf(declared)['Rule'];
  if (rule === undefined) return undefined;
  const { Mode, Days, Years } = objectOf(objectOf(rule)['DefaultRetention']);
  const days = Days === undefined ? Number(Years) * DAYS_OF_YEAR : Number(Days);
  if (!isLockMode(Mode) || !(days > 0)) throw refuse(`DefaultRetention ${Mode} ${days}`);
  return { mode: Mode, days };
}

export function isLockMode(value: unknown): value is LockMode {
  return value === 'GOVERNANCE' || value === 'COMPLIANCE';
}

export function beginRetention(
  byDefault: DefaultRetention | undefined,
  nowMs: number,
): Retention | undefined {
  return byDefault && { mode: byDefault.mode, untilMs: nowMs + byDefault.days * DAY_MS };
}

/** Throws InvalidArgument for a mode that is none, and for a time that is past. */
export function parseRetention(mode: unknown, until: string | undefined, nowMs: number): Retention {
  const untilMs = Date.parse(until ?? '');
  if (!isLockMode(mode)) throw new AwsError('InvalidArgument', 'Unknown wormMode directive.');
  if (Number.isNaN(untilMs))
    throw new AwsError('InvalidArgument', 'The retain until date is invalid');
  if (untilMs > nowMs) return { mode, untilMs };
  throw new AwsError('InvalidArgument', 'The retain until date must be in the future!');
}

/** Whether a version is held now. */
export function isLocked(version: ObjectVersion, nowMs: number): boolean {
  return version.kind === 'object' && (version.retention?.untilMs ?? 0) > nowMs;
}

/** S3 User Guide, "how object lock works". Throws AccessDenied while a version is held. */
export function requireDeletable(
  version: ObjectVersion,
  nowMs: number,
  mayBypassGovernance: boolean,
): void {
  if (version.kind !== 'object' || !isLocked(version, nowMs)) return;
  if (version.retention?.mode === 'GOVERNANCE' && mayBypassGovernance) return;
  throw objectIsLocked();
}

/** A retention may be made longer; shorter or weaker only under GOVERNANCE, by who may bypass it. */
export function requireChangeable(
  before: Retention | undefined,
  after: Retention | undefined,
  nowMs: number,
  mayBypassGovernance: boolean,
): void {
  if (before === undefined || before.untilMs <= nowMs) return;
  const keeps = after !== undefined && after.untilMs >= before.untilMs;
  const isAsStrict = after?.mode === before.mode || after?.mode === 'COMPLIANCE';
  if (keeps && isAsStrict) return;
  if (before.mode === 'GOVERNANCE' && mayBypassGovernance) return;
  throw objectIsLocked();
}

function objectIsLocked(): AwsError {
  const message = 'Access Denied because object protected by object lock.';
  return new AwsError('AccessDenied', message, 403);
}
