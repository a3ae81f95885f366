/** States of `domicile-audit`: each can be repeated, and finds what an attempt before has done. */
import type { AuditRoot } from '../core/audit/audit-root.ts';
import { type AuditHour, hourOf, maySeal, nextHour, retainedUntil } from '../core/audit/hours.ts';
import { type Digest, rootHash } from '../core/audit/merkle.ts';
import { treeOf } from '../core/audit/tree.ts';
import type { AuditHours, StoredRoot } from '../core/ports/audit-hours.ts';
import type { EvidenceSigner } from '../core/ports/evidence-signer.ts';
import type { FileWriter } from '../core/ports/exports.ts';
import { addSeconds, type EpochSeconds } from '../core/time.ts';

const DAY_SECONDS = 86_400;

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

/** Seals the oldest hour that is not sealed yet, if it is over for long enough. */
export async function sealNext(deps: SealingDeps, now: EpochSeconds): Promise<AuditOutput> {
  const newest = await deps.hours.newest();
  const hour = newest === undefined ? await deps.hours.beginning() : nextHour(newest.hour);
  if (hour === undefined || !maySeal(hour, now)) return { outcome: 'nothing' };
  const claims = await describeHour(deps, hour, newest, now);
  const root = await deps.signer.sign('audit-root+jwt', { ...claims });
  await deps.hours.seal({ hour, root });
  const { size, treeHash } = claims;
  deps.note('hour sealed', { hour, size, treeHash, rootHash: hashOf(deps, root) });
  return { outcome: 'done', hour };
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
 * Writes the oldest sealed hour that is not in the archive yet: its root in the first line, then
 * each record as it is stored. Written twice after a crash, the bucket has two equal versions.
 */
export async function archiveNext(deps: SealingDeps, now: EpochSeconds): Promise<AuditOutput> {
  if (deps.createFile === undefined) return { outcome: 'nothing' };
  const archived = await deps.hours.archivedUntil();
  // Where archiving began late, the oldest hours have no records any more.
  const retained = nextHour(hourOf(addSeconds(now, -deps.retentionDays * DAY_SECONDS)));
  const since = archived === undefined || archived < retained ? retained : nextHour(archived);
  const [root] = (await deps.hours.roots({ since })).roots;
  if (root === undefined) return { outcome: 'nothing' };
  await writeFile(deps.createFile(root.hour), root, deps.hours);
  await deps.hours.noteArchived(root.hour);
  return { outcome: 'done', hour: root.hour };
}

async function writeFile(file: FileWriter, { hour, root }: StoredRoot, hours: AuditHours) {
  try {
    await file.write(`${JSON.stringify({ hour, root })}\n`);
    for await (const texts of hours.records(hour)) {
      if (texts.length > 0) await file.write(`${texts.join('\n')}\n`);
    }
    await file.end();
  } catch (error) {
    await file.abort();
    throw error;
  }
}
