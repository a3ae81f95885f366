/** Lines of a person's history of choices: appended, and never changed. */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Acting, ActKind } from '../../core/audit/act.ts';
import type { Sub } from '../../core/ids.ts';
import type { ChoiceEvent, ConsentState } from '../../core/ports/privacy-choices.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { randomToken } from '../crypto/hash.ts';
import { type Item, userPartition } from './account-items.ts';
import { actAttribute, actOf } from './acts.ts';

export const CONSENT_EVENT_PREFIX = 'CONSENT-EVENT#';

/** `<seconds since 1970>-<place in the person's history>-<random>`: finds the entry by itself. */
const EVENT_ID = /^(\d{10})-\d{8}-[\w-]{22}$/;

/** Of the line that comes at this place of the person's history. */
export function newEventId(at: EpochSeconds, place: number): string {
  return `${at}-${String(place).padStart(8, '0')}-${randomToken()}`;
}

/** Undefined for what cannot be an id of ours. Ordered by time, then by the order of writing. */
export function consentEventKey(sub: Sub, eventId: string): Item | undefined {
  const [, seconds] = EVENT_ID.exec(eventId) ?? [];
  if (seconds === undefined) return undefined;
  const at = new Date(Number(seconds) * 1000).toISOString();
  return {
    pk: { S: userPartition(sub) },
    sk: { S: `${CONSENT_EVENT_PREFIX}${at}#${eventId}` },
  };
}

/** Appends a line; nothing in this code changes one, and this write cannot. */
export function putChoiceEvent(
  dataTable: string,
  sub: Sub,
  event: ChoiceEvent,
  acting: Acting,
): TransactWriteItem {
  const { eventId } = event;
  const object = event.kind === 'choice' ? event.purposeId : 'do-not-sell';
  return {
    Put: {
      TableName: dataTable,
      Item: {
        ...consentEventKey(sub, eventId),
        ...marshall({ v: 1, ...event }),
        act: actAttribute(actOf(acting, { kind: actKindOf(event), sub, object })),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

export function decodeChoiceEvent(item: Item): ChoiceEvent {
  const { pk: _pk, sk: _sk, v: _v, act: _act, ...event } = unmarshall(item);
  return event as ChoiceEvent;
}

const ACT_KIND: Readonly<Record<ConsentState, ActKind>> = {
  granted: 'consent.given',
  withdrawn: 'consent.withdrawn',
  objected: 'consent.objected',
  'awaiting-parent': 'consent.parent-asked',
};

function actKindOf(event: ChoiceEvent): ActKind {
  if (event.kind === 'do-not-sell') return 'preferences.changed';
  return event.method === 'parent' ? 'consent.parent-answered' : ACT_KIND[event.state];
}
