import { describe, expect, test } from 'vitest';
import { type CallLog, createCallLog } from '../../local/gateway/call-log.ts';

const CALL = {
  region: 'eu-central-1',
  service: 'dynamodb',
  operation: 'GetItem',
  principal: 'domicile-token',
  resource: 'domicile-data-eu',
  items: 1,
  requestId: undefined,
  parentRequestId: undefined,
  callerRegion: undefined,
  depth: undefined,
};

function logOf(calls: number): CallLog {
  const log = createCallLog(() => 0);
  for (let made = 0; made < calls; made += 1) log.begin(CALL).end('ok');
  return log;
}

const seqsSince = (log: CallLog, after: number) => log.since(after).map(({ seq }) => seq);

describe('the call log', () => {
  test('tells of the calls after one, and of none after the last', () => {
    const log = logOf(4);
    expect(seqsSince(log, 0)).toEqual([1, 2, 3, 4]);
    expect(seqsSince(log, 2)).toEqual([3, 4]);
    expect(seqsSince(log, 4)).toEqual([]);
    expect(seqsSince(log, 9)).toEqual([]);
  });

  test('forgets the oldest of thousands, and tells of the others as before', () => {
    const log = logOf(10_050);
    const kept = seqsSince(log, 0);
    expect(kept.length).toBeGreaterThanOrEqual(5_000);
    expect(kept).toEqual(kept.map((_, index) => 10_050 - kept.length + 1 + index));
    expect(seqsSince(log, 10_048)).toEqual([10_049, 10_050]);
  });

  test('keeps counting when it is cleared', () => {
    const log = logOf(3);
    log.clear();
    expect(seqsSince(log, 0)).toEqual([]);
    log.begin(CALL).end('ok');
    expect(seqsSince(log, 0)).toEqual([4]);
    expect(seqsSince(log, 4)).toEqual([]);
  });
});
