import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AuditRecord, nameActor } from '../../core/audit/audit-record.ts';
import { isConfidential } from '../../core/audit/confidential.ts';
import { normaliseEmailAddress } from '../../core/email-address.ts';
import type { ExportRecord } from '../../core/exports/sections.ts';
import type { AuditTrail } from '../../core/ports/audit-trail.ts';
import type { Directory } from '../../core/ports/directory.ts';
import type { ReadExportPage } from '../../core/ports/exports.ts';
import type { PrivacyRequest } from '../../core/ports/privacy-requests.ts';
import type { Profiles } from '../../core/ports/profiles.ts';
import { type EpochSeconds, toIsoTime } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { getBatch } from './batch-get.ts';
import { decodeClaim, hashesOf, identifierKey, identifierOf } from './identifier-items.ts';
import type { PrivacyRequestStore } from './privacy-requests.ts';

interface DirectoryReaderDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  readonly profiles: Pick<Profiles, 'find'>;
  readonly directory: Pick<Directory, 'hash'>;
}

/** What the directory holds of a person: the keyed hash of each address, and the cell. Two reads. */
export function createDirectoryReader(deps: DirectoryReaderDeps): ReadExportPage {
  return async ({ sub }) => {
    const account = await deps.profiles.find(sub);
    if (account === undefined) return { records: [] };
    const { email } = account.attributes;
    const hashed = await deps.directory.hash('email', normaliseEmailAddress(email) ?? email);
    const found = await getBatch(deps.dynamo, {
      [deps.directoryTable]: { Keys: hashesOf(hashed).map(identifierKey) },
    });
    const claims = (found.get(deps.directoryTable) ?? []).filter(
      (item) => decodeClaim(item).sub === sub,
    );
    const record = {
      type: 'email',
      value: email,
      isVerified: account.emailVerified,
      directory: claims.map(describeClaim),
    };
    return { records: [{ section: 'identifiers', record }] };
  };
}

function describeClaim(item: Item): ExportRecord {
  const claimedAt = Number(item['createdAt']?.N) as EpochSeconds;
  return {
    keyedHash: identifierOf(item),
    home: decodeClaim(item).cell,
    claimedAt: toIsoTime(claimedAt),
  };
}

/** The person's privacy requests, this one among them, newest first. */
export function createRequestsReader(
  requests: Pick<PrivacyRequestStore, 'history'>,
): ReadExportPage {
  return async ({ sub }, cursor) => {
    const page = await requests.history(sub, cursor === undefined ? undefined : parse(cursor));
    return {
      records: page.requests.map((one) => ({ section: 'requests', record: describe(one) })),
      ...(page.cursor !== undefined && { cursor: JSON.stringify(page.cursor) }),
    };
  };
}

/** A key of strings alone, which JSON takes as it is. */
function parse(cursor: string): Item {
  return JSON.parse(cursor);
}

/** Why an administrator asked is theirs to tell, as with `describeAct`. */
function describe(request: PrivacyRequest): ExportRecord {
  const { requestId, kind, state, actor, reason, history } = request;
  return {
    ...{ requestId, kind, state },
    requestedAt: toIsoTime(request.requestedAt),
    dueAt: toIsoTime(request.dueAt),
    requestedBy: actor.type === 'person' ? 'person' : 'administrator',
    ...(reason !== undefined && actor.type !== 'client' && { reason }),
    history: history.map((entry) => ({ state: entry.state, at: toIsoTime(entry.at) })),
  };
}

/** What the audit trail tells of a person and they may know, newest first; it outlives them. */
export function createActivityReader(trail: Pick<AuditTrail, 'ofPerson'>): ReadExportPage {
  return async ({ sub }, cursor) => {
    const page = await trail.ofPerson(sub, cursor);
    const told = page.records.filter((one) => !isConfidential(one));
    return {
      records: told.map((one) => ({ section: 'activity', record: describeAct(one) })),
      ...(page.cursor !== undefined && { cursor: page.cursor }),
    };
  };
}

/**
 * The network that an administrator's request came from is theirs, and no data of the person; why
 * they looked may be what an investigation must not tell (GDPR Art. 15(4), 23).
 */
function describeAct({ sub, id, kind, actor, object, reason, ...act }: AuditRecord): ExportRecord {
  const { at, from } = act;
  const isOwn = actor.type === 'person' && actor.sub === sub;
  return {
    ...{ id, kind, at: toIsoTime(at), actor: nameActor(actor) },
    ...(object !== undefined && { object }),
    ...(reason !== undefined && actor.type !== 'client' && { reason }),
    ...(from !== undefined && isOwn && { from }),
  };
}
