/** States of `domicile-audit`: each can be repeated, and finds what an attempt before has done. */
import type { AuditRoot } from '../core/audit/audit-root.ts';
import { type AuditHour, hourOf, maySeal, nextHour, retainedUntil } from '../core/audit/hours.ts';
import { type Digest, rootHash } from '../core/audit/merkle.ts';
import { treeOf } from '../core/audit/tree.ts';
import type { AuditHours, StoredRoot } from '../core/ports/audit-hours.ts';
import type { EvidenceSigner } from '../core/ports/evidence-signer.ts';
import type { FileWriter } from '../core/ports/exports.ts';
import { addSeconds, DAY_SECONDS, type EpochSeconds } from '../core/time.ts';

export interface SealingDeps {
  readonly issuer: string;
  readonly cell: string;
  readonly hours: AuditHours;
  readonly signer: EvidenceSigner;
  readonly sha256: Digest;
  readonly retentionDays: number;
  /** Begins an hour's file in the archive; absent where the trail is not archived. */
  readonly createFile?: (hour: AuditHour) => FileWriter;
  /** A second place that knows what was signed: hours and hashes. */
  readonly note: (what: string, details: Readonly<Record<string, unknown>>) => void;
}

/** `nothing`: there is nothing to do before the next hour has passed. */
export interface AuditOutput {
  readonly outcome: 'done' | 'nothing';
  readonly hour?: AuditHour;
}

/** What one invocation does at most: who catches up with weeks needs no invocation for each hour. */
const HOURS_AT_ONCE = 24;
const RECORDS_AT_ONCE = 50_000;

/** Seals the oldest hours that are not sealed yet and over for long enough, one after another. */
export async function sealNext(deps: SealingDeps, now: EpochSeconds): Promise<AuditOutput> {
  let last: AuditOutput = { outcome: 'nothing' };
  let records = 0;
  for (let hours = 0; hours < HOURS_AT_ONCE && records < RECORDS_AT_ONCE; hours += 1) {
    const sealed = await sealOne(deps, now);
    if (sealed === undefined) return last;
    last = { outcome: 'done', hour: sealed.hour };
    records += sealed.size;
  }
  return last;
}

/** Undefined when there is none to seal. */
async function sealOne(deps: SealingDeps, now: EpochSeconds): Promise<AuditRoot | undefined> {
  const newest = await deps.hours.newest();
  const hour = newest === undefined ? await deps.hours.beginning() : nextHour(newest.hour);
  if (hour === undefined || !maySeal(hour, now)) return undefined;
  const claims = await describeHour(deps, hour, newest, now);
  const root = await deps.signer.sign('audit-root+jwt', { ...claims });
  await deps.hours.seal({ hour, root });
  const { size, treeHash } = claims;
  deps.note('hour sealed', { hour, size, treeHash, rootHash: hashOf(deps, root) });
  return claims;
}

async function describeHour(
  deps: SealingDeps,
  hour: AuditHour,
  previous: StoredRoot | undefined,
  now: EpochSeconds,
): Promise<AuditRoot> {
  const tree = await treeOf(deps.hours.records(hour), deps.sha256);
  return {
    iss: deps.issuer,
    iat: now,
    cell: deps.cell,
    hour,
    size: tree.size,
    treeHash: Buffer.from(rootHash(tree, deps.sha256)).toString('base64url'),
    ...(previous !== undefined && { previous: hashOf(deps, previous.root) }),
    retainedUntil: retainedUntil(hour, deps.retentionDays),
  };
}

function hashOf({ sha256 }: SealingDeps, root: string): string {
  return Buffer.from(sha256(new TextEncoder().encode(root))).toString('base64url');
}

/**
 * Writes the oldest sealed hours that are not in the archive yet, each into a file: its root in the
 * first line, then each record as it is stored. Written twice after a crash, the bucket has two equal
 * versions.
 */
export async function archiveNext(deps: SealingDeps, now: EpochSeconds): Promise<AuditOutput> {
  const { createFile } = deps;
  if (createFile === undefined) return { outcome: 'nothing' };
  const archived = await deps.hours.archivedUntil();
  // Where archiving began late, the oldest hours have no records any more.
  const retained = nextHour(hourOf(addSeconds(now, -deps.retentionDays * DAY_SECONDS)));
  const since = archived === undefined || archived < retained ? retained : nextHour(archived);
  let last: AuditOutput = { outcome: 'nothing' };
  let records = 0;
  for (const root of (await deps.hours.roots({ since })).roots.slice(0, HOURS_AT_ONCE)) {
    records += await writeFile(createFile(root.hour), root, deps.hours);
    await deps.hours.noteArchived(root.hour);
    last = { outcome: 'done', hour: root.hour };
    if (records >= RECORDS_AT_ONCE) break;
  }
  return last;
}

/** Returns how many records it wrote. */
async function writeFile(
  file: FileWriter,
  { hour, root }: StoredRoot,
  hours: AuditHours,
): Promise<number> {
  let records = 0;
  try {
    await file.write(`${JSON.stringify({ hour, root })}\n`);
    for await (const texts of hours.records(hour)) {
      if (texts.length > 0) await file.write(`${texts.join('\n')}\n`);
      records += texts.length;
    }
    await file.end();
    return records;
  } catch (error) {
    await file.abort();
    throw error;
  }
}
