/** The audit trail against what was signed of it, recomputed on the operator's own machine. */
import { createHash } from 'node:crypto';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { RecordText } from '../../functions/core/audit/audit-record.ts';
import type { AuditRoot, SignedRoot } from '../../functions/core/audit/audit-root.ts';
import { compareHour, type Witnessed, witness } from '../../functions/core/audit/comparison.ts';
import { type AuditHour, hourOf, nextHour, startOf } from '../../functions/core/audit/hours.ts';
import {
  type ChainCheck,
  checkChain,
  checkHour,
  type Finding,
} from '../../functions/core/audit/verification.ts';
import type { StoredRoot } from '../../functions/core/ports/audit-hours.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';
import type { ArchivedHour } from './audit-archive.ts';
import type { About, RemoteTrail } from './audit-remote.ts';

export interface Verified {
  readonly cell: string;
  readonly hours: number;
  readonly records: number;
  /** Hours whose records have expired: their roots are in the chain, their trees are gone. */
  readonly expired: number;
  /** Hours compared with the archive. */
  readonly archived: number;
  readonly from?: AuditHour;
  readonly to?: AuditHour;
  readonly findings: ReadonlyArray<Finding>;
}

interface Wanted {
  readonly since?: AuditHour | undefined;
  readonly until?: AuditHour | undefined;
  readonly archive: ReadonlyArray<ArchivedHour>;
  readonly jwks: JSONWebKeySet;
  /** Told after each page that was read: one hour may have many, and the first may be long in coming. */
  readonly progress: (words: string) => void;
}

type Count = { -readonly [Name in keyof Verified]: Verified[Name] } & { findings: Array<Finding> };

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

export async function verifyTrail(
  trail: RemoteTrail,
  about: About,
  wanted: Wanted,
): Promise<Verified> {
  const deps = {
    sha256,
    toBase64Url: (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url'),
    verifyRoot: createRootVerifier(wanted.jwks),
  };
  const isWhole = wanted.since === undefined || wanted.since <= (about.beginning ?? wanted.since);
  const first = isWhole ? about.beginning : wanted.since;
  const chain = checkChain(deps, { cell: about.cell, first, isWhole });
  const count: Count = {
    cell: about.cell,
    hours: 0,
    records: 0,
    expired: 0,
    archived: 0,
    findings: [],
  };
  const tell = (hour: AuditHour) =>
    wanted.progress(
      `${hour}: ${count.hours} hours, ${count.records} records, ${count.findings.length} findings`,
    );
  wanted.progress('reading the first hours');
  const archive = new Map(wanted.archive.map((hour) => [hour.root.hour, hour]));
  for await (const stored of trail.roots(linkedFrom(wanted, isWhole))) {
    const isBefore = !isWhole && first !== undefined && stored.hour < first;
    const { root, findings } = await chain.add(stored);
    // The one before only shows what the first one follows.
    if (isBefore) continue;
    count.findings.push(...findings, ...compareRoots(stored, archive.get(stored.hour)));
    count.hours += 1;
    count.from ??= stored.hour;
    count.to = stored.hour;
    if (root !== undefined)
      await verifyHour({ trail, deps, count, about, tell }, root, archive.get(stored.hour));
    tell(stored.hour);
  }
  count.findings.push(...endOf(chain, about, wanted), ...onlyArchived(archive, count));
  return count;
}

/** One hour more in front, so that the first root's link can be followed. */
function linkedFrom({ since, until }: Wanted, isWhole: boolean) {
  const before = since === undefined || isWhole ? undefined : startOf(since) - 1;
  return { since: before === undefined ? since : hourOf(before as EpochSeconds), until };
}

interface HourVerification {
  readonly trail: RemoteTrail;
  readonly deps: Parameters<typeof checkHour>[0];
  readonly count: Count;
  readonly about: About;
  readonly tell: (hour: AuditHour) => void;
}

async function verifyHour(
  { trail, deps, count, about, tell }: HourVerification,
  root: AuditRoot,
  archived: ArchivedHour | undefined,
): Promise<void> {
  if (root.retainedUntil <= about.now) {
    count.expired += 1;
    return;
  }
  const { hour } = root;
  const check = checkHour(deps, root);
  for await (const texts of trail.records(hour)) {
    count.records += texts.length;
    count.findings.push(...check.add(texts));
    tell(hour);
  }
  const another = check.end();
  if (archived !== undefined) count.archived += 1;
  if (another === undefined) return;
  const witnesses = archived === undefined ? await trail.witnesses(hour) : hashesOf(archived.texts);
  count.findings.push(another, ...compareHour(hour, await readHashes(trail, hour), witnesses));
}

/** Once more: only of an hour that does not fit is anything kept. */
async function readHashes(trail: RemoteTrail, hour: AuditHour): Promise<ReadonlyArray<Witnessed>> {
  const found: Array<Witnessed> = [];
  for await (const texts of trail.records(hour)) found.push(...hashesOf(texts));
  return found;
}

function hashesOf(texts: ReadonlyArray<RecordText>): ReadonlyArray<Witnessed> {
  return texts.map((text) => witness(text, hashOf));
}

/** Who replaced the chain from some hour on signed other roots than were archived. */
function compareRoots({ hour, root }: StoredRoot, archived: ArchivedHour | undefined) {
  if (archived === undefined || archived.root.root === root) return [];
  return [{ what: 'broken-chain', hour } as const];
}

/** Hours of the archive that the table knows nothing of. */
function onlyArchived(
  archive: ReadonlyMap<AuditHour, ArchivedHour>,
  { from, to }: Count,
): ReadonlyArray<Finding> {
  return [...archive.keys()]
    .filter((hour) => from === undefined || to === undefined || hour < from || hour > to)
    .map((hour) => ({ what: 'missing-hour', hour }));
}

function endOf(chain: ChainCheck, { now }: About, { until }: Wanted): ReadonlyArray<Finding> {
  const end = until === undefined ? now : Math.min(now, startOf(nextHour(until)) + 2 * 3600);
  return chain.end(end as EpochSeconds);
}

function createRootVerifier(jwks: JSONWebKeySet): (jws: string) => Promise<SignedRoot | undefined> {
  const keys = createLocalJWKSet(jwks);
  return async (jws) => {
    try {
      const { payload, protectedHeader } = await compactVerify(jws, keys, {
        algorithms: ['ES256'],
      });
      if (protectedHeader.typ !== 'audit-root+jwt') return undefined;
      const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
      return typeof claims === 'object' && claims !== null ? { ...claims } : undefined;
    } catch {
      return undefined;
    }
  };
}
