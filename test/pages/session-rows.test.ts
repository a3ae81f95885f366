import { describe, expect, it } from 'vitest';
import { toSessionRows } from '../../functions/account/session-rows.ts';
import type { SessionId, Sub } from '../../functions/core/ids.ts';
import type { ListedSession } from '../../functions/core/session.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from '../core/client-fixtures.ts';

const MANY: ReadonlyArray<ListedSession> = Array.from({ length: 203 }, (_, index) => ({
  ...{ sub: 'ada' as Sub, sessionId: `session-${index}` as SessionId, amr: ['pwd'] },
  ...{ authTime: NOW, createdAt: NOW, lastSeenAt: addSeconds(NOW, -index) },
  ...{ absoluteExpiresAt: addSeconds(NOW, 3600), sealedUserAgent: `sealed-${index}` },
}));

/** Answers the rows of a list, and which labels were opened for them. */
async function rowsOf(sessions: ReadonlyArray<ListedSession>, current: ListedSession) {
  const opened: Array<string | undefined> = [];
  const rows = await toSessionRows({ sessions, current }, async ({ sealedUserAgent }) => {
    opened.push(sealedUserAgent);
    return sealedUserAgent?.replace('sealed', 'Chrome');
  });
  return { rows, opened };
}

const [first, second] = MANY;
if (first === undefined || second === undefined) throw new Error('there are no sessions');

describe('the rows of sessions', () => {
  it('tell of each what browser it is of, since when, and which one is looked at', async () => {
    const { rows } = await rowsOf([first, second], second);
    expect(rows).toEqual([
      {
        ...{ sessionId: 'session-0', userAgent: 'Chrome-0', createdAt: NOW, lastSeenAt: NOW },
        current: false,
      },
      expect.objectContaining({ sessionId: 'session-1', userAgent: 'Chrome-1', current: true }),
    ]);
  });

  it('open the labels of the 200 that were used last, and show all others without one', async () => {
    const { rows, opened } = await rowsOf(MANY, first);
    expect(rows).toHaveLength(203);
    expect(opened).toEqual(MANY.slice(0, 200).map(({ sealedUserAgent }) => sealedUserAgent));
    expect(rows.slice(199).map(({ userAgent }) => userAgent)).toEqual([
      ...['Chrome-199', undefined, undefined, undefined],
    ]);
  });
});
