import { expect, test } from 'vitest';
import { actAttribute, readAct } from '../../functions/adapters/dynamodb/acts.ts';
import type { Act, Actor } from '../../functions/core/audit/act.ts';
import type { ClientId, Sub } from '../../functions/core/ids.ts';
import type { EpochSeconds } from '../../functions/core/time.ts';

const sub = 'ada' as Sub;
const clientId = 'app' as ClientId;

test.each<Actor>([
  { type: 'person', sub },
  { type: 'person', sub, clientId },
  { type: 'client', clientId },
  { type: 'system', name: 'erasure' },
  { type: 'anonymous' },
])('an act is read as it was written: by $type', (actor) => {
  const act: Act = { id: 'id', kind: 'consent.given', actor, sub, at: 1 as EpochSeconds };
  expect(readAct({ act: actAttribute(act) })).toEqual(act);
});

test('of somebody of no kind that we know, no act is read', () => {
  const act = {
    M: {
      ...actAttribute({
        id: 'id',
        kind: 'consent.given',
        actor: { type: 'anonymous' },
        at: 1 as EpochSeconds,
      }).M,
      actor: { M: { type: { S: 'robot' } } },
    },
  };
  expect(() => readAct({ act })).toThrow('an act without an actor');
});
