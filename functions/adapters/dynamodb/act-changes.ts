import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import { InvariantError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { derivedId } from '../crypto/hash.ts';
import { readAct } from './acts.ts';
import { isSession, sessionIdOf } from './session-items.ts';

type Image = Readonly<Record<string, AttributeValue>>;

/** One record of a table's stream. */
export interface Change {
  /** Unique in the region; the same however often the record is delivered. */
  readonly eventId: string;
  readonly at: EpochSeconds;
  readonly isTimeToLive: boolean;
  readonly newImage: Image | undefined;
  readonly oldImage: Image | undefined;
}

/** The act that a write carries, or tells of; undefined for most. Throws for what is no act. */
export function findAct(change: Change): Act | undefined {
  const { newImage, oldImage, isTimeToLive } = change;
  if (newImage === undefined) return isTimeToLive ? findExpiry(change) : undefined;
  const act = readAct(newImage);
  // Written for another reason, with the act of an earlier write still in it.
  if (act === undefined || act.id === oldImage?.['act']?.M?.['id']?.S) return undefined;
  return act.kind === 'sign-in.tried' && isExhausted(newImage)
    ? { ...act, kind: 'sign-in.locked' }
    : act;
}

/** Nobody ends a session by leaving it alone: its item goes, and with it whatever could carry an act. */
function findExpiry({ eventId, at, oldImage }: Change): Act | undefined {
  if (oldImage === undefined || !isSession(oldImage)) return undefined;
  const sub = oldImage['pk']?.S?.slice('USER#'.length);
  if (sub === undefined) throw new InvariantError('a session of nobody');
  return {
    // Follows from the event, so that its delivery can be repeated.
    id: derivedId(eventId),
    kind: 'session.ended',
    actor: { type: 'system', name: 'expiry' },
    sub: sub as Sub,
    object: sessionIdOf(oldImage),
    at,
  };
}

/** Of a counter (`windowed-counters.ts`): no further one passes until its window ends. */
function isExhausted(image: Image): boolean {
  return image['limit']?.N !== undefined && Number(image['count']?.N) >= Number(image['limit'].N);
}
