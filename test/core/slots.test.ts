import { describe, expect, it } from 'vitest';
import {
  chooseSlot,
  type Slot,
  secondsUntilNextTry,
  slotsWithinReach,
} from '../../functions/core/slots.ts';
import { addSeconds } from '../../functions/core/time.ts';
import { NOW } from './client-fixtures.ts';

const first = () => 0;
const me = { holder: 'mine', now: NOW };

const taken = (number: number, holder = 'theirs', seconds = 60): Slot => ({
  number,
  holder,
  leasedUntil: addSeconds(NOW, seconds),
});

describe('turns of a workflow', () => {
  it('are all within reach while one read holds them', () => {
    expect(slotsWithinReach(3, 7)).toEqual([1, 2, 0]);
    expect(slotsWithinReach(1, 0)).toEqual([0]);
  });

  it('beyond that each request has its own hundred, each once', () => {
    const reach = slotsWithinReach(1000, 4_294_967_295);
    expect(reach).toHaveLength(100);
    expect(new Set(reach).size).toBe(100);
    expect(Math.max(...reach)).toBeLessThan(1000);
  });

  it('a free one is taken, at random', () => {
    const slots = [taken(0), { number: 1 }, { number: 2 }];
    expect(chooseSlot(slots, me, first)).toBe(1);
    expect(chooseSlot(slots, me, (limit) => limit - 1)).toBe(2);
  });

  it('one that was taken before a crash is found again', () => {
    expect(chooseSlot([{ number: 0 }, taken(1, 'mine')], me, first)).toBe(1);
  });

  it('one whose lease has ended is free', () => {
    expect(chooseSlot([taken(0, 'theirs', 0)], me, first)).toBe(0);
    expect(chooseSlot([taken(0, 'theirs', 1)], me, first)).toBeUndefined();
  });

  it('none is given beyond their number', () => {
    expect(chooseSlot([taken(0), taken(1)], me, first)).toBeUndefined();
  });

  it('who waits comes back within a minute, and not all at once', () => {
    expect(secondsUntilNextTry(first)).toBe(20);
    expect(secondsUntilNextTry((limit) => limit - 1)).toBe(60);
  });
});
