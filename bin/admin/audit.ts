import { readFile } from 'node:fs/promises';
import { decodeJwt, type JSONWebKeySet } from 'jose';
import * as z from 'zod/mini';
import { ACT_KINDS } from '../../functions/core/audit/act.ts';
import type { AuditRecord, RecordText } from '../../functions/core/audit/audit-record.ts';
import { type AuditHour, hourOf } from '../../functions/core/audit/hours.ts';
import type { MissingRecord } from '../../functions/core/ports/audit-trail.ts';
import { type EpochSeconds, toEpochSeconds } from '../../functions/core/time.ts';
import { readArchived } from './audit-archive.ts';
import { renderRecords, renderVerified } from './audit-output.ts';
import { type About, createRemoteTrail, type RemoteTrail } from './audit-remote.ts';
import { parseHourOf, parseTime } from './audit-times.ts';
import { verifyTrail } from './audit-verify.ts';
import { connect } from './invoke.ts';
import type { Values } from './metadata.ts';
import { RefusedError, UsageError } from './usage-error.ts';

const FUNCTION = 'domicile-audit';
const DEFAULT_LIMIT = 100;

type Given = Values & Parameters<typeof connect>[0];

/** `audit list`, `show`, `verify`; sets exit code 1 when verification finds anything. */
export async function performOnAudit(
  name: string,
  argument: string | undefined,
  values: Given,
): Promise<string> {
  const now = toEpochSeconds(Date.now());
  if (name === 'list') return list(readQuery(values, now), readLimit(values), values);
  if (name === 'show') return show(parseHourOf(String(argument), now), values);
  return verify(values, now);
}

function readQuery(values: Given, now: EpochSeconds): Readonly<Record<string, unknown>> {
  const { person, actor, kind, since, until } = values;
  if (kind !== undefined && !ACT_KINDS.some((known) => known === kind)) {
    throw new UsageError(`--kind ${kind}: must be one of ${ACT_KINDS.join(', ')}`);
  }
  return {
    ...(person !== undefined && { person }),
    ...(actor !== undefined && { actor }),
    ...(kind !== undefined && { kind }),
    ...(since !== undefined && { since: parseTime('since', String(since), now) }),
    ...(until !== undefined && { until: parseTime('until', String(until), now) }),
  };
}

function readLimit({ limit }: Given): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  if (/^[1-9]\d{0,5}$/.test(String(limit))) return Number(limit);
  throw new UsageError(`--limit ${limit}: must be a whole number from 1`);
}

async function connectToTrail(values: Given): Promise<RemoteTrail> {
  return createRemoteTrail(await connect(values, FUNCTION));
}

async function list(
  query: Readonly<Record<string, unknown>>,
  limit: number,
  values: Given,
): Promise<string> {
  const trail = await connectToTrail(values);
  const records: Array<AuditRecord> = [];
  const missing: Array<MissingRecord> = [];
  let since: EpochSeconds | undefined;
  for await (const page of trail.find(query)) {
    records.push(...page.records);
    missing.push(...page.missing);
    since ??= page.since;
    if (records.length > limit) break;
  }
  const shown = records.slice(0, limit);
  if (values['json'] === true)
    return JSON.stringify({ records: shown, missing, since }, undefined, 2);
  const isCut = records.length > limit;
  return renderRecords(shown, missing, isCut, query['since'] === undefined ? since : undefined);
}

async function show(hour: AuditHour, values: Given): Promise<string> {
  const trail = await connectToTrail(values);
  const texts: Array<RecordText> = [];
  for await (const page of trail.records(hour)) texts.push(...page);
  let root: string | undefined;
  for await (const stored of trail.roots({ since: hour, until: hour })) root = stored.root;
  if (values['json'] === true) {
    return JSON.stringify(
      { hour, root, records: texts.map((text) => JSON.parse(text)) },
      undefined,
      2,
    );
  }
  const sealed =
    root === undefined
      ? `${hour} is not sealed: an hour is, three quarters of an hour after its end.`
      : `${hour} was sealed as\n${JSON.stringify(decodeJwt(root), undefined, 2)}`;
  return [sealed, '', ...texts, `${texts.length} records.`].join('\n');
}

async function verify(values: Given, now: EpochSeconds): Promise<string> {
  const range = readHours(values, now);
  const archive = await Promise.all(
    [values['from-archive'] ?? []].flat().map(String).map(readArchived),
  );
  const pinned = await readKeys(values['jwks']);
  const trail = await connectToTrail(values);
  const about = await trail.about();
  const verified = await verifyTrail(trail, about, {
    ...range,
    archive,
    jwks: pinned ?? keysOf(about),
    progress: (words) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (verified.findings.length > 0) process.exitCode = 1;
  if (values['json'] === true) return JSON.stringify(verified, undefined, 2);
  return renderVerified(verified);
}

/** From the hour of `--since` to the one before `--until`. */
function readHours({ since, until }: Given, now: EpochSeconds) {
  const before = (time: EpochSeconds) => hourOf((time - 1) as EpochSeconds);
  return {
    since: since === undefined ? undefined : parseHourOf(String(since), now),
    until: until === undefined ? undefined : before(parseTime('until', String(until), now)),
  };
}

const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

async function readKeys(file: Values[string]): Promise<JSONWebKeySet | undefined> {
  if (file === undefined) return undefined;
  try {
    return Keys.parse(JSON.parse(await readFile(String(file), 'utf8')));
  } catch {
    throw new UsageError(`--jwks ${file}: is no JSON Web Key Set`);
  }
}

function keysOf({ jwks }: About): JSONWebKeySet {
  const parsed = Keys.safeParse(jwks);
  if (parsed.success) return parsed.data;
  throw new RefusedError('the cell has no evidence key: provisioning has not run');
}
