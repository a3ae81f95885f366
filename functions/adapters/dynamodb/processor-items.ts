import { readTaggedBy } from '../../core/cells.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import type { ToldProcessor } from '../../core/ports/processors.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { requestKey } from './privacy-request-items.ts';

export const PROCESSOR_PREFIX = 'PROCESSOR#';

export function decodeProcessor(item: Item): ToldProcessor {
  const timeOf = (name: string) => {
    const time = item[name]?.N;
    return time === undefined ? undefined : (Number(time) as EpochSeconds);
  };
  const acknowledgedAt = timeOf('acknowledgedAt');
  const overdueAt = timeOf('overdueAt');
  return {
    processorId: (item['sk']?.S ?? '').slice(PROCESSOR_PREFIX.length),
    toldAt: Number(item['toldAt']?.N) as EpochSeconds,
    until: Number(item['until']?.N) as EpochSeconds,
    reminders: Number(item['reminders']?.N),
    ...(acknowledgedAt !== undefined && { acknowledgedAt }),
    ...(overdueAt !== undefined && { overdueAt }),
  };
}

/** Of the records table: how a processor stands with a request. */
export function processorKey(requestId: PrivacyRequestId, processorId: string): Item {
  return { ...requestKey(requestId), sk: { S: PROCESSOR_PREFIX + processorId } };
}

interface Word {
  readonly requestId: PrivacyRequestId;
  readonly processorId: string;
  readonly secret: string;
}

/** Nothing but what `prepare` writes reaches a key. */
export function parseWord(cell: string, acknowledgement: string): Word | undefined {
  const opaque = readTaggedBy(cell, acknowledgement) ?? '';
  const found = /^([\w-]{22})\.([a-z0-9-]{2,40})\.([\w-]{22})$/.exec(opaque);
  const [, requestId, processorId, secret] = found ?? [];
  if (requestId === undefined || processorId === undefined || secret === undefined) {
    return undefined;
  }
  return { requestId: requestId as PrivacyRequestId, processorId, secret };
}
